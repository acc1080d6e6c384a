#ifndef STREAM_H
#define STREAM_H

#include "header.h"
#include "list.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Reading a stream (protocol.md section 2) through an op; no allocation of a
 * size that came from the wire. */
#define STREAM_ID 32
#define STREAM_BLOCK 16777216
#define STREAM_BUFFER 262144

/* Reads up to len bytes: how many; 0 end of file; -1 failure, errno. */
typedef ssize_t (*stream_op)(void *context, void *p, size_t len);

struct stream {
  stream_op op;
  void *context;
  uint64_t bytes;  /* read so far */
  const char *why; /* what went wrong, a short constant */
  int cut;         /* 1: end of file or failure (errno), 0: broken */
  size_t pos, len; /* what is in the buffer and not used yet */
  size_t block;    /* bytes of the block that are still to come */
  int in_block;    /* its comma has not been read yet */
  char buf[STREAM_BUFFER];
};

void stream_start(struct stream *s, stream_op op, void *context);

/* All return 1; -1: the stream ends here, s->why and s->cut say why.
 * They are called in this order: begin, then for each chunk header, data until
 * it returns 0, trailer; header returns 0 at the end mark, then stream_eof. */

/* The first three netstrings. list has room for LIST_MAX bytes. */
int stream_begin(struct stream *s, char id[STREAM_ID + 1], char *list,
                 size_t *list_len);

/* The next header, form checked: 1; 0: the end mark. */
int stream_header(struct stream *s, char header[HEADER_MAX], size_t *len,
                  struct header *h);

/* Some data of the chunk, in s's buffer until the next call: 1; 0: no more. */
int stream_data(struct stream *s, const char **p, size_t *len);

/* The trailer, form checked: 1; 0: the sender gave this chunk up. */
int stream_trailer(struct stream *s, struct trailer *t);

/* Waits for the end of file: 1. */
int stream_eof(struct stream *s);

/* 1: there are bytes in the buffer already. */
int stream_ready(const struct stream *s);

#endif
