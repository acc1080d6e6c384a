#ifndef TAKEN_H
#define TAKEN_H

#include "group.h"

/* Finds for the group's chunks that were here already whether they were taken
 * with the same MD5, Stamp and list: in the commits, then in the stored header
 * (protocol.md section 2). Sets taken, taken_name, taken_index
 * and kept. 0; -1. */
int taken_find(struct group *g);

#endif
