#ifndef NOTING_H
#define NOTING_H

#include "digest.h"
#include "duties.h"

#include <stdint.h>

/* Noting that a target has everything that a stream's orders named. */
struct noting {
  uint64_t chunks, bytes; /* of the notes that were made */
  char md5[MD5_HEX + 1];  /* of the last of them */
};

/* Goes through the orders (a file, from its start) and calls each for every
 * duty of the target "address:port" that is not done in the commits named
 * there. What it notes is settled, commit by commit; it returns 0, or -1 errno.
 * 0; -1 errno: it failed somewhere, the other commits were gone through. */
int noting_each(int orders, const char *target,
                int (*each)(void *context, const struct duty_at *d),
                void *context);

/* Notes one as done and counts it. 0; -1. */
int noting_one(struct noting *n, const struct duty_at *d);

/* Goes through the orders (a file, from its start) and notes as done what the
 * target "address:port" had to do in the commits named there. 0; -1: something
 * could not be noted and stays to do. */
int noting_done(struct noting *n, int orders, const char *target);

#endif
