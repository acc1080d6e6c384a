#include "sender.h"

#include "netstring.h"
#include "sending.h"
#include "tcp.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define BLOCK_MAX 16777216
#define KERNEL_RATE 1048576 /* below, its bursts weigh too much */

int sender_start(struct sender *s, unsigned int timeout) {
  int in_flags, out_flags;

  memset(s, 0, sizeof *s);
  s->in = 6;
  s->out = 7;
  s->timeout = timeout;
  in_flags = fcntl(s->in, F_GETFL);
  out_flags = fcntl(s->out, F_GETFL);
  if (in_flags < 0 || out_flags < 0)
    return -1;
  s->watch = tcp_option(s->in, SOL_SOCKET, SO_TYPE) >= 0;
  s->is_tcp = tcp_is(s->in) && tcp_is(s->out);
  if (s->watch)
    fcntl(s->in, F_SETFL, in_flags | O_NONBLOCK);
  fcntl(s->out, F_SETFL, out_flags | O_NONBLOCK);
  if (s->is_tcp) {
    tcp_linger(s->out, 1);
    tcp_keepalive(s->out);
    tcp_nodelay(s->out);
  }
  return 0;
}

void sender_pace(struct sender *s, uint64_t rate) {
  if (!s->is_tcp || rate < KERNEL_RATE || tcp_pace(s->out, rate) < 0)
    pace_start(&s->pace, rate);
}

int sender_begin(struct sender *s, const char *id, const char *list,
                 size_t list_len) {
  char before[64];
  size_t n = netstring_put(before, "DF1", 3);

  if (strlen(id) != 32)
    return sending_fail(s, "bad id", 0);
  n += netstring_put(before + n, id, 32);
  before[n] = 0;
  return sending_netstring(s, before, list, list_len);
}

int sender_header(struct sender *s, const char *header, size_t len) {
  return sending_netstring(s, "", header, len);
}

int sender_block(struct sender *s, const void *p, size_t len) {
  const char *at = p;
  size_t n;

  for (; len; at += n, len -= n) {
    n = len < BLOCK_MAX ? len : BLOCK_MAX;
    if (sending_netstring(s, "", at, n) < 0)
      return -1;
  }
  return 0;
}

int sender_file(struct sender *s, int fd, uint64_t at, size_t len) {
  return sending_file(s, fd, at, len);
}

int sender_trailer(struct sender *s, const struct trailer *t) {
  char text[TRAILER_MAX];
  const size_t len = t ? trailer_fmt(text, t) : 0;

  return sending_netstring(s, "0:,", text, len);
}

/* What the server has done meanwhile. */
static int look(struct sender *s) {
  struct pollfd p[2] = {{s->watch ? s->in : -1, POLLIN, 0}, {s->out, 0, 0}};
  int r;

  if (s->failed)
    return -1;
  r = poll(p, 2, 0);
  if (r < 0 && errno != EINTR)
    return sending_fail(s, "unable to poll", errno);
  if (r <= 0)
    return 0;
  if (p[0].revents)
    return sending_spoke(s);
  if (p[1].revents & (POLLERR | POLLHUP))
    return sending_lost(s, "", EPIPE);
  return 0;
}

/* The comma of a block goes with what comes behind it. */
int sender_idle(struct sender *s) {
  if (s->held_len > 1 && sending_flush(s) < 0)
    return -1;
  return look(s);
}

int sender_wait(struct sender *s, int fd) {
  struct pollfd p[3] = {
      {s->watch ? s->in : -1, POLLIN, 0}, {s->out, 0, 0}, {fd, POLLIN, 0}};

  if (poll(p, 3, 0) == 0 && sender_idle(s) < 0)
    return -1;
  while (!s->failed) {
    if (sending_await(s, p, 3, -1) < 0 || look(s) < 0)
      return -1;
    if (p[2].revents)
      return 0;
  }
  return -1;
}

/* What a read of end of file leaves open: whether all of ours got there. */
static int check_end(struct sender *s) {
  int queue, error;

  if (!s->is_tcp)
    return 0;
  queue = tcp_unacknowledged(s->out);
  error = tcp_option(s->out, SOL_SOCKET, SO_ERROR);
  if (error)
    return sending_lost(s, "connection failed", error);
  if (queue || !s->bytes)
    return sending_ended(s, "the server ended the connection too early");
  return 0;
}

static int half_close(struct sender *s) {
  int r;

  if (tcp_option(s->out, SOL_SOCKET, SO_TYPE) >= 0)
    r = shutdown(s->out, SHUT_WR);
  else {
    r = close(s->out);
    s->out = -1;
  }
  if (r < 0)
    return sending_lost(s, "unable to end the stream", errno);
  if (s->is_tcp)
    tcp_linger(s->out, 0);
  return 0;
}

int sender_end(struct sender *s, unsigned int patience) {
  struct pollfd p = {s->in, POLLIN, 0};
  ssize_t r;
  char c;

  if (sending_netstring(s, "", "", 0) < 0 || sender_idle(s) < 0 ||
      half_close(s) < 0)
    return -1;
  for (;;) {
    r = sending_await(s, &p, 1, (int64_t)patience * 1000);
    if (r < 0)
      return -1;
    if (r == 0)
      return sending_fail(s, "time-out: the server does not end the connection",
                          0);
    r = read(s->in, &c, 1);
    if (r == 0)
      return check_end(s);
    if (r > 0)
      return sending_ended(s, "the server sent something");
    if (errno != EAGAIN && errno != EINTR)
      return sending_lost(s, "unable to read", errno);
  }
}
