#include "merge.h"

#include "pushes.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Room that keys and hosts leave to later Taken lines. */
#define TAKEN_KEPT 8
#define TAKEN_LINE (sizeof "Taken: \n" - 1 + PUSHES_LEN)

struct part {
  const char *h;
  size_t len;
  struct header scan;
};

struct merging {
  struct header_text *out;
  struct header_text extra; /* keys and hosts that have room */
  unsigned int dropped;
};

int merge_has(const char *h, size_t len, const char *name, const char *value,
              size_t value_len) {
  const int host = !strcmp(name, "Host") || !strcmp(name, "Backup-Host");
  struct field f;
  size_t pos = 0;
  while (header_next(h, len, &pos, &f) == 1)
    if (field_is(&f, name) && f.value_len == value_len &&
        (host ? !strncasecmp(f.value, value, value_len)
              : !memcmp(f.value, value, value_len)))
      return 1;
  return 0;
}

int merge_is_other(const struct field *f) {
  static const char *const known[] = {
      "Key",        "Host", "Backup-Host", "Content-Length",
      "Cache-Time", "TTL",  "md5hash",     "SHA-256",
      "Stamp",      "Data", "Stored",      "Taken"};
  for (size_t i = 0; i < sizeof known / sizeof *known; ++i)
    if (field_is(f, known[i]))
      return 0;
  return 1;
}

static int next_other(const struct part *p, size_t *pos, struct field *f) {
  while (header_next(p->h, p->len, pos, f) == 1)
    if (merge_is_other(f))
      return 1;
  return 0;
}

static int compare(const char *a, size_t alen, const char *b, size_t blen) {
  int r = memcmp(a, b, alen < blen ? alen : blen);
  return r ? r : (alen > blen) - (alen < blen);
}

/* Which of two headers counts as the newer: >= 0 a. Of equal Stamps the one
 * with the greater text, so that the order of arrival does not matter. */
static int newer(const struct part *a, const struct part *b) {
  const struct header *x = &a->scan, *y = &b->scan;
  struct field f, g;
  size_t i = 0, k = 0;
  int r = strcmp(x->stamp, y->stamp);
  if (!r)
    r = compare(x->host, x->host_len, y->host, y->host_len);
  if (!r)
    r = x->has_ttl - y->has_ttl;
  if (!r)
    r = (x->ttl > y->ttl) - (x->ttl < y->ttl);
  while (!r) {
    int more = next_other(a, &i, &f), more2 = next_other(b, &k, &g);
    if (!more || !more2)
      return more - more2;
    r = compare(f.line, f.line_len, g.line, g.line_len);
  }
  return r;
}

static int fits(const struct merging *m, size_t len, unsigned int taken) {
  const struct header_text *a = m->out, *b = &m->extra;
  return a->len + b->len + len + taken * TAKEN_LINE <= sizeof a->s &&
         a->lines + b->lines + 1 + taken <= HEADER_LINES;
}

/* A key or backup host that is not there yet. */
static void add(struct merging *m, const char *name, const char *value,
                size_t len) {
  struct header_text *t = &m->extra;
  if (merge_has(t->s, t->len, name, value, len) ||
      (*name == 'B' && merge_has(m->out->s, m->out->len, "Host", value, len)))
    return;
  if (fits(m, strlen(name) + len + 3, TAKEN_KEPT))
    header_add(t, name, value, len);
  else
    ++m->dropped;
}

static void add_keys_and_hosts(struct merging *m, const struct part *p) {
  struct field f;
  size_t pos = 0;
  while (header_next(p->h, p->len, &pos, &f) == 1)
    if (field_is(&f, "Key"))
      add(m, "Key", f.value, f.value_len);
  add(m, "Backup-Host", p->scan.host, p->scan.host_len);
  pos = 0;
  while (header_next(p->h, p->len, &pos, &f) == 1)
    if (field_is(&f, "Backup-Host"))
      add(m, "Backup-Host", f.value, f.value_len);
}

/* The same lines in the same order, whatever they came with. */
static void put_extra(struct merging *m, const char *name) {
  struct field f;
  size_t pos = 0;
  while (header_next(m->extra.s, m->extra.len, &pos, &f) == 1)
    if (field_is(&f, name))
      header_add_line(m->out, f.line, f.line_len);
}

static void add_others(struct merging *m, const struct part *p) {
  struct field f;
  size_t pos = 0;
  while (next_other(p, &pos, &f))
    if (fits(m, f.line_len, 1))
      header_add_line(m->out, f.line, f.line_len);
    else
      ++m->dropped;
}

int merge_cache_time(const struct header *young, const struct header *old,
                     uint64_t *u) {
  int64_t from, to;
  uint64_t passed;
  if (!young->has_cache_time || (old && !old->has_cache_time))
    return 0;
  *u = young->cache_time;
  if (!old)
    return 1;
  label_scan(old->stamp, LABEL_LEN, &from);
  label_scan(young->stamp, LABEL_LEN, &to);
  passed = to > from ? (uint64_t)to - (uint64_t)from : 0;
  if (old->cache_time > passed && old->cache_time - passed > *u)
    *u = old->cache_time - passed;
  return 1;
}

static void stored_label(const struct part *old, const char *label,
                         char out[LABEL_LEN]) {
  struct field f;
  size_t pos = 0;
  memcpy(out, label, LABEL_LEN);
  while (header_next(old->h, old->len, &pos, &f) == 1)
    if (field_is(&f, "Stored") && f.value_len == LABEL_LEN &&
        memcmp(f.value, label, LABEL_LEN) < 0)
      memcpy(out, f.value, LABEL_LEN);
}

static void add_facts(struct header_text *out, const struct part *young,
                      const struct part *old, const struct part *stored,
                      const struct merge_push *push) {
  const char *sha256 = stored->len ? stored->scan.sha256 : "";
  char label[LABEL_LEN];
  uint64_t u;
  header_add(out, "Host", young->scan.host, young->scan.host_len);
  header_add_number(out, "Content-Length", push->length);
  if (merge_cache_time(&young->scan, old->len ? &old->scan : 0, &u))
    header_add_number(out, "Cache-Time", u);
  if (young->scan.has_ttl)
    header_add_number(out, "TTL", young->scan.ttl);
  header_add(out, "md5hash", push->md5, MD5_HEX);
  if (push->sha256_len == SHA256_HEX)
    sha256 = push->sha256;
  if (*sha256)
    header_add(out, "SHA-256", sha256, SHA256_HEX);
  header_add(out, "Stamp", young->scan.stamp, LABEL_LEN);
  stored_label(stored, push->stored, label);
  header_add(out, "Stored", label, LABEL_LEN);
}

const char *merge(struct header_text *out, const char *old, size_t old_len,
                  const struct merge_push *push, unsigned int *dropped) {
  struct part stored = {.h = old_len ? old : "", .len = old_len};
  struct part fresh = {.h = push->header, .len = push->header_len};
  const struct part *young = &fresh, *aged = &stored;
  struct merging m = {.out = out};
  struct pushes p = {.n = 0};
  char taken[PUSHES_LEN + 1];
  const char *why;
  why = header_scan(fresh.h, fresh.len, HEADER_STREAM, &fresh.scan);
  if (!why && old_len)
    why = header_scan(old, old_len, HEADER_STORED, &stored.scan);
  if (why)
    return why;
  if (old_len && newer(&stored, &fresh) >= 0) {
    young = &stored;
    aged = &fresh;
  }
  out->len = 0;
  out->lines = 0;
  add_facts(out, young, aged, &stored, push);
  add_others(&m, young);
  if (old_len)
    add_keys_and_hosts(&m, &stored);
  add_keys_and_hosts(&m, &fresh);
  put_extra(&m, "Key");
  put_extra(&m, "Backup-Host");
  snprintf(taken, sizeof taken, "%s %.32s", fresh.scan.stamp, push->list_md5);
  pushes_add(&p, taken);
  pushes_read(&p, stored.h, stored.len);
  pushes_put(out, &p);
  *dropped = m.dropped;
  return 0;
}

int merge_alike(const char *a, size_t len, const char *b, size_t b_len) {
  static const char name[] = "Stored: ";
  const char *line = memmem(a, len, name, sizeof name - 1);
  size_t at = line ? (size_t)(line - a) + sizeof name - 1 + LABEL_LEN : 0;
  if (len != b_len)
    return 0;
  if (at < 8 || at > len || (line != a && line[-1] != '\n'))
    return !memcmp(a, b, len);
  return !memcmp(a, b, at - 8) && !memcmp(a + at, b + at, len - at);
}
