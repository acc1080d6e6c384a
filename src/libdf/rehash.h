#ifndef REHASH_H
#define REHASH_H

#include "header.h"
#include "pace.h"

/* Holds stored data, fd from its beginning, against its header; read from the
 * disk, at a bounded rate. 1: length, MD5 and, where the header has it, SHA-256
 * agree; 0: *why says what does not, or that it cannot be read (EIO); -1:
 * errno. */
int rehash(int fd, const struct header *h, struct pace *p, const char **why);

#endif
