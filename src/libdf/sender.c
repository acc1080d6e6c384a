#include "sender.h"

#include "clock.h"
#include "netstring.h"
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
#define SLICE 1000 /* ms; how often the kernel's send queue is looked at */

static int fail(struct sender *s, const char *why, int error) {
  if (!s->failed) {
    s->failed = 1;
    s->why = why;
    s->error = error;
  }
  return -1;
}

/* The server's doing, not the network's or ours. */
static int fail_ended(struct sender *s, const char *why) {
  if (!s->failed)
    s->ended = 1;
  return fail(s, why, 0);
}

static int fail_call(struct sender *s, const char *why, int error) {
  if (s->is_tcp && (error == EPIPE || error == ENOTCONN))
    error = ECONNRESET;
  if (error == ECONNRESET)
    return fail_ended(s, "connection reset by the server");
  if (error == EPIPE)
    return fail_ended(s, "connection closed by the server");
  return fail(s, why, error);
}

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
  }
  return 0;
}

void sender_pace(struct sender *s, uint64_t rate) {
  if (!s->is_tcp || rate < KERNEL_RATE || tcp_pace(s->out, rate) < 0)
    pace_start(&s->pace, rate);
}

static int unacknowledged(const struct sender *s) {
  return s->is_tcp ? tcp_unacknowledged(s->out) : 0;
}

/* poll(), until an event or until for so many milliseconds nothing has happened
 * and the peer has acknowledged nothing (negative: no limit). 0 at that limit.
 */
static int await(struct sender *s, struct pollfd *p, nfds_t n, int64_t ms) {
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
      return fail(s, "unable to poll", errno);
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

/* The server has something to say before our end. 0: nothing after all. */
static int server_spoke(struct sender *s) {
  char c;
  ssize_t r = read(s->in, &c, 1);

  if (r > 0)
    return fail_ended(s, "the server sent something");
  if (r == 0)
    return fail_ended(s, "the server ended the connection too early");
  if (errno == EAGAIN || errno == EINTR)
    return 0;
  return fail_call(s, "unable to read", errno);
}

static int send_all(struct sender *s, struct iovec *v, int n, size_t len) {
  struct pollfd p[2] = {{s->watch ? s->in : -1, POLLIN, 0},
                        {s->out, POLLOUT, 0}};
  ssize_t r;

  if (s->failed)
    return -1;
  while (len) {
    r = pace_hold(&s->pace, s->watch ? s->in : -1);
    if (r < 0)
      return fail(s, "unable to poll", errno);
    if (r > 0 && server_spoke(s) < 0)
      return -1;
    if (r > 0)
      continue;
    r = await(s, p, 2, (int64_t)s->timeout * 1000);
    if (r < 0)
      return -1;
    if (r == 0)
      return fail(s, "time-out: the server takes nothing", 0);
    if (p[0].revents && server_spoke(s) < 0)
      return -1;
    if (!p[1].revents)
      continue;
    r = pace_write(&s->pace, s->out, v, n);
    if (r < 0 && (errno == EAGAIN || errno == EINTR))
      continue;
    if (r < 0)
      return fail_call(s, "unable to write", errno);
    len -= (size_t)r;
    s->bytes += (uint64_t)r;
    if (s->progress)
      s->progress(s->context, s->bytes);
  }
  return 0;
}

/* before, as it is, then NS(bytes) */
static int send_netstring(struct sender *s, const char *before,
                          const void *bytes, size_t len) {
  char head[NETSTRING_HEAD];
  const size_t b = strlen(before), h = netstring_head(head, len);
  struct iovec v[4] = {
      {(void *)before, b}, {head, h}, {(void *)bytes, len}, {(void *)",", 1}};

  return send_all(s, v, 4, b + h + len + 1);
}

int sender_begin(struct sender *s, const char *id, const char *list,
                 size_t list_len) {
  char before[64];
  size_t n = netstring_put(before, "DF1", 3);

  if (strlen(id) != 32)
    return fail(s, "bad id", 0);
  n += netstring_put(before + n, id, 32);
  before[n] = 0;
  return send_netstring(s, before, list, list_len);
}

int sender_header(struct sender *s, const char *header, size_t len) {
  return send_netstring(s, "", header, len);
}

int sender_block(struct sender *s, const void *p, size_t len) {
  const char *at = p;
  size_t n;

  for (; len; at += n, len -= n) {
    n = len < BLOCK_MAX ? len : BLOCK_MAX;
    if (send_netstring(s, "", at, n) < 0)
      return -1;
  }
  return 0;
}

int sender_trailer(struct sender *s, const struct trailer *t) {
  char text[TRAILER_MAX];
  const size_t len = t ? trailer_fmt(text, t) : 0;

  return send_netstring(s, "0:,", text, len);
}

int sender_idle(struct sender *s) {
  struct pollfd p[2] = {{s->watch ? s->in : -1, POLLIN, 0}, {s->out, 0, 0}};
  int r;

  if (s->failed)
    return -1;
  r = poll(p, 2, 0);
  if (r < 0 && errno != EINTR)
    return fail(s, "unable to poll", errno);
  if (r <= 0)
    return 0;
  if (p[0].revents)
    return server_spoke(s);
  if (p[1].revents & (POLLERR | POLLHUP))
    return fail_call(s, "", EPIPE);
  return 0;
}

int sender_wait(struct sender *s, int fd) {
  struct pollfd p[3] = {
      {s->watch ? s->in : -1, POLLIN, 0}, {s->out, 0, 0}, {fd, POLLIN, 0}};

  while (!s->failed) {
    if (await(s, p, 3, -1) < 0 || sender_idle(s) < 0)
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
  queue = unacknowledged(s);
  error = tcp_option(s->out, SOL_SOCKET, SO_ERROR);
  if (error)
    return fail_call(s, "connection failed", error);
  if (queue || !s->bytes)
    return fail_ended(s, "the server ended the connection too early");
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
    return fail_call(s, "unable to end the stream", errno);
  if (s->is_tcp)
    tcp_linger(s->out, 0);
  return 0;
}

int sender_end(struct sender *s, unsigned int patience) {
  struct pollfd p = {s->in, POLLIN, 0};
  ssize_t r;
  char c;

  if (send_netstring(s, "", "", 0) < 0 || sender_idle(s) < 0 ||
      half_close(s) < 0)
    return -1;
  for (;;) {
    r = await(s, &p, 1, (int64_t)patience * 1000);
    if (r < 0)
      return -1;
    if (r == 0)
      return fail(s, "time-out: the server does not end the connection", 0);
    r = read(s->in, &c, 1);
    if (r == 0)
      return check_end(s);
    if (r > 0)
      return fail_ended(s, "the server sent something");
    if (errno != EAGAIN && errno != EINTR)
      return fail_call(s, "unable to read", errno);
  }
}
