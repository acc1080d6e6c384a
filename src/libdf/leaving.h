#ifndef LEAVING_H
#define LEAVING_H

#include "going.h"

#include <stddef.h>

/* dfpublish's part in the going of chunks (going.h): it takes away what is
 * public, in the order record, keys, header; the data is not its own. */
struct leaving_chunk {
  char md5[MD5_HEX + 1];
  unsigned char stages; /* a bit each */
  unsigned char stays;  /* a push has brought it again, or it is good again */
  char reason[GOING_REASON]; /* of GOING_ASKED, else "" */
};

struct leaving {
  struct leaving_chunk *chunk; /* n of them, sorted */
  size_t n, room;
};

/* Reads what is marked. 0; -1. */
int leaving_load(struct leaving *l);

/* What is marked, and does not stay: such a chunk has no record. 0: none. */
struct leaving_chunk *leaving_find(const struct leaving *l, const char *md5);

/* 1: somebody has asked for its record to go. */
int leaving_asked(const struct leaving_chunk *c);

/* 1: of some chunk the record goes in this run. */
int leaving_any(const struct leaving *l);

/* Takes the marks of what stays away, durably. 0; -1. */
int leaving_apply(struct leaving *l);

/* After the records have gone: GOING_ASKED becomes GOING_UNLISTED. The keys of
 * what is corrupt go before; of what is GOING_OUT keys and header go. All of it
 * is durable. 0; -1: *md5 is the chunk that it was about, or "". */
int leaving_finish(struct leaving *l, const char **md5);

#endif
