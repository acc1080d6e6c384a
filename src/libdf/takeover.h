#ifndef TAKEOVER_H
#define TAKEOVER_H

#include "list.h"

/* Taking over the branch of a target that cannot be reached: its duty (target,
 * list) becomes a duty for each host of the list's head, in a new commit, and
 * its own copy alone (DUTY_TAKEN_OVER). Whoever dies in between leaves both,
 * and the branch gets it twice.
 *
 * Goes through the orders (a file, from its start) and does so for every duty
 * to do that they name for the target "address:port"; keep says which hosts the
 * rules allow. How many duties were taken over; -1: some could not be. */
long takeover_orders(int orders, const char *target,
                     int (*keep)(void *context, const struct entry *e),
                     void *context);

/* 1: the orders name one duty only: who resets the connection then refuses this
 * very chunk. */
int takeover_single(int orders);

#endif
