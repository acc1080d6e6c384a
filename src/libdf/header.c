#include "header.h"
#include "list.h"
#include "number.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

int header_next(const char *h, size_t len, size_t *pos, struct field *f) {
  const char *s = h + *pos, *end, *p;

  if (*pos >= len)
    return 0;
  end = memchr(s, '\n', len - *pos);
  if (!end)
    return -1;
  for (p = s; p < end && *p != ':'; p++)
    if (*p < 33 || *p > 126)
      return -1;
  if (p == s || p == end)
    return -1;
  f->name = s;
  f->name_len = (size_t)(p - s);
  for (p++; p < end && (*p == ' ' || *p == '\t'); p++)
    ;
  f->value = p;
  f->value_len = (size_t)(end - p);
  for (; p < end; p++)
    if ((unsigned char)*p < 32 || *p == 127)
      return -1;
  f->line = s;
  f->line_len = (size_t)(end + 1 - s);
  *pos += f->line_len;
  return 1;
}

int field_is(const struct field *f, const char *name) {
  return f->name_len == strlen(name) &&
         strncasecmp(f->name, name, f->name_len) == 0;
}

static int hex_copy(char *out, size_t digits, const struct field *f) {
  size_t i;

  if (f->value_len != digits)
    return 0;
  for (i = 0; i < digits; i++)
    if (!memchr("0123456789abcdef", f->value[i], 16))
      return 0;
  memcpy(out, f->value, digits);
  out[digits] = 0;
  return 1;
}

struct scan {
  struct header *out;
  enum header_kind kind;
  int has_stored;
};

/* Lines that may stand once: marks the first, complains of the second. */
static const char *number_once(const struct field *f, uint64_t *u, int *has) {
  if (*has)
    return "line twice in header";
  *has = 1;
  return number_scan(f->value, f->value_len, u) ? 0 : "bad number in header";
}

static const char *scan_names(struct scan *s, const struct field *f) {
  struct header *o = s->out;

  if (field_is(f, "Key")) {
    if (!f->value_len || f->value_len > KEY_MAX)
      return "key is empty or too long";
    if (o->key)
      return s->kind == HEADER_STREAM ? "more than one key" : 0;
    o->key = f->value;
    o->key_len = f->value_len;
    return 0;
  }
  if (field_is(f, "Backup-Host"))
    return host_valid(f->value, f->value_len) ? 0 : "bad Backup-Host";
  if (field_is(f, "Host")) {
    if (o->host)
      return "line twice in header";
    if (!host_valid(f->value, f->value_len))
      return "bad Host";
    o->host = f->value;
    o->host_len = f->value_len;
  }
  return 0;
}

static const char *scan_hashes(struct scan *s, const struct field *f) {
  struct header *o = s->out;

  if (field_is(f, "md5hash")) {
    if (o->md5[0])
      return "line twice in header";
    return hex_copy(o->md5, MD5_HEX, f) ? 0 : "bad md5hash";
  }
  if (field_is(f, "SHA-256")) {
    if (o->sha256[0])
      return "line twice in header";
    return hex_copy(o->sha256, SHA256_HEX, f) ? 0 : "bad SHA-256";
  }
  if (field_is(f, "Stamp")) {
    if (o->stamp[0])
      return "line twice in header";
    if (!label_scan(f->value, f->value_len, 0))
      return "bad Stamp";
    memcpy(o->stamp, f->value, LABEL_LEN);
  }
  return 0;
}

static const char *scan_rest(struct scan *s, const struct field *f) {
  struct header *o = s->out;

  if (field_is(f, "Content-Length"))
    return number_once(f, &o->length, &o->has_length);
  if (field_is(f, "Cache-Time"))
    return number_once(f, &o->cache_time, &o->has_cache_time);
  if (field_is(f, "TTL"))
    return number_once(f, &o->ttl, &o->has_ttl);
  if (field_is(f, "Data")) {
    if (s->kind != HEADER_STREAM)
      return "Data line in a stored header";
    if (o->data_none)
      return "line twice in header";
    if (f->value_len != 4 || memcmp(f->value, "none", 4) != 0)
      return "bad Data line";
    o->data_none = 1;
  }
  if (field_is(f, "Stored") && s->kind != HEADER_STREAM) {
    if (s->has_stored)
      return "line twice in header";
    s->has_stored = 1;
    return label_scan(f->value, f->value_len, 0) ? 0 : "bad Stored line";
  }
  return 0;
}

const char *header_scan(const char *h, size_t len, enum header_kind kind,
                        struct header *out) {
  struct scan s = {out, kind, 0};
  struct field f;
  const char *why;
  size_t pos = 0;
  unsigned int lines = 0;
  int r;

  memset(out, 0, sizeof *out);
  if (!len)
    return "empty header";
  if (len > HEADER_MAX)
    return "header too long";
  while ((r = header_next(h, len, &pos, &f)) == 1) {
    if (++lines > HEADER_LINES)
      return "too many header lines";
    if ((why = scan_names(&s, &f)) || (why = scan_hashes(&s, &f)) ||
        (why = scan_rest(&s, &f)))
      return why;
  }
  if (r < 0)
    return "malformed header line";
  if (!out->host)
    return "header without Host";
  if (!out->stamp[0])
    return "header without Stamp";
  if (kind == HEADER_STREAM)
    return 0;
  if (!out->has_length)
    return "header without Content-Length";
  if (!out->md5[0])
    return "header without md5hash";
  return s.has_stored || kind == HEADER_TICKET ? 0 : "header without Stored";
}

const char *trailer_scan(const char *t, size_t len, struct trailer *out) {
  struct field f;
  size_t pos = 0;
  int has_length = 0, r;

  memset(out, 0, sizeof *out);
  if (len > TRAILER_MAX)
    return "trailer too long";
  while ((r = header_next(t, len, &pos, &f)) == 1) {
    if (field_is(&f, "Content-Length")) {
      if (has_length)
        return "line twice in trailer";
      has_length = 1;
      if (!number_scan(f.value, f.value_len, &out->length))
        return "bad number in trailer";
    } else if (field_is(&f, "md5hash")) {
      if (out->md5[0])
        return "line twice in trailer";
      if (!hex_copy(out->md5, MD5_HEX, &f))
        return "bad md5hash in trailer";
    } else if (field_is(&f, "SHA-256")) {
      if (out->sha256[0])
        return "line twice in trailer";
      if (!hex_copy(out->sha256, SHA256_HEX, &f))
        return "bad SHA-256 in trailer";
    } else
      return "unknown line in trailer";
  }
  if (r < 0)
    return "malformed trailer line";
  if (!has_length)
    return "trailer without Content-Length";
  return out->md5[0] ? 0 : "trailer without md5hash";
}

size_t trailer_fmt(char out[TRAILER_MAX], const struct trailer *t) {
  struct header_text h = {.len = 0};

  header_add_number(&h, "Content-Length", t->length);
  header_add(&h, "md5hash", t->md5, strlen(t->md5));
  if (t->sha256[0])
    header_add(&h, "SHA-256", t->sha256, strlen(t->sha256));
  memcpy(out, h.s, h.len);
  out[h.len] = 0;
  return h.len;
}

int host_valid(const char *s, size_t len) {
  char text[HOST_MAX + 1];
  struct in6_addr a;

  if (!len || len > HOST_MAX || memchr(s, 0, len))
    return 0;
  memcpy(text, s, len);
  text[len] = 0;
  return inet_pton(AF_INET, text, &a) == 1 ||
         inet_pton(AF_INET6, text, &a) == 1 || list_name_valid(s, len);
}

int header_add_line(struct header_text *t, const char *line, size_t len) {
  if (t->lines >= HEADER_LINES || len > sizeof t->s - t->len)
    return 0;
  memcpy(t->s + t->len, line, len);
  t->len += len;
  t->lines++;
  return 1;
}

int header_add(struct header_text *t, const char *name, const char *value,
               size_t value_len) {
  size_t n = strlen(name);
  size_t room = sizeof t->s - t->len;

  if (t->lines >= HEADER_LINES || value_len > room || n + value_len + 3 > room)
    return 0;
  memcpy(t->s + t->len, name, n);
  memcpy(t->s + t->len + n, ": ", 2);
  memcpy(t->s + t->len + n + 2, value, value_len);
  t->s[t->len + n + 2 + value_len] = '\n';
  t->len += n + value_len + 3;
  t->lines++;
  return 1;
}

int header_add_number(struct header_text *t, const char *name, uint64_t u) {
  char digits[20];
  size_t i = sizeof digits;

  do
    digits[--i] = (char)('0' + u % 10);
  while ((u /= 10));
  return header_add(t, name, digits + i, sizeof digits - i);
}
