#ifndef NAMES_H
#define NAMES_H

#include <limits.h>
#include <stddef.h>

/* File names that a descriptor delivers, each ended by a NUL byte (the last one
 * may lack it), as find -print0 writes them. */
struct names {
  int fd;
  int eof;
  size_t pos, len;
  char buf[8192];
  char name[PATH_MAX]; /* the last one */
};

void names_start(struct names *n, int fd);

/* 1: in n->name; 0: no more; -1: errno (ENAMETOOLONG: PATH_MAX or longer; it is
 * skipped, n->name has its beginning). */
int names_next(struct names *n);

#endif
