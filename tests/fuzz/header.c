/* A header of a stream, a stored one, and a trailer, of the same bytes. */
#include "target.h"

#include "header.h"

#include <stdlib.h>
#include <string.h>

static void put_number(const char *name, int has, uint64_t u) {
  if (has)
    verdict(" %s=%llu", name, (unsigned long long)u);
}

static void put_header(const char *kind, const char *why,
                       const struct header *h) {
  if (why) {
    verdict("%s bad; ", kind);
    return;
  }
  verdict("%s", kind);
  if (h->key) {
    verdict(" key=");
    verdict_hex(h->key, h->key_len);
  }
  verdict(" host=");
  verdict_hex(h->host, h->host_len);
  verdict(" stamp=%s", h->stamp);
  if (*h->md5)
    verdict(" md5=%s", h->md5);
  if (*h->sha256)
    verdict(" sha256=%s", h->sha256);
  put_number("length", h->has_length, h->length);
  put_number("cache", h->has_cache_time, h->cache_time);
  put_number("ttl", h->has_ttl, h->ttl);
  verdict("%s; ", h->data_none ? " none" : "");
}

/* What is put together from its lines is the header again. */
static void again(const char *h, size_t len) {
  static struct header_text t;
  struct field f;
  size_t pos = 0;
  t.len = t.lines = 0;
  while (header_next(h, len, &pos, &f) == 1)
    MUST(header_add_line(&t, f.line, f.line_len));
  MUST(t.len == len && !memcmp(t.s, h, len));
  MUST(!header_add_line(&t, h, HEADER_MAX + 1 - len));
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t len) {
  const char *s = (const char *)p;
  char out[TRAILER_MAX];
  struct header h;
  struct trailer t, back;
  const char *why = header_scan(s, len, HEADER_STREAM, &h);
  put_header("stream", why, &h);
  if (!why)
    again(s, len);
  why = header_scan(s, len, HEADER_STORED, &h);
  put_header("stored", why, &h);
  if (trailer_scan(s, len, &t)) {
    verdict("trailer bad");
    return 0;
  }
  verdict("trailer length=%llu md5=%s sha256=%s", (unsigned long long)t.length,
          t.md5, t.sha256);
  MUST(!trailer_scan(out, trailer_fmt(out, &t), &back));
  MUST(t.length == back.length && !strcmp(t.md5, back.md5) &&
       !strcmp(t.sha256, back.sha256));
  return 0;
}
