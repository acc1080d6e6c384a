#ifndef BACKUP_H
#define BACKUP_H

#include "header.h"

/* Backup-Host lines of a header under construction, each host once: addresses
 * compare as addresses, names without case. 1; 0: over a header's limits. */
int backup_add(struct header_text *t, const char *host);

/* 1: the same host in that sense. */
int backup_same(const char *a, const char *b);

/* Every host of a list that was checked, in its order. */
int backup_add_list(struct header_text *t, const char *list, size_t len);

#endif
