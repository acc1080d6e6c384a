#ifndef RELAY_H
#define RELAY_H

#include "list.h"
#include "spool.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Starting dfrelay (dfrelay(8)) for one target of a stream. */
#define RELAY_PER_TARGET 4
/* Exit code: fewer chunks at a time may go through. */
#define RELAY_REFUSED 99

struct relay {
  const struct spool *spool; /* its orders are followed */
  const char *id;
  unsigned int timeout, connect_timeout, relays; /* -t, -T, -n */
  uint64_t rate;                                 /* -r; 0: no bound */
  int whole; /* a reset is the target's failure, however many chunks: dfrelay -w
              */
  int lock;  /* a descriptor that it shall hold too; 0: none */
};

/* What they are without options. */
#define RELAY_LIMITS .timeout = 30, .connect_timeout = 3, .relays = 64

/* The options -t, -T, -n and -r of dfserve, dfretry and dfrelay. 1: taken; 0:
 * another option, or a bad argument. */
int relay_option(struct relay *r, int option, const char *argument);

/* number: of the target in the commits; e: where to; what is sent on is e's
 * branch, then rest. Its process number; 0: too many relays run already; -1
 * errno. */
pid_t relay_start(const struct relay *r, uint32_t number, const struct entry *e,
                  const char *rest, size_t rest_len);

#endif
