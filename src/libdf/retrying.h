#ifndef RETRYING_H
#define RETRYING_H

#include "relay.h"
#include "work.h"

#include <stdint.h>
#include <sys/types.h>

/* One target of dfretry: what it is sent and when. */
#define RETRYING_FIRST 15 /* seconds after a failure; doubled up to ... */
#define RETRYING_LAST 3600
#define RETRYING_RANGES 40
#define RETRYING_VAIN 4 /* then the target refuses all: it has failed */
#define RETRYING_REFUSED                                                       \
  1024 /* chunks remembered with a back-off of their own */

struct refused_chunk {
  struct work_item item;
  uint64_t next; /* clock_ms */
  unsigned int tries;
};

struct retrying {
  char *target;
  int seen;           /* it had duties at the last look */
  uint64_t next;      /* clock_ms: not before */
  unsigned int tries; /* in vain */
  uint64_t busy; /* since when too many relays have run for it; 0: they don't */
  char last[LABEL_LEN + 1]; /* what is stored later is new */
  pid_t pid;                /* of the relay that runs; 0: none */
  int looking;              /* it is dfreceipt that runs */
  uint64_t looked;          /* clock_ms: when it ended; 0: never */
  int lock;                 /* against another dfretry; 0: none */
  int working;              /* work and ranges are in use */
  struct work work;
  struct { /* to be sent yet, the last first; halved after a reset */
    uint32_t from, to;
  } range[RETRYING_RANGES];
  unsigned int ranges;
  unsigned int vain; /* single chunks refused in a row */
  struct refused_chunk *refused;
  unsigned int n_refused;
};

/* Back-off in ms after so many tries in vain, with jitter of a quarter. */
uint64_t retrying_backoff(unsigned int tries);

/* The back-off that another process began (trying.h). */
void retrying_resume(struct retrying *t);

/* Where $DFURL asks for receipts and none were looked for of late: starts
 * dfreceipt. Its process number; 0: nothing is to be looked for now; -1 errno.
 */
pid_t retrying_look(struct retrying *t, const struct relay *limits);

/* dfreceipt has ended. */
void retrying_looked(struct retrying *t);

/* Begins with what is to do, unless somebody else does. 1: retrying_send may be
 * called; 0: nothing is to do now; -1 errno. */
int retrying_begin(struct retrying *t);

/* Starts a relay for the next range; id is made anew. Its process number; 0:
 * too many relays run; -1 errno. */
pid_t retrying_send(struct retrying *t, const struct relay *limits);

/* None could be started now: begins again in ms. */
void retrying_wait(struct retrying *t, uint64_t ms);

/* The relay has ended: code 0; 99: refused, it is tried again in halves; else:
 * it failed. 1: there is more to send at once; 0: not. */
int retrying_ended(struct retrying *t, int code);

#endif
