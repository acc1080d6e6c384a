#ifndef SENDER_H
#define SENDER_H

#include "header.h"
#include "pace.h"

#include <stddef.h>
#include <stdint.h>

/* Writing a stream (protocol.md section 2) to a server on descriptors 6 and 7
 * (UCSPI-1996), under the sender rule of reliability.md section 2. The first
 * error is final: all later calls fail. */
#define SENDER_HELD 65536

struct sender {
  int in, out; /* 6, 7 */
  int is_tcp;  /* both are TCP sockets: the end of the connection tells */
  int watch;   /* in is a socket: what it says before our end is an error */
  int failed;
  int ended;            /* the server ended or reset the connection */
  unsigned int timeout; /* seconds without progress */
  uint64_t bytes;       /* sent so far */
  const char *why;      /* what went wrong, a short constant */
  int error;            /* errno where it says more than why, else 0 */
  struct pace pace;     /* where the kernel does not do it */
  size_t held_len;
  char held[SENDER_HELD]; /* what waits for more to go with it */
  void (*progress)(void *context, uint64_t bytes); /* may be 0 */
  void *context;
};

/* Takes the descriptors: no blocking, linger {on, 0 s}, keepalive (30 s, 10 s,
 * 3 times). 0; -1: not open. */
int sender_start(struct sender *s, unsigned int timeout);

/* From now on at most so many bytes a second (not 0), on an average over a few
 * seconds. */
void sender_pace(struct sender *s, uint64_t rate);

/* All return 0; -1: failed, s->why and s->error say why. Small things are held
 * until there is more, or until sender_idle, sender_wait or sender_end: there
 * at the latest a failure is seen. */

/* NS("DF1") NS(id) NS(list) */
int sender_begin(struct sender *s, const char *id, const char *list,
                 size_t list_len);
int sender_header(struct sender *s, const char *header, size_t len);
int sender_block(struct sender *s, const void *p, size_t len);
/* A block of the file's bytes from at on, len of them, 1 to 16777216. 1: they
 * could not be read (errno): the chunk must be given up. */
int sender_file(struct sender *s, int fd, uint64_t at, size_t len);
/* NS("") NS(trailer); t 0: the chunk is given up. */
int sender_trailer(struct sender *s, const struct trailer *t);

/* While there is nothing to send: 0, -1 if the server has ended or reset the
 * connection. */
int sender_idle(struct sender *s);

/* Waits until fd can be read, however long. 0; -1: the server came first. */
int sender_wait(struct sender *s, int fd);

/* End mark, half-close, and the wait (patience seconds) for the orderly end. 0:
 * the server has taken every chunk (as far as the end of a connection tells).
 */
int sender_end(struct sender *s, unsigned int patience);

#endif
