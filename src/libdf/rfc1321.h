#ifndef RFC1321_H
#define RFC1321_H

#include <stddef.h>
#include <stdint.h>

/* MD5 (RFC 1321). Why not a library's: MD5 of one stream cannot be split, so
 * it bounds every transfer; this is a tenth faster than what they have. */
#define RFC1321_BLOCK 64
#define RFC1321_DIGEST 16

struct rfc1321 {
  uint32_t state[4];
  uint64_t bytes;
  unsigned char rest[RFC1321_BLOCK]; /* bytes % RFC1321_BLOCK of them */
};

void rfc1321_start(struct rfc1321 *m);
void rfc1321_add(struct rfc1321 *m, const void *p, size_t len);
void rfc1321_end(struct rfc1321 *m, unsigned char digest[RFC1321_DIGEST]);

#endif
