#ifndef PUSHID_H
#define PUSHID_H

#include "stream.h"

/* A new id: 128 random bits (getrandom(2)) as 32 hex digits, NUL-terminated.
 * 0; -1 errno. */
int pushid_make(char out[STREAM_ID + 1]);

/* 1: s is an id. */
int pushid_valid(const char *s);

#endif
