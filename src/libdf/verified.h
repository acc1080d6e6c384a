#ifndef VERIFIED_H
#define VERIFIED_H

#include "digest.h"

#include <stdint.h>

/* How far dfverify is, in the order of the MD5s: the file .df/verified, a line
 * "SECONDS MD5". */
#define VERIFIED_ALL "-"

struct verified {
  int64_t began;          /* the pass, Unix seconds */
  char last[MD5_HEX + 1]; /* looked at last; "": none yet; VERIFIED_ALL */
};

/* Begins a pass. */
void verified_begin(struct verified *v);

/* What the file says; where it says nothing that makes sense, a pass begins.
 * 0; -1: errno. */
int verified_read(struct verified *v);

/* 0; -1: errno. */
int verified_write(const struct verified *v);

#endif
