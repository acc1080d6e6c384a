#ifndef RECEIPT_H
#define RECEIPT_H

#include "wants.h"

/* Looking into a target's published index for what it has taken. Of its delta
 * .df/receipt/TARGET ("EPOCH BYTES\n") remembers where the last look ended. */
#define RECEIPT_SECONDS 600 /* a look with its waiting takes no longer */
#define RECEIPT_LAG 2000    /* ms: what was stored should be published then */

struct receipt {
  const char *target;          /* "address:port", as in a commit */
  const char *host;            /* its address without brackets, or name */
  const char *url;             /* the template: url.h */
  unsigned int connect, stall; /* seconds */
  unsigned int wait; /* seconds, while something is missing and the index does
                        not move */
};

/* Looks until nothing of *w is missing, or the wait is over. 0: it has been
 * looked for in all of the index; else why this was not possible, printable,
 * good until the next call; what was seen before counts all the same. */
const char *receipt_look(const struct receipt *r, struct wants *w);

#endif
