#include "digest.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define PIECE 262144

static void hex(char *out, const uint8_t *p, size_t len) {
  static const char digits[] = "0123456789abcdef";
  size_t i;

  for (i = 0; i < len; i++) {
    *out++ = digits[p[i] >> 4];
    *out++ = digits[p[i] & 15];
  }
  *out = 0;
}

void digest_start(struct digest *d, int want_sha256) {
  MD5Init(&d->md5);
  d->want_sha256 = want_sha256;
  if (want_sha256)
    sha256_init(&d->sha256);
  d->bytes = 0;
}

void digest_add(struct digest *d, const void *p, size_t len) {
  MD5Update(&d->md5, p, len);
  if (d->want_sha256)
    sha256_update(&d->sha256, len, p);
  d->bytes += len;
}

void digest_end(struct digest *d, char md5[MD5_HEX + 1],
                char sha256[SHA256_HEX + 1]) {
  uint8_t m[MD5_DIGEST_LENGTH], s[SHA256_DIGEST_SIZE];

  MD5Final(m, &d->md5);
  hex(md5, m, sizeof m);
  sha256[0] = 0;
  if (d->want_sha256) {
    sha256_digest(&d->sha256, sizeof s, s);
    hex(sha256, s, sizeof s);
  }
}

void digest_md5(const void *p, size_t len, char md5[MD5_HEX + 1]) {
  MD5_CTX c;
  uint8_t m[MD5_DIGEST_LENGTH];

  MD5Init(&c);
  MD5Update(&c, p, len);
  MD5Final(m, &c);
  hex(md5, m, sizeof m);
}

int digest_file(int fd, int want_sha256, char md5[MD5_HEX + 1],
                char sha256[SHA256_HEX + 1], uint64_t *bytes) {
  struct digest d;
  char *buf = malloc(PIECE);
  ssize_t r;
  int error;

  if (!buf)
    return -1;
  digest_start(&d, want_sha256);
  for (;;) {
    r = pread(fd, buf, PIECE, (off_t)d.bytes);
    if (r < 0 && errno == EINTR)
      continue;
    if (r <= 0)
      break;
    digest_add(&d, buf, (size_t)r);
  }
  error = errno;
  free(buf);
  errno = error;
  if (r < 0)
    return -1;
  digest_end(&d, md5, sha256);
  *bytes = d.bytes;
  return 0;
}
