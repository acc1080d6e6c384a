#ifndef LATEST_H
#define LATEST_H

#include "digest.h"
#include "text.h"

#include <stddef.h>
#include <stdint.h>

/* Which chunks some lines of a delta speak of, and where last: 24 bytes for
 * each line while they are read. */
#define LATEST_MD5 (MD5_HEX / 2)

struct latest_record {
  unsigned char md5[LATEST_MD5];
  uint64_t at; /* offset of the line */
};

struct latest {
  struct latest_record *record; /* n of them, sorted, each chunk once */
  size_t n, room;
};

/* Reads the delta from byte at on. 0; -1: errno (EPROTO: a line is no record).
 */
int latest_collect(struct latest *l, const struct text *delta, size_t at);

/* 32 hex digits as bytes. 0; -1: EPROTO. */
int latest_scan(const char *hex, unsigned char md5[LATEST_MD5]);

/* The MD5 that a line speaks of. 0; -1: EPROTO. */
int latest_md5(const struct text *line, unsigned char md5[LATEST_MD5]);

/* Where they speak of this chunk last; 0: they do not. */
const struct latest_record *latest_find(const struct latest *l,
                                        const unsigned char md5[LATEST_MD5]);

void latest_free(struct latest *l);

#endif
