#include "names.h"

#include <errno.h>
#include <unistd.h>

void names_start(struct names *n, int fd) {
  n->fd = fd;
  n->eof = 0;
  n->pos = n->len = 0;
}

/* 1: there is a byte in the buffer; 0: end; -1: errno. */
static int fill(struct names *n) {
  ssize_t r;

  if (n->pos < n->len)
    return 1;
  if (n->eof)
    return 0;
  do
    r = read(n->fd, n->buf, sizeof n->buf);
  while (r < 0 && errno == EINTR);
  if (r < 0)
    return -1;
  n->eof = r == 0;
  n->pos = 0;
  n->len = (size_t)r;
  return r > 0;
}

int names_next(struct names *n) {
  size_t len = 0;
  int any = 0, r;

  while ((r = fill(n)) == 1) {
    const char c = n->buf[n->pos++];

    if (!c) {
      any = 1;
      break;
    }
    if (len < sizeof n->name)
      n->name[len++] = c;
  }
  if (r < 0 || (!len && !any))
    return r;
  if (len == sizeof n->name) {
    n->name[len - 1] = 0;
    errno = ENAMETOOLONG;
    return -1;
  }
  n->name[len] = 0;
  return 1;
}
