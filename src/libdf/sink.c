#include "sink.h"

#include "beside.h"
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void start(struct sink *s, enum sink_kind kind, int fd) {
  s->kind = kind;
  s->fd = fd;
  s->start = 0;
  s->name = 0;
  *s->tmp = 0;
  s->is_out = 0;
  s->held = 0;
}

int sink_file(struct sink *s, const char *name) {
  int fd;
  start(s, SINK_BESIDE, -1);
  if (beside_check(name) < 0)
    return -1;
  fd = beside_open(name, s->tmp);
  if (fd < 0) {
    *s->tmp = 0;
    return -1;
  }
  s->fd = fd;
  s->name = name;
  return 0;
}

int sink_descriptor(struct sink *s, int fd) {
  struct stat st;
  int flags = fcntl(fd, F_GETFL);
  off_t at;
  start(s, SINK_FLOW, fd);
  if (flags < 0 || fstat(fd, &st) < 0)
    return -1;
  if (!S_ISREG(st.st_mode))
    return 0;
  at = flags & O_APPEND ? st.st_size : lseek(fd, 0, SEEK_CUR);
  if (at == st.st_size) { /* what is behind may be somebody else's */
    s->kind = SINK_END;
    s->start = at;
  }
  return 0;
}

static int release(struct sink *s) {
  size_t n = s->held;
  s->held = 0;
  if (!n)
    return 0;
  s->is_out = 1;
  return file_write(s->fd, s->hold, n);
}

int sink_write(struct sink *s, const void *p, size_t len) {
  if (s->kind != SINK_FLOW)
    return file_write(s->fd, p, len);
  if (!s->is_out && len <= sizeof s->hold - s->held) {
    memcpy(s->hold + s->held, p, len);
    s->held += len;
    return 0;
  }
  if (release(s) < 0)
    return -1;
  s->is_out = 1;
  return file_write(s->fd, p, len);
}

int sink_undo(struct sink *s) {
  s->held = 0;
  if (s->kind != SINK_FLOW)
    return ftruncate(s->fd, s->start) < 0 ||
                   lseek(s->fd, s->start, SEEK_SET) < 0
               ? -1
               : 0;
  if (!s->is_out)
    return 0;
  errno = EALREADY;
  return -1;
}

int sink_end(struct sink *s, mode_t mode) {
  int r;
  if (s->kind != SINK_BESIDE)
    return release(s);
  r = beside_end(s->fd, s->tmp, s->name, mode);
  *s->tmp = 0;
  return r;
}

int sink_give_up(struct sink *s) {
  if (s->kind != SINK_BESIDE)
    return sink_undo(s);
  if (*s->tmp) {
    unlink(s->tmp);
    close(s->fd);
  }
  *s->tmp = 0;
  return 0;
}
