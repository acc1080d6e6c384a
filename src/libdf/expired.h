#ifndef EXPIRED_H
#define EXPIRED_H

#include "expiry.h"

#include <stdint.h>

/* What stands in .df/expire (expiry.h) and is due. Under dfpublish's lock. */
struct expired_at {
  int64_t hour; /* the file */
  uint64_t line;
};

/* Calls each for every line whose second has passed and that is not done, until
 * it returns something else than 0. Returns that, or 0; -1: errno. Files of
 * past hours in which nothing is left are removed. *next: the second in which
 * the next one is due, as far as it is in this hour; EXPIRY_NEVER. */
int expired_each(int64_t now, int64_t *next,
                 int (*each)(void *context, const char md5[MD5_HEX + 1],
                             const struct expired_at *at),
                 void *context);

/* Nothing is left to do for this line. 0; -1. Not synced: it would be looked at
 * once more. */
int expired_done(const struct expired_at *at);

#endif
