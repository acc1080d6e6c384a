#ifndef SOURCE_H
#define SOURCE_H

#include "header.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* A chunk's data from a file or a pipe. */
struct source {
  int fd;
  int is_file;    /* reading never waits */
  int has_length; /* it is known before: exactly so much is read */
  uint64_t length, left;
};

/* Takes the open descriptor. The length of a regular file is what follows the
 * file offset; one that says it is empty (as those in /proc do) is read to its
 * end, whatever there is. 0; -1 errno. */
int source_take(struct source *s, int fd);

/* Opens the file. 0; -1 errno. */
int source_open(struct source *s, const char *name);

/* Up to len bytes: how many; 0: the data is complete; -1: errno, 0: the file
 * became shorter than it was. */
ssize_t source_read(struct source *s, void *p, size_t len);

/* All of it, at most max bytes: how many; -1 as source_read. */
ssize_t source_all(struct source *s, char *p, size_t max);

/* Reads it to its end: length and digests in *t. 0; -1 as source_read. */
int source_digest(struct source *s, int want_sha256, struct trailer *t);

void source_close(struct source *s);

#endif
