#ifndef WANTS_H
#define WANTS_H

#include <stddef.h>

/* What is looked for in a target's published index: chunks taken with a Stamp
 * and a list (protocol.md sections 5 and 6). */
#define WANTS_MAX 524288 /* so many at once: 24 MiB */

struct want {
  unsigned char md5[16], stamp[12], list[16];
  unsigned char seen;
};

/* All zero at first. */
struct wants {
  struct want *w;
  size_t n, max;
  size_t missing; /* not seen yet; true from wants_sort on */
};

/* Adds one: MD5 of the chunk, Stamp (a label), MD5 of the list. 1; 0: there are
 * WANTS_MAX already; -1: no memory. */
int wants_add(struct wants *w, const char *md5, const char *stamp,
              const char *list_md5);

/* To be called when all have been added. */
void wants_sort(struct wants *w);

/* One line of a delta or of an index's chunks, without its newline and comma:
 * marks what it says is taken; what is gone since because it was corrupt is
 * missing again. 0; -1: it is no such record. */
int wants_record(struct wants *w, const char *line, size_t len);

/* 1: it was added and seen; 0. */
int wants_seen(const struct wants *w, const char *md5, const char *stamp,
               const char *list_md5);

void wants_free(struct wants *w);

#endif
