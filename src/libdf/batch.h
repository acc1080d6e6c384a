#ifndef BATCH_H
#define BATCH_H

#include "digest.h"
#include "expired.h"

#include <stddef.h>
#include <stdint.h>

/* Chunks that a step of dfexpire is about, so many at a time. */
#define BATCH_MAX 4096

struct batch_chunk {
  char md5[MD5_HEX + 1];
  int held; /* it may not go yet */
  struct expired_at at;
  uint64_t bytes;
};

struct batch {
  size_t n, seen;
  size_t skip; /* how many were held in earlier batches: they are passed over */
  struct batch_chunk chunk[BATCH_MAX];
};

/* Begins with the next ones; skip stays as it is. */
void batch_clear(struct batch *b);

/* Adds one; at 0: none. 1: it is full; 0. */
int batch_add(struct batch *b, const char *md5, const struct expired_at *at,
              uint64_t bytes);

/* Sorts, and finds out which of them commits hold (held.h). How many may go;
 * -1: errno. */
long batch_hold(struct batch *b);

#endif
