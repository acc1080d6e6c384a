#include "sending.h"

#include "clock.h"
#include "file.h"
#include "netstring.h"
#include "tcp.h"

#include <errno.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <unistd.h>

#define SLICE 1000 /* ms; how often the kernel's send queue is looked at */

int sending_fail(struct sender *s, const char *why, int error) {
  if (!s->failed) {
    s->failed = 1;
    s->why = why;
    s->error = error;
  }
  return -1;
}

int sending_ended(struct sender *s, const char *why) {
  if (!s->failed)
    s->ended = 1;
  return sending_fail(s, why, 0);
}

int sending_lost(struct sender *s, const char *why, int error) {
  if (s->is_tcp && (error == EPIPE || error == ENOTCONN))
    error = ECONNRESET;
  if (error == ECONNRESET)
    return sending_ended(s, "connection reset by the server");
  if (error == EPIPE)
    return sending_ended(s, "connection closed by the server");
  return sending_fail(s, why, error);
}

static int unacknowledged(const struct sender *s) {
  return s->is_tcp ? tcp_unacknowledged(s->out) : 0;
}

int sending_await(struct sender *s, struct pollfd *p, nfds_t n, int64_t ms) {
  int64_t end = (int64_t)clock_ms() + ms, left;
  int queue = -1, q, r;

  for (;;) {
    left = end - (int64_t)clock_ms();
    if (left < 0)
      left = ms < 0 ? -1 : 0;
    r = poll(p, n, left < SLICE ? (int)left : SLICE);
    if (r > 0)
      return r;
    if (r < 0 && errno != EINTR)
      return sending_fail(s, "unable to poll", errno);
    if (r < 0 || ms < 0)
      continue;
    q = unacknowledged(s);
    if (queue > q)
      end = (int64_t)clock_ms() + ms;
    else if ((int64_t)clock_ms() >= end)
      return 0;
    queue = q;
  }
}

int sending_spoke(struct sender *s) {
  char c;
  ssize_t r = read(s->in, &c, 1);

  if (r > 0)
    return sending_ended(s, "the server sent something");
  if (r == 0)
    return sending_ended(s, "the server ended the connection too early");
  if (errno == EAGAIN || errno == EINTR)
    return 0;
  return sending_lost(s, "unable to read", errno);
}

/* Waits until something may be written: 1; 0: look again; -1. */
static int writable(struct sender *s) {
  struct pollfd p[2] = {{s->watch ? s->in : -1, POLLIN, 0},
                        {s->out, POLLOUT, 0}};
  int r = pace_hold(&s->pace, s->watch ? s->in : -1);

  if (r < 0)
    return sending_fail(s, "unable to poll", errno);
  if (r > 0)
    return sending_spoke(s);
  r = sending_await(s, p, 2, (int64_t)s->timeout * 1000);
  if (r < 0)
    return -1;
  if (r == 0)
    return sending_fail(s, "time-out: the server takes nothing", 0);
  if (p[0].revents && sending_spoke(s) < 0)
    return -1;
  return p[1].revents != 0;
}

static void went(struct sender *s, size_t len) {
  s->bytes += len;
  if (s->progress)
    s->progress(s->context, s->bytes);
}

static int write_all(struct sender *s, struct iovec *v, int n, size_t len) {
  ssize_t r;

  if (s->failed)
    return -1;
  while (len) {
    r = writable(s);
    if (r < 0)
      return -1;
    if (r == 0)
      continue;
    r = pace_write(&s->pace, s->out, v, n);
    if (r < 0 && (errno == EAGAIN || errno == EINTR))
      continue;
    if (r < 0)
      return sending_lost(s, "unable to write", errno);
    len -= (size_t)r;
    went(s, (size_t)r);
  }
  return 0;
}

static void hold(struct sender *s, const void *p, size_t len) {
  memcpy(s->held + s->held_len, p, len);
  s->held_len += len;
}

/* What is held, and len bytes of v[1] to v[n] behind it. */
static int write_held(struct sender *s, struct iovec *v, int n, size_t len) {
  v[0] = (struct iovec){s->held, s->held_len};
  len += s->held_len;
  s->held_len = 0;
  return write_all(s, v, n + 1, len);
}

int sending_netstring(struct sender *s, const char *before, const void *p,
                      size_t len) {
  char head[NETSTRING_HEAD];
  const size_t b = strlen(before), h = netstring_head(head, len);
  struct iovec v[5] = {
      {0}, {(void *)before, b}, {head, h}, {(void *)p, len}, {(void *)",", 1}};

  if (s->failed)
    return -1;
  if (b + h + len + 1 > sizeof s->held - s->held_len)
    return write_held(s, v, 4, b + h + len + 1);
  for (int i = 1; i < 5; i++)
    hold(s, v[i].iov_base, v[i].iov_len);
  return 0;
}

int sending_flush(struct sender *s) {
  struct iovec v[1];

  if (s->failed)
    return -1;
  return s->held_len ? write_held(s, v, 0, 0) : 0;
}

/* Through s->held. How many bytes; 0: no more can be read (errno); -1. */
static ssize_t copy(struct sender *s, int fd, uint64_t at, size_t len) {
  const size_t most = len < sizeof s->held ? len : sizeof s->held;
  struct iovec v[1];
  ssize_t r = file_read_at(fd, s->held, most, (off_t)at);

  if (r <= 0) {
    errno = r ? errno : EIO;
    return 0;
  }
  s->held_len = (size_t)r;
  return write_held(s, v, 0, 0) < 0 ? -1 : r;
}

/* Where it may be the file that is to blame, a read of it tells. */
static int may_be_the_file(int error) {
  return error == EIO || error == EINVAL || error == ENOSYS ||
         error == EOPNOTSUPP || error == ENOMEM || error == EOVERFLOW;
}

/* As copy, straight from the page cache; as much as may be written now. */
static ssize_t splice_some(struct sender *s, int fd, uint64_t at, size_t len) {
  const size_t room = pace_room(&s->pace);
  off_t from = (off_t)at;
  ssize_t r;

  do {
    r = writable(s);
    if (r < 0)
      return -1;
    errno = EAGAIN;
    r = r ? sendfile(s->out, fd, &from, len < room ? len : room) : -1;
  } while (r < 0 && (errno == EAGAIN || errno == EINTR));
  if (r <= 0 && (!r || may_be_the_file(errno)))
    return copy(s, fd, at, len);
  if (r < 0)
    return sending_lost(s, "unable to write", errno);
  pace_took(&s->pace, (size_t)r);
  went(s, (size_t)r);
  return r;
}

/* The rest of a block that was begun; errno stays. 1; -1. */
static int fill(struct sender *s, size_t len) {
  const int error = errno;
  struct iovec v[1];
  size_t n;

  for (memset(s->held, 0, sizeof s->held); len; len -= n) {
    n = len < sizeof s->held ? len : sizeof s->held;
    s->held_len = n;
    if (write_held(s, v, 0, 0) < 0)
      return -1;
  }
  hold(s, ",", 1);
  errno = error;
  return 1;
}

/* Little of a file goes with what is held. */
static int hold_file(struct sender *s, int fd, uint64_t at, size_t len) {
  char head[NETSTRING_HEAD];
  const size_t h = netstring_head(head, len);
  ssize_t r;

  if (h + len + 1 > sizeof s->held - s->held_len && sending_flush(s) < 0)
    return -1;
  r = file_read_at(fd, s->held + s->held_len + h, len, (off_t)at);
  if (r < 0 || (size_t)r < len) {
    errno = r < 0 ? errno : EIO;
    return 1;
  }
  hold(s, head, h);
  s->held_len += len;
  hold(s, ",", 1);
  return 0;
}

int sending_file(struct sender *s, int fd, uint64_t at, size_t len) {
  char head[NETSTRING_HEAD];
  const size_t h = netstring_head(head, len);
  ssize_t r;

  if (s->failed)
    return -1;
  if (h + len + 1 <= sizeof s->held)
    return hold_file(s, fd, at, len);
  if (h > sizeof s->held - s->held_len && sending_flush(s) < 0)
    return -1;
  hold(s, head, h);
  if (sending_flush(s) < 0)
    return -1;
  for (; len; at += (uint64_t)r, len -= (size_t)r) {
    r = splice_some(s, fd, at, len);
    if (r < 0)
      return -1;
    if (!r)
      return fill(s, len);
  }
  hold(s, ",", 1);
  return 0;
}
