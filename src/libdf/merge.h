#ifndef MERGE_H
#define MERGE_H

#include "header.h"

#include <stddef.h>
#include <stdint.h>

/* The stored header of a chunk from the pushes that brought it: protocol.md
 * section 3 ("A chunk that is already stored") and section 5 (head/). */

struct merge_push {
  const char *header; /* as it came */
  size_t header_len;
  const char *md5; /* 32 digits */
  uint64_t length;
  const char *sha256; /* 64 digits or none */
  size_t sha256_len;
  const char *stored;   /* label: when this host stored it */
  const char *list_md5; /* 32 digits: MD5 of the list it came with */
};

/* Puts into *out the stored header old (of old_len bytes; 0: none) merged with
 * the push. Merging the same again changes nothing. *dropped: how many lines
 * had no room. 0; else what is wrong with the push, a short constant (old has
 * to be a good stored header). */
const char *merge(struct header_text *out, const char *old, size_t old_len,
                  const struct merge_push *push, unsigned int *dropped);

/* 1: two stored headers have the same record: they differ in the nanoseconds of
 * Stored at most. */
int merge_alike(const char *a, size_t a_len, const char *b, size_t b_len);

/* The life that ends later, as Cache-Time counted from the newer Stamp. old 0:
 * none. 1: in *u; 0: no end. */
int merge_cache_time(const struct header *young, const struct header *old,
                     uint64_t *u);

/* 1: a line of a header that its Stamp alone decides about, with no meaning
 * here: "any other" of protocol.md section 3. */
int merge_is_other(const struct field *f);

/* 1: the header has a line of this name and value; 0: it has not. Values of
 * host lines are compared without case. */
int merge_has(const char *h, size_t len, const char *name, const char *value,
              size_t value_len);

#endif
