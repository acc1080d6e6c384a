#ifndef RECORD_H
#define RECORD_H

#include <stddef.h>
#include <stdint.h>
#include <stralloc.h>

/* Appends the record of a stored header: one JSON object (protocol.md section
 * 6) without a newline. keys are those whose public links lead to the chunk. 1;
 * 0: not a good stored header (nothing is appended); -1: errno. */
int record_put(stralloc *out, const char *header, size_t len);

/* Appends the record of a chunk that goes now: its 32 digits, and why
 * (going.h). 0; -1. */
int record_gone(stralloc *out, const char *md5, const char *reason);

/* Appends ISO date of Unix seconds, as a string. 0; -1. */
int record_date(stralloc *out, int64_t seconds);

#endif
