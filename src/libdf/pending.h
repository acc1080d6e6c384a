#ifndef PENDING_H
#define PENDING_H

#include "commit.h"

#include <stddef.h>
#include <stdint.h>
#include <stralloc.h>

/* What is still to be sent, by target: protocol.md section 6, "pending". */
struct pending_target {
  char *text;
  uint64_t chunks, bytes;
  uint64_t given_up; /* of the chunks: nobody tries any more */
  char oldest[LABEL_LEN + 1];
};

struct pending {
  struct pending_target *target; /* sorted by text */
  size_t n, room;
};

/* Adds the open duties (T, B) of a commit and those given up (X). 1: it has
 * some; 0: none; -1 errno (EPROTO: no commit). */
int pending_add(struct pending *p, const struct commit *c);

/* The same of all commits of the store. 0; -1 errno. */
int pending_load(struct pending *p);

/* Appends the array's objects; tries and last_error as in trying.h,
 * "given up" where that is so. 0; -1. */
int pending_put(stralloc *out, const struct pending *p);

#endif
