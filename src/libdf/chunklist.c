#include "chunklist.h"

#include "header.h"
#include "hex.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

struct reading {
  struct md5set *out;
  uint64_t md5hashes, stamps; /* of the tickets since the last other line */
};

static const char *put(struct reading *r, const unsigned char *md5) {
  if (md5set_put(r->out, md5, 1) == 0)
    return 0;
  if (errno != EOVERFLOW)
    return "unable to keep them all";
  errno = 0;
  return "too many chunks";
}

/* Each ticket has one of both. */
static const char *end_tickets(struct reading *r) {
  if (r->md5hashes != r->stamps)
    return "a ticket has no md5hash or no Stamp";
  r->md5hashes = r->stamps = 0;
  return 0;
}

/* A line with its newline. */
static const char *take(struct reading *r, const char *s, size_t len) {
  unsigned char md5[MD5SET_BYTES];
  struct field f;
  size_t pos = 0;
  const char *why;
  if (len == 1)
    return end_tickets(r);
  if (len == MD5_HEX + 1 && hex_scan(md5, s, sizeof md5)) {
    why = end_tickets(r);
    return why ? why : put(r, md5);
  }
  if (header_next(s, len, &pos, &f) != 1)
    return "neither an MD5 nor a line of a ticket";
  r->stamps += field_is(&f, "Stamp");
  if (!field_is(&f, "md5hash"))
    return 0;
  ++r->md5hashes;
  return f.value_len == MD5_HEX && hex_scan(md5, f.value, sizeof md5)
             ? put(r, md5)
             : "bad md5hash";
}

/* Takes the whole lines of the len bytes at s; *left: how many bytes begin one
 * that is not whole. */
static const char *lines(struct reading *r, const char *s, size_t len,
                         uint64_t *line, size_t *left) {
  const char *end, *why = 0;
  while (!why && (end = memchr(s, '\n', len))) {
    size_t n = (size_t)(end - s) + 1;
    ++*line;
    why = take(r, s, n);
    s += n;
    len -= n;
  }
  *left = len;
  return why;
}

const char *chunklist_read(int fd, struct md5set *out, uint64_t *line) {
  char buf[4 * HEADER_MAX];
  struct reading reading = {.out = out};
  const char *why = 0;
  size_t left = 0, len;
  ssize_t r;
  *line = 0;
  do {
    r = read(fd, buf + left, sizeof buf - 1 - left);
    if (r < 0 && errno == EINTR)
      continue;
    if (r < 0)
      return "unable to read them";
    errno = 0;
    len = left + (size_t)r;
    if (!r && left) /* the last line may lack its newline */
      buf[len++] = '\n';
    why = lines(&reading, buf, len, line, &left);
    if (!why && left > HEADER_MAX) {
      ++*line;
      return "too long";
    }
    memmove(buf, buf + len - left, left);
  } while (!why && r);
  if (!why)
    why = end_tickets(&reading);
  if (!why && md5set_settle(out) < 0) {
    why = errno == EOVERFLOW ? "too many chunks" : "unable to keep them all";
    errno = errno == EOVERFLOW ? 0 : errno;
  }
  return why;
}
