#include "listfile.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define MAGIC 4

/* Up to max bytes, over short reads. -1: errno. */
static ssize_t read_up_to(int fd, char *p, size_t max) {
  size_t n = 0;
  ssize_t r;

  while (n < max) {
    r = read(fd, p + n, max - n);
    if (r < 0 && errno == EINTR)
      continue;
    if (r < 0)
      return -1;
    if (r == 0)
      break;
    n += (size_t)r;
  }
  return (ssize_t)n;
}

const char *listfile_read(const char *name, char list[LIST_MAX], size_t *len) {
  const int fd = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  char magic[MAGIC], more;
  ssize_t m = -1, r = -1, rest = -1;
  int error;

  if (fd < 0)
    return "unable to open it";
  m = read_up_to(fd, magic, MAGIC);
  if (m == MAGIC)
    r = read_up_to(fd, list, LIST_MAX);
  if (r >= 0)
    rest = read_up_to(fd, &more, 1);
  error = errno;
  close(fd);
  errno = error;
  if (m < 0 || (m == MAGIC && (r < 0 || rest < 0)))
    return "unable to read it";
  errno = 0;
  if (m < MAGIC || memcmp(magic, LIST_MAGIC, MAGIC) != 0)
    return "it is no replicate list (genrep makes one)";
  if (rest > 0)
    return "it is longer than a list may be";
  *len = (size_t)r;
  return list_check(list, *len);
}
