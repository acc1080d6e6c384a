#ifndef DIGEST_H
#define DIGEST_H

#include <md5.h>
#include <nettle/sha2.h>
#include <stddef.h>
#include <stdint.h>

/* MD5 (RFC 1321) of a chunk, and SHA-256 (FIPS 180-4) where it is wanted. */
#define MD5_HEX 32
#define SHA256_HEX 64

struct digest {
  MD5_CTX md5;
  struct sha256_ctx sha256;
  uint64_t bytes;
  int want_sha256;
};

void digest_start(struct digest *d, int want_sha256);
void digest_add(struct digest *d, const void *p, size_t len);

/* Lowercase hex, NUL-terminated; sha256 becomes "" where it was not wanted. */
void digest_end(struct digest *d, char md5[MD5_HEX + 1],
                char sha256[SHA256_HEX + 1]);

/* MD5 of len bytes in memory. */
void digest_md5(const void *p, size_t len, char md5[MD5_HEX + 1]);

/* Both digests of the file from its start to its end, read with pread, the file
 * offset stays. 0 done, *bytes is its length; -1 errno. */
int digest_file(int fd, int want_sha256, char md5[MD5_HEX + 1],
                char sha256[SHA256_HEX + 1], uint64_t *bytes);

#endif
