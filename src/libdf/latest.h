#ifndef LATEST_H
#define LATEST_H

#include "digest.h"
#include "text.h"

#include <stddef.h>
#include <stdint.h>

/* Which chunks some lines of a delta speak of, and where last: 24 bytes for
 * each line while they are read. */
struct latest_record {
  unsigned char md5[MD5_HEX / 2];
  uint64_t at; /* offset of the line */
};

struct latest {
  struct latest_record *record; /* n of them, sorted, each chunk once */
  size_t n, room;
};

/* Reads the delta from byte at on. 0; -1: errno (EPROTO: a line is no record).
 */
int latest_collect(struct latest *l, const struct text *delta, size_t at);

/* 1: they speak of the chunk of this record; 0: not; -1: EPROTO. */
int latest_has(const struct latest *l, const struct text *record);

void latest_free(struct latest *l);

#endif
