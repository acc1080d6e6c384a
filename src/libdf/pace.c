#include "pace.h"

#include "clock.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#define SLICES 16    /* of a second */
#define KEPT 250000  /* microseconds */
#define LONGEST 1000 /* ms */

static uint64_t now(void) {
  return clock_ms() * 1000;
}

void pace_start(struct pace *p, uint64_t rate) {
  p->rate = rate;
  p->next = now();
}

int pace_wait(struct pace *p) {
  const uint64_t us = now();
  uint64_t ms;

  if (!p->rate)
    return 0;
  if (p->next + KEPT < us)
    p->next = us - KEPT;
  if (p->next <= us)
    return 0;
  ms = (p->next - us + 999) / 1000;
  return ms < LONGEST ? (int)ms : LONGEST;
}

int pace_hold(struct pace *p, int fd) {
  struct pollfd in = {fd, POLLIN, 0};
  int ms, r;

  while ((ms = pace_wait(p)) > 0) {
    r = poll(&in, 1, ms);
    if (r > 0 || (r < 0 && errno != EINTR))
      return r;
  }
  return 0;
}

size_t pace_room(const struct pace *p) {
  if (!p->rate)
    return SIZE_MAX;
  return p->rate < SLICES ? 1 : (size_t)(p->rate / SLICES);
}

void pace_took(struct pace *p, size_t bytes) {
  if (p->rate)
    p->next += (uint64_t)bytes * 1000000 / p->rate;
}

static void advance(struct iovec *v, size_t len) {
  size_t n;

  for (; len; v++) {
    n = len < v->iov_len ? len : v->iov_len;
    v->iov_base = (char *)v->iov_base + n;
    v->iov_len -= n;
    len -= n;
  }
}

ssize_t pace_write(struct pace *p, int fd, struct iovec *v, int n) {
  const size_t room = pace_room(p);
  ssize_t r;

  if (p->rate) {
    for (; n > 1 && !v->iov_len; n--)
      v++;
    r = write(fd, v->iov_base, v->iov_len < room ? v->iov_len : room);
  } else
    r = writev(fd, v, n);
  if (r > 0) {
    advance(v, (size_t)r);
    pace_took(p, (size_t)r);
  }
  return r;
}
