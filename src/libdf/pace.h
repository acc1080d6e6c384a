#ifndef PACE_H
#define PACE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

/* Writing at a bounded rate, in slices of a sixteenth of a second. What was not
 * used is lost, but for the last quarter of a second: so the rate is kept by a
 * process that now and then does not run. */
struct pace {
  uint64_t rate; /* bytes a second, at least 1; 0: no bound */
  uint64_t next; /* microseconds of clock_ms: when the next byte may go */
};

void pace_start(struct pace *p, uint64_t rate);

/* How long to wait before anything may be written, in ms; 0: it may now. */
int pace_wait(struct pace *p);

/* Waits for that. 0: go on; 1: fd (-1: none) can be read first; -1 errno. */
int pace_hold(struct pace *p, int fd);

/* So many bytes at most may be written then; so many were. */
size_t pace_room(const struct pace *p);
void pace_took(struct pace *p, size_t bytes);

/* writev(2) of no more than that; v is moved on behind what was written. */
ssize_t pace_write(struct pace *p, int fd, struct iovec *v, int n);

#endif
