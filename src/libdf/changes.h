#ifndef CHANGES_H
#define CHANGES_H

#include "digest.h"

#include <stddef.h>

/* The chunks whose records a run of dfpublish changes: 16 bytes each. They
 * stand in the file .df/publishing from before the first public change until
 * all is published, so a run that was cut is made good by the next. */
#define CHANGES_FILE ".df/publishing"

struct changes {
  unsigned char *md5; /* n of 16 bytes */
  size_t n, room;
  int all; /* everything is to be published anew */
};

/* Adds a chunk (32 hex digits; anything else: EPROTO). 0; -1. */
int changes_add(struct changes *c, const char *md5);

/* Sorts, each chunk once; then changes_get gives the ith, NUL-terminated. */
void changes_sort(struct changes *c);
void changes_get(const struct changes *c, size_t i, char md5[MD5_HEX + 1]);

/* Adds what the file has; what a killed run left half-written is removed. 1; 0:
 * there is no file; -1: errno (EPROTO: it is none of ours). */
int changes_load(struct changes *c);

/* Writes the file, durably. 0; -1. */
int changes_save(const struct changes *c);

#endif
