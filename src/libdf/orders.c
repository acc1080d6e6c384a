#include "orders.h"

#include "file.h"
#include "number.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int is_md5(const char *s, size_t len) {
  return len == MD5_HEX && strspn(s, "0123456789abcdef") >= MD5_HEX;
}

/* Names are made by us: no slash but the one in STREAM/NUMBER, no dot first. */
static int is_name(const char *s, size_t len) {
  if (!len || len >= ORDER_NAME || *s == '.' || *s == '/')
    return 0;
  for (size_t i = 0; i < len; ++i)
    if (!memchr("0123456789abcdefghijklmnopqrstuvwxyz@-./", s[i], 40) ||
        (s[i] == '/' && i + 1 < len && s[i + 1] == '.'))
      return 0;
  return 1;
}

static int word(const char **s, size_t *len, const char *w) {
  size_t n = strlen(w);
  if (*len < n || memcmp(*s, w, n))
    return 0;
  *s += n;
  *len -= n;
  return 1;
}

int order_scan(const char *line, size_t len, struct order *o) {
  const char *space;
  size_t n;
  uint64_t u;
  memset(o, 0, sizeof *o);
  if (is_md5(line, len)) {
    o->kind = ORDER_MD5;
    memcpy(o->name, line, len);
    return 1;
  }
  if (len == 3 && word(&line, &len, "end"))
    return o->kind = ORDER_END, 1;
  if (len == 4 && word(&line, &len, "done"))
    return o->kind = ORDER_DONE, 1;
  if (len == 4 && word(&line, &len, "lost"))
    return o->kind = ORDER_LOST, 1;
  if (word(&line, &len, "spool "))
    o->kind = ORDER_SPOOL;
  else if (word(&line, &len, "commit "))
    o->kind = ORDER_COMMIT;
  else if (word(&line, &len, "committed "))
    o->kind = ORDER_COMMITTED;
  else
    return 0;
  space = memchr(line, ' ', len);
  n = space ? (size_t)(space - line) : len;
  if (!is_name(line, n))
    return 0;
  memcpy(o->name, line, n);
  o->has_index = space != 0;
  if (o->has_index != (o->kind == ORDER_COMMIT) && o->kind != ORDER_COMMITTED)
    return 0;
  if (!space)
    return 1;
  if (!number_scan(space + 1, len - n - 1, &u) || u > UINT32_MAX)
    return 0;
  o->index = (uint32_t)u;
  return 1;
}

void orders_start(struct orders *r, int fd) {
  r->fd = fd;
  r->pos = r->len = 0;
}

int orders_ready(const struct orders *r) {
  return memchr(r->buf + r->pos, '\n', r->len - r->pos) != 0;
}

int orders_next(struct orders *r, struct order *o) {
  for (;;) {
    char *line = r->buf + r->pos;
    char *newline = memchr(line, '\n', r->len - r->pos);
    ssize_t n;
    if (newline) {
      r->pos += (size_t)(newline - line) + 1;
      if (order_scan(line, (size_t)(newline - line), o))
        return 1;
      errno = EPROTO;
      return -1;
    }
    memmove(r->buf, line, r->len -= r->pos);
    r->pos = 0;
    if (r->len >= ORDER_LINE) {
      errno = EPROTO;
      return -1;
    }
    n = read(r->fd, r->buf + r->len, sizeof r->buf - r->len);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return (int)n;
    r->len += (size_t)n;
  }
}

int orders_ended(int fd) {
  struct stat st;
  char last[4];
  return fstat(fd, &st) == 0 && st.st_size >= 4 &&
         file_read_at(fd, last, 4, st.st_size - 4) == 4 &&
         !memcmp(last, "end\n", 4);
}
