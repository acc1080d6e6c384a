#ifndef INPUT_H
#define INPUT_H

#include "twin.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Reading a client's bytes: time-outs, least rate, pace; input_read is a
 * stream_op. */
#define INPUT_LEAST 1024  /* bytes a second over a minute */
#define INPUT_PACE 65536  /* bytes a second of a later twin */
#define INPUT_PATIENCE 20 /* times the time-out, between chunks */

struct input {
  int fd;
  unsigned int timeout; /* seconds without a byte */
  int between;       /* 1: between two chunks, the sender may be committing */
  struct twin *twin; /* 0: not known yet */
  /* Called before a read that would wait: -1 ends the reading with its errno.
   */
  int (*idle)(void *context);
  void *context;
  int slow; /* the time-out was the least rate's */
  uint64_t bytes;
  uint64_t waited_ms,
      waited_from; /* since the last look at the rate; bytes then */
};

ssize_t input_read(void *input, void *p, size_t len);

#endif
