#ifndef HELD_H
#define HELD_H

#include "digest.h"

/* Chunks that may not go yet: a commit names them that is not published
 * (is_new), or in which a duty for them is open (to do, or its own copy still
 * to do). Calls each for all of them, some more than once, until it returns
 * something else than 0. Returns that, or 0; -1: errno. */
int held_each(int (*each)(void *context, const char md5[MD5_HEX + 1],
                          int is_new),
              void *context);

#endif
