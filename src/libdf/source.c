#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE 65536

int source_take(struct source *s, int fd) {
  struct stat st;
  off_t at;

  s->fd = fd;
  s->is_file = s->has_length = 0;
  s->length = s->left = 0;
  if (fstat(fd, &st) < 0)
    return -1;
  if (S_ISDIR(st.st_mode)) {
    errno = EISDIR;
    return -1;
  }
  if (!S_ISREG(st.st_mode))
    return 0;
  s->is_file = 1;
  at = lseek(fd, 0, SEEK_CUR);
  if (at < 0)
    return -1;
  if (st.st_size == 0)
    return 0;
  s->has_length = 1;
  s->length = s->left = at < st.st_size ? (uint64_t)(st.st_size - at) : 0;
  posix_fadvise(fd, at, 0, POSIX_FADV_SEQUENTIAL);
  return 0;
}

int source_open(struct source *s, const char *name) {
  const int fd = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  int error;

  s->fd = -1;
  if (fd < 0)
    return -1;
  if (source_take(s, fd) == 0)
    return 0;
  error = errno;
  source_close(s);
  errno = error;
  return -1;
}

ssize_t source_read(struct source *s, void *p, size_t len) {
  ssize_t r;

  if (s->has_length) {
    if (s->left == 0)
      return 0;
    if (len > s->left)
      len = (size_t)s->left;
  }
  do
    r = read(s->fd, p, len);
  while (r < 0 && errno == EINTR);
  if (r == 0 && s->has_length) {
    errno = 0;
    return -1;
  }
  if (r > 0 && s->has_length)
    s->left -= (uint64_t)r;
  return r;
}

ssize_t source_all(struct source *s, char *p, size_t max) {
  size_t len = 0;
  ssize_t r;

  while (len < max && (r = source_read(s, p + len, max - len)) != 0) {
    if (r < 0)
      return -1;
    len += (size_t)r;
  }
  return (ssize_t)len;
}

int source_digest(struct source *s, int want_sha256, struct trailer *t) {
  static char piece[PIECE];
  struct digest d;
  ssize_t r;

  digest_start(&d, want_sha256);
  while ((r = source_read(s, piece, sizeof piece)) > 0)
    digest_add(&d, piece, (size_t)r);
  digest_end(&d, t->md5, t->sha256);
  t->length = d.bytes;
  return (int)r;
}

void source_close(struct source *s) {
  if (s->fd >= 0)
    close(s->fd);
  s->fd = -1;
}
