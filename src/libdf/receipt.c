#include "receipt.h"

#include "clock.h"
#include "delta.h"
#include "fetch.h"
#include "file.h"
#include "jsonread.h"
#include "number.h"
#include "store.h"
#include "url.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define DIR ".df/receipt"
#define PAUSE 50 /* ms between two looks at status.json, doubled up to ... */
#define PAUSE_MAX 1000

static struct look {
  const struct receipt *r;
  struct wants *w;
  struct fetch f;
  char epoch[LABEL_LEN + 1]; /* of status.json */
  uint64_t bytes;            /* of its delta */
  char read_epoch[LABEL_LEN + 1];
  uint64_t read; /* so much of it has been looked through */
  struct {
    char epoch[LABEL_LEN + 1];
    uint64_t bytes;
    int begun, ended;
  } index;
  char buf[RECEIPT_STATUS]; /* a status.json, or a line */
  size_t len;
  char why[128];
} look;

static const char *failed(struct look *l, const char *name, const char *why) {
  snprintf(l->why, sizeof l->why, "%s: %s", name, why);
  return l->why;
}

static const char *get(struct look *l, const char *name, uint64_t from,
                       uint64_t to, uint64_t max,
                       int (*each)(void *context, const char *p, size_t len)) {
  char url[URL_MAX];
  const char *why = url_make(url, l->r->url, l->r->host, name);
  l->len = 0;
  if (!why)
    why = fetch_get(&l->f, url, from, to, max, each, l);
  return why ? failed(l, name, why) : 0;
}

static int keep(void *context, const char *p, size_t len) {
  struct look *l = context;
  if (len > sizeof l->buf - l->len)
    return -1;
  memcpy(l->buf + l->len, p, len);
  l->len += len;
  return 0;
}

/* The members epoch and delta_bytes of an object. 1; 0: not there. */
static int scan_epoch(const char *s, size_t len, char epoch[LABEL_LEN + 1],
                      uint64_t *bytes) {
  json_t *j = jsonread(s, len);
  const json_t *n = json_object_get(j, "delta_bytes");
  const char *e = json_string_value(json_object_get(j, "epoch"));
  int good = e && label_scan(e, strlen(e), 0) && json_is_integer(n) &&
             json_integer_value(n) >= 0;
  if (good) {
    memcpy(epoch, e, LABEL_LEN + 1);
    *bytes = (uint64_t)json_integer_value(n);
  }
  json_decref(j);
  return good;
}

static const char *read_status(struct look *l) {
  const char *why = get(l, "status.json", 0, FETCH_ALL, RECEIPT_STATUS, keep);
  if (!why && !scan_epoch(l->buf, l->len, l->epoch, &l->bytes))
    why = failed(l, "status.json", "it makes no sense");
  return why;
}

/* Pieces in, lines out. What line returns; -1 too where one is too long. */
static int lines(struct look *l, const char *p, size_t len,
                 int (*line)(struct look *l)) {
  int r = 0;
  while (len && !r) {
    const char *end = memchr(p, '\n', len);
    size_t n = end ? (size_t)(end - p) : len;
    if (n > RECEIPT_LINE - l->len)
      return -1;
    memcpy(l->buf + l->len, p, n);
    l->len += n;
    if (!end)
      return 0;
    r = line(l);
    l->len = 0;
    p += n + 1;
    len -= n + 1;
  }
  return r;
}

static int delta_line(struct look *l) {
  return wants_record(l->w, l->buf, l->len);
}

static int take_delta(void *context, const char *p, size_t len) {
  return lines(context, p, len, delta_line);
}

static const char *read_delta(struct look *l, uint64_t from) {
  char name[DELTA_NAME];
  const char *why = 0;
  delta_name(name, l->epoch);
  if (from < l->bytes)
    why = get(l, name, from, l->bytes, 0, take_delta);
  if (!why && from < l->bytes && l->len)
    why = failed(l, name, "a record is cut off");
  return why;
}

/* The first line, made an object; records; "]}". */
static int index_line(struct look *l) {
  struct wants *w = l->w;
  if (!l->index.begun) {
    if (!l->len || l->buf[l->len - 1] != '[')
      return -1;
    memcpy(l->buf + l->len, "]}", 2);
    l->index.begun = 1;
    return scan_epoch(l->buf, l->len + 2, l->index.epoch, &l->index.bytes) ? 0
                                                                           : -1;
  }
  if (l->index.ended)
    return -1;
  if (l->len == 2 && !memcmp(l->buf, "]}", 2)) {
    l->index.ended = 1;
    return 0;
  }
  if (l->len && l->buf[l->len - 1] == ',')
    --l->len;
  if (wants_record(w, l->buf, l->len) < 0)
    return -1;
  return w->missing ? 0 : (l->index.ended = 1);
}

static int take_index(void *context, const char *p, size_t len) {
  return lines(context, p, len, index_line);
}

/* All that is published: index.json may be minutes behind, or of another
 * epoch, which begins with all that is there. */
static const char *read_all(struct look *l) {
  const char *why;
  memset(&l->index, 0, sizeof l->index);
  why = get(l, "index.json", 0, FETCH_ALL, RECEIPT_INDEX, take_index);
  if (!why && !l->index.ended)
    why = failed(l, "index.json", "it is cut off");
  if (why)
    return why;
  return read_delta(l, strcmp(l->index.epoch, l->epoch) ? 0 : l->index.bytes);
}

static const char *read_new(struct look *l) {
  const char *why = !strcmp(l->epoch, l->read_epoch) && l->read <= l->bytes
                        ? read_delta(l, l->read)
                        : read_all(l);
  if (!why) {
    memcpy(l->read_epoch, l->epoch, sizeof l->epoch);
    l->read = l->bytes;
  }
  return why;
}

/* The name of the target's file among those of .df/try. */
static void path(char out[STORE_TRY], const char *target) {
  char try[STORE_TRY];
  store_try(try, target);
  snprintf(out, STORE_TRY, DIR "/%s", strrchr(try, '/') + 1);
}

static void resume(struct look *l) {
  char name[STORE_TRY], text[64];
  ssize_t len;
  path(name, l->r->target);
  len = file_read(name, text, sizeof text);
  *l->read_epoch = 0;
  if (len < LABEL_LEN + 3 || text[LABEL_LEN] != ' ' || text[len - 1] != '\n' ||
      !label_scan(text, LABEL_LEN, 0) ||
      !number_scan(text + LABEL_LEN + 1, (size_t)len - LABEL_LEN - 2, &l->read))
    return;
  memcpy(l->read_epoch, text, LABEL_LEN);
  l->read_epoch[LABEL_LEN] = 0;
}

/* Where it cannot be written the next look reads more. */
static void remember(const struct look *l, int good) {
  char name[STORE_TRY], text[64];
  int len = snprintf(text, sizeof text, "%s %llu\n", l->read_epoch,
                     (unsigned long long)l->read);
  path(name, l->r->target);
  if (!good && l->f.status) /* it may be where no record begins */
    unlink(name);
  if (!good)
    return;
  if (file_mkdir(DIR, 0700) >= 0)
    file_replace(name, text, (size_t)len, 0600, 0);
}

/* Nothing has been published there yet, not even that it is empty. */
static int is_bare(const struct look *l) {
  return l->f.status == 404;
}

/* Waits until status.json has moved: *moved is 0 if it has not in time. */
static const char *await(struct look *l, uint64_t since, uint64_t ms,
                         int *moved) {
  unsigned int pause = PAUSE;
  const char *why = 0;
  for (*moved = 0; !*moved && clock_ms() - since < ms;) {
    clock_wait(pause);
    pause = pause < PAUSE_MAX / 2 ? pause * 2 : PAUSE_MAX;
    why = read_status(l);
    if (why && !is_bare(l))
      return why;
    *moved = !why && (strcmp(l->epoch, l->read_epoch) || l->bytes != l->read);
  }
  return why;
}

/* The first status.json. */
static const char *begin(struct look *l, uint64_t since, uint64_t wait) {
  const char *why = read_status(l);
  int moved;
  if (!why || !is_bare(l) || !wait)
    return why;
  *l->read_epoch = 0;
  return await(l, since, wait, &moved);
}

/* What came by another way before the last look is in index.json only: it is
 * read once, when nothing seems to come. */
static const char *search(struct look *l) {
  uint64_t wait = (uint64_t)l->r->wait * 1000, since = clock_ms();
  uint64_t lag = wait < RECEIPT_LAG ? wait : RECEIPT_LAG;
  int all = 0, moved = 1;
  const char *why = begin(l, since, wait);
  while (!why && moved) {
    all |= strcmp(l->epoch, l->read_epoch) || l->read > l->bytes;
    why = read_new(l);
    since = clock_ms();
    if (why || !l->w->missing || since >= l->f.deadline)
      break;
    why = await(l, since, all ? wait : lag, &moved);
    if (!why && !moved && !all) {
      why = read_all(l);
      all = 1;
      if (!why && l->w->missing)
        why = await(l, since, wait, &moved);
    }
  }
  return why;
}

const char *receipt_look(const struct receipt *r, struct wants *w) {
  const char *why;
  memset(&look, 0, sizeof look);
  look.r = r;
  look.w = w;
  if (fetch_open(&look.f, r->connect, r->stall, RECEIPT_SECONDS) < 0)
    return "out of memory";
  resume(&look);
  why = search(&look);
  remember(&look, !why);
  fetch_close(&look.f);
  return why;
}
