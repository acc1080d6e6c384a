#ifndef CACHEFILE_H
#define CACHEFILE_H

#include <limits.h>

/* Files that may be gone at any time, below $XDG_CACHE_HOME/dataflow, where
 * that is no absolute path below $HOME/.cache/dataflow (XDG base directory
 * specification). */
struct cachefile {
  char name[PATH_MAX];
  char new[PATH_MAX]; /* what is being written */
  int fd;             /* of that */
};

/* Makes the directories. 1: c has the names; 0: there is no place for it. */
int cachefile_name(struct cachefile *c, const char *name);

/* Opens it for reading. The descriptor; -1: errno. */
int cachefile_open(const struct cachefile *c);

/* Begins a new one in c->fd. 1; 0: another process is writing it; -1: errno. */
int cachefile_begin(struct cachefile *c);

/* Puts it in place of the old one at once, or, where good is 0, drops it. 0;
 * -1: errno. */
int cachefile_end(struct cachefile *c, int good);

#endif
