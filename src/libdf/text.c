#include "text.h"

#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

int text_map(const char *name, struct text *t) {
  int e, r, fd = open(name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  t->p = "";
  t->len = 0;
  if (fd < 0)
    return errno == ENOENT ? 0 : -1;
  r = file_map(fd, &t->p, &t->len);
  e = errno;
  close(fd);
  errno = e;
  return r < 0 ? -1 : 1;
}

void text_unmap(const struct text *t) {
  file_unmap(t->p, t->len);
}

int text_line(const struct text *t, size_t *pos, struct text *line) {
  const char *end =
      *pos < t->len ? memchr(t->p + *pos, '\n', t->len - *pos) : 0;
  if (!end)
    return 0;
  line->p = t->p + *pos;
  line->len = (size_t)(end - line->p);
  *pos += line->len + 1;
  return 1;
}
