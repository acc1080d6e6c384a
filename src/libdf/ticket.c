#include "ticket.h"
#include "beside.h"
#include "file.h"

#include <errno.h>
#include <string.h>
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

int ticket_check(const char *name) {
  return beside_check(name);
}

int ticket_write(const char *name, const struct header_text *ticket) {
  char tmp[PATH_MAX];
  const int fd = beside_open(name, tmp);
  int error;

  if (fd < 0)
    return -1;
  if (file_write(fd, ticket->s, ticket->len) == 0)
    return beside_end(fd, tmp, name, 0644);
  error = errno;
  unlink(tmp);
  close(fd);
  errno = error;
  return -1;
}
