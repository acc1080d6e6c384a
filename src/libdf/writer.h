#ifndef WRITER_H
#define WRITER_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Buffered writing to a file. The first error is final: all later calls fail.
 */
struct writer {
  int fd;
  int error;      /* errno of the first failure; 0: none */
  uint64_t bytes; /* put so far */
  size_t len;
  char buf[16384];
};

/* Makes the file anew. The name is one that no other process uses. 0; -1. */
int writer_create(struct writer *w, const char *name, mode_t mode);

/* Goes on in an open file. */
void writer_start(struct writer *w, int fd);

/* A file below .df/tmp (file_create), its name in tmp; then writer_replace or
 * writer_drop. 0; -1. */
int writer_begin(struct writer *w, char tmp[64], mode_t mode);

/* Takes back all that was put. 0; -1. */
int writer_restart(struct writer *w);

/* 0; -1: errno. */
int writer_put(struct writer *w, const void *p, size_t len);
int writer_puts(struct writer *w, const char *s);

/* Writes what is left and syncs the file. 0; -1: errno. */
int writer_sync(struct writer *w);

/* As writer_sync, for a file that writer_create made: closes it, and removes it
 * after a failure. */
int writer_finish(struct writer *w, const char *tmp);

/* Syncs it, gives it its name, replacing what is there, and closes it; after a
 * failure it is removed. The directory is not synced. 0; -1. */
int writer_replace(struct writer *w, const char *tmp, const char *name);

/* Closes and removes it; errno stays. */
void writer_drop(struct writer *w, const char *tmp);

/* rename; the file is removed after a failure. 0; -1. */
int writer_place(const char *tmp, const char *name);

#endif
