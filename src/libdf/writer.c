#include "writer.h"

#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int writer_create(struct writer *w, const char *name, mode_t mode) {
  int fd;
  if (unlink(name) < 0 && errno != ENOENT)
    return -1;
  fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
  if (fd < 0)
    return -1;
  writer_start(w, fd);
  return 0;
}

void writer_start(struct writer *w, int fd) {
  w->fd = fd;
  w->error = 0;
  w->bytes = 0;
  w->len = 0;
}

int writer_begin(struct writer *w, char tmp[64], mode_t mode) {
  int fd = file_create(tmp, mode);
  if (fd < 0)
    return -1;
  writer_start(w, fd);
  return 0;
}

int writer_restart(struct writer *w) {
  if (w->error)
    return errno = w->error, -1;
  if (ftruncate(w->fd, 0) < 0 || lseek(w->fd, 0, SEEK_SET) < 0)
    return w->error = errno, -1;
  writer_start(w, w->fd);
  return 0;
}

static int write_out(struct writer *w, const void *p, size_t len) {
  if (!w->error && file_write(w->fd, p, len) < 0)
    w->error = errno;
  errno = w->error;
  return w->error ? -1 : 0;
}

static int flush(struct writer *w) {
  size_t len = w->len;
  w->len = 0;
  return write_out(w, w->buf, len);
}

int writer_put(struct writer *w, const void *p, size_t len) {
  w->bytes += len;
  if (len > sizeof w->buf - w->len && flush(w) < 0)
    return -1;
  if (len > sizeof w->buf)
    return write_out(w, p, len);
  memcpy(w->buf + w->len, p, len);
  w->len += len;
  errno = w->error;
  return w->error ? -1 : 0;
}

int writer_puts(struct writer *w, const char *s) {
  return writer_put(w, s, strlen(s));
}

int writer_sync(struct writer *w) {
  if (flush(w) == 0 && fsync(w->fd) < 0)
    w->error = errno;
  errno = w->error;
  return w->error ? -1 : 0;
}

static int give_up(const char *tmp) {
  int e = errno;
  unlink(tmp);
  errno = e;
  return -1;
}

int writer_finish(struct writer *w, const char *tmp) {
  int r = writer_sync(w), e = errno;
  if (close(w->fd) < 0 && r == 0)
    return give_up(tmp);
  errno = e;
  return r < 0 ? give_up(tmp) : 0;
}

/* Closed last: until then its lock says that it is no leftover. */
int writer_replace(struct writer *w, const char *tmp, const char *name) {
  if (writer_sync(w) < 0 || rename(tmp, name) < 0) {
    writer_drop(w, tmp);
    return -1;
  }
  close(w->fd);
  return 0;
}

void writer_drop(struct writer *w, const char *tmp) {
  int e = errno;
  close(w->fd);
  errno = e;
  give_up(tmp);
}

int writer_place(const char *tmp, const char *name) {
  return rename(tmp, name) < 0 ? give_up(tmp) : 0;
}
