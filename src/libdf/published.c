#include "published.h"

#include "clock.h"
#include "delta.h"
#include "jsonread.h"
#include "url.h"

#include <stdio.h>
#include <string.h>

#define PAUSE 50 /* ms between two looks at status.json, doubled up to ... */
#define PAUSE_MAX 1000

int published_open(struct published *p, unsigned int connect,
                   unsigned int stall, unsigned int all) {
  *p->epoch = *p->read_epoch = 0;
  p->bytes = p->read = 0;
  p->chunks = PUBLISHED_UNKNOWN;
  p->len = 0;
  return fetch_open(&p->f, connect, stall, all);
}

void published_close(struct published *p) {
  fetch_close(&p->f);
}

static const char *failed(struct published *p, const char *name,
                          const char *why) {
  snprintf(p->why, sizeof p->why, "%s: %s", name, why);
  return p->why;
}

static const char *get(struct published *p, const char *name, uint64_t from,
                       uint64_t to, uint64_t max,
                       int (*each)(void *context, const char *s, size_t len)) {
  char url[URL_MAX];
  const char *why = url_make(url, p->url, p->host, name);
  p->len = 0;
  if (!why)
    why = fetch_get(&p->f, url, from, to, max, each, p);
  return why ? failed(p, name, why) : 0;
}

int published_is_bare(const struct published *p) {
  return p->f.status == 404;
}

static int keep(void *context, const char *s, size_t len) {
  struct published *p = context;
  if (len > sizeof p->buf - p->len)
    return -1;
  memcpy(p->buf + p->len, s, len);
  p->len += len;
  return 0;
}

/* A member of an object that is a number of this size. 1; 0: it is not there.
 */
static int scan_number(const json_t *j, const char *name, uint64_t *u) {
  const json_t *n = json_object_get(j, name);
  if (!json_is_integer(n) || json_integer_value(n) < 0)
    return 0;
  *u = (uint64_t)json_integer_value(n);
  return 1;
}

/* The members epoch and delta_bytes of an object, and chunks where that is a
 * number. 1; 0: not there. */
static int scan_epoch(const char *s, size_t len, char epoch[LABEL_LEN + 1],
                      uint64_t *bytes, uint64_t *chunks) {
  json_t *j = jsonread(s, len);
  const char *e = json_string_value(json_object_get(j, "epoch"));
  int good =
      e && label_scan(e, strlen(e), 0) && scan_number(j, "delta_bytes", bytes);
  if (good)
    memcpy(epoch, e, LABEL_LEN + 1);
  if (!scan_number(j, "chunks", chunks))
    *chunks = PUBLISHED_UNKNOWN;
  json_decref(j);
  return good;
}

const char *published_status(struct published *p) {
  const char *why = get(p, "status.json", 0, FETCH_ALL, PUBLISHED_STATUS, keep);
  if (!why && !scan_epoch(p->buf, p->len, p->epoch, &p->bytes, &p->chunks))
    why = failed(p, "status.json", "it makes no sense");
  return why;
}

/* Pieces in, lines out. What line returns; -1 too where one is too long. */
static int lines(struct published *p, const char *s, size_t len,
                 int (*line)(struct published *p)) {
  int r = 0;
  while (len && !r) {
    const char *end = memchr(s, '\n', len);
    size_t n = end ? (size_t)(end - s) : len;
    if (n > PUBLISHED_LINE - p->len)
      return -1;
    memcpy(p->buf + p->len, s, n);
    p->len += n;
    if (!end)
      return 0;
    r = line(p);
    p->len = 0;
    s += n + 1;
    len -= n + 1;
  }
  return r;
}

static int delta_line(struct published *p) {
  return p->record(p->context, p->buf, p->len) < 0 ? -1 : 0;
}

static int take_delta(void *context, const char *s, size_t len) {
  return lines(context, s, len, delta_line);
}

static const char *read_delta(struct published *p, uint64_t from) {
  char name[DELTA_NAME];
  const char *why = 0;
  delta_name(name, p->epoch);
  if (from < p->bytes)
    why = get(p, name, from, p->bytes, 0, take_delta);
  if (!why && from < p->bytes && p->len)
    why = failed(p, name, "a record is cut off");
  return why;
}

/* The first line, made an object. One of another epoch is not read on. */
static int index_begin(struct published *p) {
  uint64_t chunks;
  if (!p->len || p->buf[p->len - 1] != '[')
    return -1;
  memcpy(p->buf + p->len, "]}", 2);
  p->index.begun = 1;
  if (!scan_epoch(p->buf, p->len + 2, p->index.epoch, &p->index.bytes, &chunks))
    return -1;
  return p->index.ended = strcmp(p->index.epoch, p->epoch) != 0;
}

/* The first line; records; "]}". */
static int index_line(struct published *p) {
  int r;
  if (!p->index.begun)
    return index_begin(p);
  if (p->index.ended)
    return -1;
  if (p->len == 2 && !memcmp(p->buf, "]}", 2)) {
    p->index.ended = 1;
    return 0;
  }
  if (p->len && p->buf[p->len - 1] == ',')
    --p->len;
  r = p->record(p->context, p->buf, p->len);
  p->index.ended = r > 0;
  return r;
}

static int take_index(void *context, const char *s, size_t len) {
  return lines(context, s, len, index_line);
}

static void has_read(struct published *p) {
  memcpy(p->read_epoch, p->epoch, sizeof p->epoch);
  p->read = p->bytes;
}

/* index.json may be minutes behind, not there yet, or of another epoch than
 * status.json, whose delta begins with all that is there. */
const char *published_all(struct published *p) {
  const char *why;
  memset(&p->index, 0, sizeof p->index);
  *p->read_epoch = 0;
  if (p->anew)
    p->anew(p->context);
  why = get(p, "index.json", 0, FETCH_ALL, PUBLISHED_INDEX, take_index);
  if (!why && !p->index.ended)
    why = failed(p, "index.json", "it is cut off");
  if (!why || published_is_bare(p))
    why = read_delta(p, strcmp(p->index.epoch, p->epoch) ? 0 : p->index.bytes);
  if (!why)
    has_read(p);
  return why;
}

const char *published_new(struct published *p) {
  const char *why;
  if (strcmp(p->epoch, p->read_epoch) || p->read > p->bytes)
    return published_all(p);
  why = read_delta(p, p->read);
  if (why)
    *p->read_epoch = 0;
  else
    has_read(p);
  return why;
}

unsigned int published_pause(unsigned int last) {
  if (!last)
    return PAUSE;
  return last < PAUSE_MAX / 2 ? last * 2 : PAUSE_MAX;
}

const char *published_await(struct published *p, uint64_t since, uint64_t ms,
                            int *moved) {
  unsigned int pause = 0;
  const char *why = 0;
  for (*moved = 0; !*moved && clock_ms() - since < ms;) {
    clock_wait(pause = published_pause(pause));
    why = published_status(p);
    if (why && !published_is_bare(p))
      return why;
    *moved = !why && (strcmp(p->epoch, p->read_epoch) || p->bytes != p->read);
  }
  return why;
}
