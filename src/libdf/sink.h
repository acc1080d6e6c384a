#ifndef SINK_H
#define SINK_H

#include <limits.h>
#include <stddef.h>
#include <sys/types.h>

/* Where a download goes, so that as much of it as possible can be taken back
 * while it is not known to be right. */
#define SINK_HOLD 1048576 /* bytes that are held back before a pipe gets any   \
                           */

enum sink_kind {
  SINK_BESIDE, /* a file beside its name: all can be taken back */
  SINK_END,    /* the end of a regular file: all can be taken back */
  SINK_FLOW    /* all else: what is held can be taken back */
};

struct sink {
  enum sink_kind kind;
  int fd;
  off_t start;
  const char *name;
  char tmp[PATH_MAX]; /* of SINK_BESIDE, while it is there; else "" */
  int is_out;         /* something has left through SINK_FLOW */
  size_t held;
  char hold[SINK_HOLD];
};

/* All return 0; -1 errno. */

/* The file name, replaced by sink_end. */
int sink_file(struct sink *s, const char *name);

/* A descriptor as it stands: SINK_END where it is at the end of a regular
 * file. */
int sink_descriptor(struct sink *s, int fd);

int sink_write(struct sink *s, const void *p, size_t len);

/* Takes back all that was written; EALREADY: some has left. */
int sink_undo(struct sink *s);

/* All is written and right. A file gets this mode and its name. */
int sink_end(struct sink *s, mode_t mode);

/* Gives it up: undo, and the file beside is removed. */
int sink_give_up(struct sink *s);

#endif
