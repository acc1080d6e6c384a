#include "whole.h"

#include <errno.h>
#include <unistd.h>

ssize_t whole_read(int fd, void *p, size_t max) {
  size_t len = 0;

  for (;;) {
    char more;
    const int is_full = len == max;
    const ssize_t r =
        is_full ? read(fd, &more, 1) : read(fd, (char *)p + len, max - len);

    if (r == 0)
      return (ssize_t)len;
    if (r == -1 && errno == EINTR)
      continue;
    if (r == -1)
      return -1;
    if (is_full) {
      errno = EFBIG;
      return -1;
    }
    len += (size_t)r;
  }
}
