#ifndef LISTED_H
#define LISTED_H

#include "indexfile.h"
#include "latest.h"
#include "text.h"

#include <stddef.h>
#include <stdint.h>

/* Which chunks the delta says are here: looked up in index.json, which is in
 * order, and in what the delta has since then. */
struct listed {
  struct text index, delta; /* mapped */
  size_t first, end;        /* the records of index.json that count */
  struct latest since;
};

/* For the state that status.json tells. Reads as much of the delta as
 * index.json is behind, all of it if index.json is of another epoch; memory as
 * in latest.h. 0; -1: errno, nothing is to be closed. */
int listed_open(struct listed *l, const struct index *in);
void listed_close(struct listed *l);

/* 1: the chunk (32 hex digits) is here, *length bytes long; 0: not; -1: EPROTO
 */
int listed_find(const struct listed *l, const char *md5, uint64_t *length);

#endif
