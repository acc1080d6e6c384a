#ifndef LISTFILE_H
#define LISTFILE_H

#include "list.h"

/* Reads a replicate list's file (protocol.md section 4), magic taken off and
 * checked, into list. 0: good, *len is its length; else what is wrong, a short
 * constant; errno is 0 where that is all there is to say. */
const char *listfile_read(const char *name, char list[LIST_MAX], size_t *len);

#endif
