#ifndef NOTING_H
#define NOTING_H

#include "digest.h"

#include <stdint.h>

/* Noting that a target has everything that a stream's orders named. */
struct noting {
  uint64_t chunks, bytes; /* of the notes that were made */
  char md5[MD5_HEX + 1];  /* of the last of them */
};

/* Goes through the orders (a file, from its start) and notes as done what the
 * target "address:port" had to do in the commits named there. 0; -1: something
 * could not be noted and stays to do. */
int noting_done(struct noting *n, int orders, const char *target);

#endif
