#ifndef TAKEOVER_H
#define TAKEOVER_H

#include "commit.h"
#include "targets.h"

/* Taking over the branch of a target that cannot be reached, in the commits:
 * its duty (target, list) becomes a duty for each host of the list's head, in a
 * new commit, and its own copy alone (DUTY_TAKEN_OVER), or where the rules
 * leave hosts of the head to it, all of it (DUTY_HALF). Whoever dies in between
 * leaves both, and the branch gets it twice. */
struct takeover {
  const char *target; /* "address:port" */
  const char *stream; /* keeper of the new duties */
  const char *list;   /* what the target would have been sent */
  size_t list_len;
  const struct targets *heirs; /* of its head, those that the rules allow */
  int half;                    /* these are not all */
};

#define TAKEOVER_NOT COMMIT_CHUNKS /* place of what was not taken over */

/* Does so for those of the commit's chunks that are named (a byte each, 0 or 1)
 * and that the target is owed with this list. made: name of the new commit;
 * place: where each chunk is in it, or TAKEOVER_NOT. How many were taken over;
 * 0: none, no commit was made; -1 errno. */
long takeover_commit(const struct takeover *t, const char *name,
                     const unsigned char named[COMMIT_CHUNKS],
                     char made[COMMIT_NAME], uint32_t place[COMMIT_CHUNKS]);

/* 1: the orders (a file) name one duty only: who resets the connection then
 * refuses this very chunk. */
int takeover_single(int orders);

#endif
