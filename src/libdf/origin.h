#ifndef ORIGIN_H
#define ORIGIN_H

#include "header.h"

/* Why a header cannot be made. */
#define ORIGIN_LIMITS                                                          \
  "the header would be over 16384 bytes or 256 lines: too many backup hosts"

/* The header of a chunk as its first sender makes it. */
struct origin {
  const char *host;
  struct header_text backups; /* Backup-Host lines (backup.h) */
  int sha256;                 /* a SHA-256 will follow in the trailer */
  uint64_t cache_time, ttl;
  int has_cache_time, has_ttl;
};

/* key 0: none; length 0 pointer: not known. 1; 0: over a header's limits. */
int origin_header(struct header_text *out, const struct origin *o,
                  const char *key, const uint64_t *length);

/* 1: a header with this key, and a ticket, keep within the limits. */
int origin_fits(const struct origin *o, const char *key, int with_ticket);

#endif
