#ifndef DUTIES_H
#define DUTIES_H

#include "commit.h"

#include <stddef.h>
#include <stdint.h>

/* Going through the duties of the store (commit.h). */
struct duty_at {
  struct commit *commit;
  uint32_t target, chunk; /* places in the commit */
  char state;             /* T, B or X */
  const struct commit_target *to;
  const struct commit_chunk *what;
};

/* Calls each for every duty that is to do, taken over or given up, of this
 * target ("address:port"; 0: of all), until it returns something else than 0.
 * Returns that; 0; -1 errno. What it notes is settled, commit by commit. Files
 * that are no commits are passed over. */
int duties_each(const char *target,
                int (*each)(void *context, const struct duty_at *d),
                void *context);

/* 1: a live dfserve or dfrelay has the duties of the commit for this target, 0:
 * nobody. */
int duties_held(const struct commit *c, uint32_t target);

/* 1: nobody has the duty, and its state is still what it was; 0. */
int duties_free(const struct duty_at *d);

/* The list that goes with the duty (branch of the target's entry, then the
 * rest; empty where the branch was taken over) as two pieces of the commit. 0;
 * -1 EPROTO. */
struct duty_list {
  const char *branch, *rest;
  size_t branch_len, rest_len;
};
int duties_list(const struct duty_at *d, struct duty_list *l);

#endif
