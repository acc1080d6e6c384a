#include "verify.h"

#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int stored(const struct trailer *t, char md5[MD5_HEX + 1],
                  char sha256[SHA256_HEX + 1]) {
  char path[STORE_MD5];
  uint64_t bytes;
  int fd, r, e;
  store_data(path, t->md5);
  fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0)
    return -1;
  r = digest_file(fd, 1, md5, sha256, &bytes);
  e = errno;
  close(fd);
  errno = e;
  return r;
}

int verify_digests(const struct pending *p, struct digest *d,
                   const struct header *h, const struct trailer *t,
                   char md5[MD5_HEX + 1], char sha256[SHA256_HEX + 1]) {
  uint64_t bytes;
  if (p->alone && (*t->sha256 || *h->sha256))
    return stored(t, md5, sha256);
  if (p->alone) { /* that it is here is all there is to verify */
    memcpy(md5, t->md5, MD5_HEX + 1);
    *sha256 = 0;
    return 0;
  }
  digest_end(d, md5, sha256);
  if (*t->sha256 && !*sha256)
    return digest_file(p->fd, 1, md5, sha256, &bytes);
  return 0;
}

const char *verify_agreement(const struct pending *p, const struct header *h,
                             const struct trailer *t, const char *md5,
                             const char *sha256) {
  if ((!p->alone && t->length != p->length) ||
      (h->has_length && h->length != t->length))
    return "Content-Length does not agree";
  if (strcmp(t->md5, md5) || (*h->md5 && strcmp(h->md5, md5)))
    return "md5hash does not agree";
  if ((*t->sha256 && strcmp(t->sha256, sha256)) ||
      (*h->sha256 && strcmp(h->sha256, sha256)))
    return "SHA-256 does not agree";
  return 0;
}

int verify_here(const struct trailer *t) {
  char path[STORE_MD5];
  struct stat st;
  store_data(path, t->md5);
  return lstat(path, &st) == 0 && S_ISREG(st.st_mode) &&
         (uint64_t)st.st_size == t->length;
}
