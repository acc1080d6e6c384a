#include "stream.h"

#include "netstring.h"

#include <errno.h>
#include <string.h>

#define ID_DIGITS "0123456789abcdef"

void stream_start(struct stream *s, stream_op op, void *context) {
  s->op = op;
  s->context = context;
  s->bytes = 0;
  s->why = 0;
  s->cut = 0;
  s->pos = s->len = s->block = 0;
  s->in_block = 0;
}

static int fail(struct stream *s, int cut, const char *why) {
  s->why = why;
  s->cut = cut;
  return -1;
}

/* Gets more bytes: 1; 0 end of file; -1. */
static int more(struct stream *s) {
  ssize_t r;
  if (s->pos) {
    memmove(s->buf, s->buf + s->pos, s->len -= s->pos);
    s->pos = 0;
  }
  do
    r = s->op(s->context, s->buf + s->len, sizeof s->buf - s->len);
  while (r < 0 && errno == EINTR);
  if (r < 0)
    return fail(s, 1, errno == ETIMEDOUT ? "timed out" : "unable to read");
  s->len += (size_t)r;
  s->bytes += (uint64_t)r;
  return r > 0;
}

int stream_ready(const struct stream *s) {
  return s->pos < s->len;
}

/* The length and colon of a netstring of at most max bytes. */
static int head(struct stream *s, size_t max, size_t *len, const char *what) {
  for (;;) {
    const char *p = s->buf + s->pos;
    size_t avail = s->len - s->pos, n = 0, u = 0;
    int r;
    while (n < avail && n < 9 && p[n] >= '0' && p[n] <= '9')
      u = u * 10 + (size_t)(p[n++] - '0');
    if (n > 8 || (n > 1 && *p == '0') || (n < avail && p[n] != ':') ||
        (n < avail && !n))
      return fail(s, 0, "no netstring where one should be");
    if (n && u > max)
      return fail(s, 0, what);
    if (n < avail) {
      s->pos += n + 1;
      *len = u;
      return 1;
    }
    r = more(s);
    if (r < 0)
      return -1;
    if (!r)
      return fail(s, 1, "stream cut off");
  }
}

static int comma(struct stream *s) {
  if (s->pos == s->len) {
    int r = more(s);
    if (r < 0)
      return -1;
    if (!r)
      return fail(s, 1, "stream cut off");
  }
  if (s->buf[s->pos] != ',')
    return fail(s, 0, "netstring without its comma");
  ++s->pos;
  return 1;
}

/* A whole netstring into memory of max bytes. */
static int whole(struct stream *s, char *to, size_t max, size_t *len,
                 const char *what) {
  if (head(s, max, len, what) < 0)
    return -1;
  for (size_t have = 0; have < *len;) {
    size_t n = s->len - s->pos;
    if (!n) {
      int r = more(s);
      if (r < 0)
        return -1;
      if (!r)
        return fail(s, 1, "stream cut off");
      continue;
    }
    if (n > *len - have)
      n = *len - have;
    memcpy(to + have, s->buf + s->pos, n);
    s->pos += n;
    have += n;
  }
  return comma(s);
}

int stream_begin(struct stream *s, char id[STREAM_ID + 1], char *list,
                 size_t *list_len) {
  char magic[3];
  size_t len;
  const char *why;
  if (whole(s, magic, sizeof magic, &len, "not a dataflow stream") < 0)
    return -1;
  if (len != 3 || memcmp(magic, "DF1", 3))
    return fail(s, 0, "not a dataflow stream");
  if (whole(s, id, STREAM_ID, &len, "id is too long") < 0)
    return -1;
  id[len] = 0;
  if (len != STREAM_ID || strspn(id, ID_DIGITS) != STREAM_ID)
    return fail(s, 0, "id is not 32 hex digits");
  if (whole(s, list, LIST_MAX, list_len, "list is too long") < 0)
    return -1;
  why = list_check(list, *list_len);
  return why ? fail(s, 0, why) : 1;
}

int stream_header(struct stream *s, char header[HEADER_MAX], size_t *len,
                  struct header *h) {
  const char *why;
  if (whole(s, header, HEADER_MAX, len, "header is too long") < 0)
    return -1;
  if (!*len)
    return 0;
  s->in_block = 0;
  why = header_scan(header, *len, HEADER_STREAM, h);
  return why ? fail(s, 0, why) : 1;
}

int stream_data(struct stream *s, const char **p, size_t *len) {
  if (s->in_block && !s->block) {
    s->in_block = 0;
    if (comma(s) < 0)
      return -1;
  }
  if (!s->in_block) {
    if (head(s, STREAM_BLOCK, &s->block, "block is too long") < 0)
      return -1;
    if (!s->block)
      return comma(s) < 0 ? -1 : 0;
    s->in_block = 1;
  }
  if (s->pos == s->len) {
    int r;
    s->pos = s->len = 0;
    r = more(s);
    if (r < 0)
      return -1;
    if (!r)
      return fail(s, 1, "stream cut off");
  }
  *p = s->buf + s->pos;
  *len = s->len - s->pos;
  if (*len > s->block)
    *len = s->block;
  s->pos += *len;
  s->block -= *len;
  return 1;
}

int stream_trailer(struct stream *s, struct trailer *t) {
  char text[TRAILER_MAX];
  size_t len;
  const char *why;
  if (whole(s, text, sizeof text, &len, "trailer is too long") < 0)
    return -1;
  if (!len)
    return 0;
  why = trailer_scan(text, len, t);
  return why ? fail(s, 0, why) : 1;
}

int stream_eof(struct stream *s) {
  int r = s->pos < s->len ? 1 : more(s);
  if (r > 0)
    return fail(s, 0, "bytes after the end mark");
  return r < 0 ? -1 : 1;
}
