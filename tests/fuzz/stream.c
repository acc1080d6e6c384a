/* A whole stream; what is made of it must not depend on the pieces in which it
 * arrives. */
#include "target.h"

#include "stream.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct source {
  const uint8_t *p;
  size_t len, at, step;
};

struct said {
  char s[1 << 20];
  size_t len;
};

static struct stream s;
static struct said once, pieces;
static char list[LIST_MAX], header[HEADER_MAX];

__attribute__((format(printf, 2, 3))) static void say(struct said *o,
                                                      const char *format, ...) {
  va_list args;
  int n;
  va_start(args, format);
  n = vsnprintf(o->s + o->len, sizeof o->s - o->len, format, args);
  va_end(args);
  MUST(n >= 0 && (size_t)n < sizeof o->s - o->len);
  o->len += (size_t)n;
}

static ssize_t op(void *context, void *p, size_t len) {
  struct source *o = context;
  size_t n = o->len - o->at;
  if (n > len)
    n = len;
  if (n > o->step)
    n = o->step;
  if (n)
    memcpy(p, o->p + o->at, n);
  o->at += n;
  return (ssize_t)n;
}

static int data(struct said *o) {
  char md5[MD5_HEX + 1], sha256[SHA256_HEX + 1];
  struct digest d;
  const char *p;
  size_t len;
  int r;
  digest_start(&d, 0);
  while ((r = stream_data(&s, &p, &len)) == 1) {
    MUST(len > 0);
    digest_add(&d, p, len);
  }
  digest_end(&d, md5, sha256);
  if (!r)
    say(o, " data %llu %s", (unsigned long long)d.bytes, md5);
  return r;
}

static int chunk(struct said *o) {
  char md5[MD5_HEX + 1];
  struct header h;
  struct trailer t;
  size_t len;
  int r = stream_header(&s, header, &len, &h);
  if (r < 1)
    return r;
  digest_md5(header, len, md5);
  say(o, "header %s", md5);
  if (data(o) < 0 || (r = stream_trailer(&s, &t)) < 0)
    return -1;
  if (!r)
    say(o, " given up; ");
  else
    say(o, " trailer %llu %s %s; ", (unsigned long long)t.length, t.md5,
        t.sha256);
  return 1;
}

static void take(struct said *o, const uint8_t *p, size_t len, size_t step) {
  struct source from = {.p = p, .len = len, .step = step};
  char id[STREAM_ID + 1], md5[MD5_HEX + 1];
  size_t list_len;
  int r;
  o->len = 0;
  stream_start(&s, op, &from);
  r = stream_begin(&s, id, list, &list_len);
  if (r == 1) {
    digest_md5(list, list_len, md5);
    say(o, "id %s list %s; ", id, md5);
    while ((r = chunk(o)) == 1)
      ;
    if (!r)
      r = stream_eof(&s);
  }
  say(o, r == 1 ? "end" : s.cut ? "cut" : "broken");
  MUST(r == 1 || s.why);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t len) {
  take(&once, p, len, len);
  take(&pieces, p, len, 1);
  MUST(once.len == pieces.len && !memcmp(once.s, pieces.s, once.len));
  take(&pieces, p, len, 1 + len % 61);
  MUST(once.len == pieces.len && !memcmp(once.s, pieces.s, once.len));
  verdict("%s", once.s);
  return 0;
}
