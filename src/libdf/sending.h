#ifndef SENDING_H
#define SENDING_H

#include "sender.h"

#include <poll.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes on their way to a sender's server: waiting, time-outs, errors. Small
 * ones are held, so that many chunks go in few pieces; a file's go from the
 * page cache (sendfile), or through s->held where the kernel cannot do that.
 * All but sending_await and sending_file return 0; -1: failed, s->why says why.
 */

/* The first failure stays. error: errno, 0: it says no more than why. */
int sending_fail(struct sender *s, const char *why, int error);

/* The server's doing, not the network's or ours. */
int sending_ended(struct sender *s, const char *why);

/* A call on the connection failed with this errno. */
int sending_lost(struct sender *s, const char *why, int error);

/* poll(), until an event or until for ms milliseconds (negative: no limit)
 * nothing has happened and the peer has acknowledged nothing. How many events;
 * 0: that limit; -1. */
int sending_await(struct sender *s, struct pollfd *p, nfds_t n, int64_t ms);

/* s->in can be read before our end: an error, unless there was nothing. */
int sending_spoke(struct sender *s);

/* before, as it is, then NS(p), held or written. */
int sending_netstring(struct sender *s, const char *before, const void *p,
                      size_t len);

/* Writes what is held. */
int sending_flush(struct sender *s);

/* NS of the file's bytes from at on, len of them, 1 to 99999999. 0; -1; 1: they
 * could not be read (errno; EIO: the file is shorter), zeros were sent for
 * what lacks: the chunk must be given up. */
int sending_file(struct sender *s, int fd, uint64_t at, size_t len);

#endif
