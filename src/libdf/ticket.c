#include "ticket.h"
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int ticket_make(struct header_text *out, const struct header_text *header,
                const struct trailer *t) {
  struct header h;

  memcpy(out, header, sizeof *out);
  if (header_scan(header->s, header->len, HEADER_STREAM, &h))
    return 0;
  if (!h.has_length && !header_add_number(out, "Content-Length", t->length))
    return 0;
  if (!h.md5[0] && !header_add(out, "md5hash", t->md5, MD5_HEX))
    return 0;
  return h.sha256[0] || !t->sha256[0] ||
         header_add(out, "SHA-256", t->sha256, SHA256_HEX);
}

/* A new file beside name, which is to be renamed or unlinked. */
static int open_beside(const char *name, char tmp[PATH_MAX]) {
  if (snprintf(tmp, PATH_MAX, "%s.XXXXXX", name) >= PATH_MAX) {
    errno = ENAMETOOLONG;
    return -1;
  }
  return mkostemp(tmp, O_CLOEXEC);
}

int ticket_check(const char *name) {
  char tmp[PATH_MAX];
  struct stat st;
  int fd;

  if (!*name) {
    errno = ENOENT;
    return -1;
  }
  if (lstat(name, &st) == 0) {
    if (!S_ISREG(st.st_mode)) {
      errno = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
      return -1;
    }
  } else if (errno != ENOENT)
    return -1;
  fd = open_beside(name, tmp);
  if (fd < 0)
    return -1;
  close(fd);
  return unlink(tmp);
}

int ticket_write(const char *name, const struct header_text *ticket) {
  char tmp[PATH_MAX];
  const int fd = open_beside(name, tmp);
  int error;

  if (fd < 0)
    return -1;
  if (file_write(fd, ticket->s, ticket->len) == 0 && fchmod(fd, 0644) == 0 &&
      fsync(fd) == 0 && rename(tmp, name) == 0) {
    close(fd);
    return 0;
  }
  error = errno;
  unlink(tmp);
  close(fd);
  errno = error;
  return -1;
}
