#ifndef PASSING_H
#define PASSING_H

#include "commit.h"
#include "header.h"
#include "spool.h"

#include <stdint.h>

/* A chunk that is passed on: its header and, where they are known already, its
 * trailer and its data. */
struct passing {
  char header[HEADER_MAX];
  size_t header_len;
  struct trailer trailer;
  int has_trailer;
  int fd;        /* its data; -1: none, or it cannot be sent */
  int alone;     /* a header alone: no data is sent */
  int pointless; /* nobody has a duty for it: it is given up */
};

/* All: 1; 0: there is no such chunk any more (header is not known: nothing can
 * be sent of it); -1 errno. Where only the data cannot be had, fd is -1. */

/* A stored chunk; of its header what a stream may have (protocol.md section 3):
 * the first key, neither Stored nor Taken. */
int passing_stored(struct passing *p, const char *md5);

/* A chunk of a commit, header as it came. */
int passing_commit(struct passing *p, const char *name, uint32_t index);

/* A spool file, NAME as in orders: STREAM/NUMBER. It may be whole and placed by
 * now. */
int passing_spool(struct passing *p, const char *name);

/* Looks again for the trailer of a spool file: 1; 0: not there yet; -1. */
int passing_trailer(struct passing *p, const char *name);

void passing_close(struct passing *p);

#endif
