#ifndef BRANCH_H
#define BRANCH_H

#include "list.h"
#include "relay.h"

/* Keeping the branch of a target that cannot be reached (design: a dead hop
 * does not cut its branch off): the hosts of the head of its list get a stream
 * and keepers (dfrelay) of their own, which has what the target's stream has
 * from the first byte on, while that is still written. As the commits appear
 * the duties are taken over there (takeover.h). */
struct branch {
  struct relay relay; /* id, time-outs and number of the keepers' relays */
  const char *target; /* that cannot be reached: "address:port" */
  const char *list;   /* what it would have been sent, checked */
  size_t list_len;
  /* 1: the rules allow the host. */
  int (*keep)(void *context, const struct entry *e);
  /* No relay was started for it: its duties are left to dfretry. */
  void (*left)(void *context, const char *target, const char *why);
  void *context;
  unsigned long chunks; /* taken over */
};

/* Follows the orders (a file, from its start) until they end: returns 0 then,
 * and at once where the branch has no host; also where who writes them has
 * died, but then what is not committed yet is not taken over; -1 errno:
 * something was not taken over. */
int branch_keep(struct branch *b, int orders);

#endif
