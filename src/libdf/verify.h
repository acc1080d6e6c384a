#ifndef VERIFY_H
#define VERIFY_H

#include "group.h"
#include "header.h"

/* Holding a chunk that has come against what its header and its trailer say
 * (protocol.md section 2). */

/* The digests that they are held against: of the data (d, of the chunk's file
 * p->fd anew where only the trailer asks for SHA-256), or, where it is a header
 * alone, of the stored chunk. sha256 "": not wanted. 0; -1 errno: the data
 * cannot be read back. */
int verify_digests(const struct pending *p, struct digest *d,
                   const struct header *h, const struct trailer *t,
                   char md5[MD5_HEX + 1], char sha256[SHA256_HEX + 1]);

/* 0: all agree; else what does not, a short constant. */
const char *verify_agreement(const struct pending *p, const struct header *h,
                             const struct trailer *t, const char *md5,
                             const char *sha256);

/* 1: a chunk of this MD5 and length is stored here. */
int verify_here(const struct trailer *t);

#endif
