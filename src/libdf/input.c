#include "input.h"

#include "clock.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#define TICK_MS 100
#define MINUTE_MS 60000

static int readable(int fd, int ms) {
  struct pollfd p = {.fd = fd, .events = POLLIN};
  int r;
  do
    r = poll(&p, 1, ms);
  while (r < 0 && errno == EINTR);
  return r;
}

/* While another connection brings the same push fast, little is read. */
static int pace(struct input *in, size_t *len) {
  if (!in->twin || in->twin->fd >= 0)
    return 0;
  if (twin_look(in->twin) < 0)
    return -1;
  if (in->twin->fd >= 0 || !in->twin->fast)
    return 0;
  clock_wait(TICK_MS);
  if (*len > INPUT_PACE * TICK_MS / 1000)
    *len = INPUT_PACE * TICK_MS / 1000;
  in->waited_ms = 0;
  in->waited_from = in->bytes;
  return 0;
}

/* Only the time that we wait for the client counts. */
static int wait_for(struct input *in) {
  uint64_t start = clock_ms(), waited;
  uint64_t limit = (uint64_t)in->timeout * 1000;
  int r;
  if (in->between)
    limit *= INPUT_PATIENCE;
  r = readable(in->fd, limit > 86400000 ? 86400000 : (int)limit);
  if (r < 0)
    return -1;
  waited = clock_ms() - start;
  if (!r)
    return errno = ETIMEDOUT, -1;
  if (in->between)
    return 0;
  in->waited_ms += waited;
  if (in->waited_ms < MINUTE_MS)
    return 0;
  if (in->bytes - in->waited_from < in->waited_ms * INPUT_LEAST / 1000) {
    in->slow = 1;
    return errno = ETIMEDOUT, -1;
  }
  in->waited_ms = 0;
  in->waited_from = in->bytes;
  return 0;
}

ssize_t input_read(void *input, void *p, size_t len) {
  struct input *in = input;
  ssize_t r;
  if (pace(in, &len) < 0)
    return -1;
  r = readable(in->fd, 0);
  if (r < 0)
    return -1;
  if (!r && ((in->idle && in->idle(in->context) < 0) || wait_for(in) < 0))
    return -1;
  do
    r = read(in->fd, p, len);
  while (r < 0 && errno == EINTR);
  if (r > 0) {
    in->bytes += (uint64_t)r;
    in->between = 0;
    if (in->twin)
      twin_progress(in->twin, in->bytes);
  }
  return r;
}
