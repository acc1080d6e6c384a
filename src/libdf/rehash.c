#include "rehash.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define PIECE 262144

/* 1: all of it; 0: it cannot be read; -1. */
static int read_all(int fd, struct digest *d, struct pace *p) {
  static char buf[PIECE];
  size_t most = pace_room(p);
  if (most > sizeof buf)
    most = sizeof buf;
  for (;;) {
    ssize_t r = pace_hold(p, -1);
    if (r == 0)
      r = pread(fd, buf, most, (off_t)d->bytes);
    if (r < 0 && errno == EINTR)
      continue;
    if (r < 0)
      return errno == EIO ? 0 : -1;
    if (!r)
      return 1;
    digest_add(d, buf, (size_t)r);
    pace_took(p, (size_t)r);
  }
}

int rehash(int fd, const struct header *h, struct pace *p, const char **why) {
  char md5[MD5_HEX + 1], sha256[SHA256_HEX + 1];
  struct digest d;
  int r;
  posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED); /* the disk is what is asked */
  digest_start(&d, *h->sha256 != 0);
  r = read_all(fd, &d, p);
  posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
  if (r < 0)
    return -1;
  digest_end(&d, md5, sha256);
  *why = !r                          ? "it cannot be read"
         : d.bytes != h->length      ? "Content-Length does not agree"
         : strcmp(md5, h->md5)       ? "md5hash does not agree"
         : strcmp(sha256, h->sha256) ? "SHA-256 does not agree"
                                     : 0;
  return !*why;
}
