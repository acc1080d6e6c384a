#include "indexfile.h"

#include "delta.h"
#include "json.h"
#include "latest.h"
#include "number.h"
#include "text.h"

#include <errno.h>
#include <string.h>

#define END "\n]}\n"

struct making {
  struct index *in;
  struct writer *w;
  struct latest latest;
  const char *comma;
};

static int put_record(struct making *m, const struct text *line) {
  const char *v;
  size_t len;
  uint64_t u;
  if (!json_find(line->p, line->len, "content_length", &v, &len) ||
      !number_scan(v, len, &u))
    return errno = EPROTO, -1;
  ++m->in->chunks;
  m->in->bytes += u;
  if (writer_puts(m->w, m->comma) < 0 ||
      writer_put(m->w, line->p, line->len) < 0)
    return -1;
  m->comma = ",\n";
  return 0;
}

/* Pass 2: the old records that still hold, then the new ones. */
static int put_records(struct making *m, const struct text *old, size_t old_at,
                       const struct text *delta) {
  struct text line;
  const char *v;
  size_t len;
  int r;
  while (text_line(old, &old_at, &line) && *line.p == '{') {
    if (line.len && line.p[line.len - 1] == ',')
      --line.len;
    r = latest_has(&m->latest, &line);
    if (r < 0 || (!r && put_record(m, &line) < 0))
      return -1;
  }
  for (size_t i = 0; i < m->latest.n; ++i) {
    size_t at = m->latest.record[i].at;
    text_line(delta, &at, &line);
    if (json_find(line.p, line.len, "gone", &v, &len))
      continue;
    if (put_record(m, &line) < 0)
      return -1;
  }
  return 0;
}

/* The first line of an index that is whole: its epoch and delta_bytes. */
static int scan_head(const struct text *t, struct index *in, struct text *line,
                     size_t *pos) {
  const size_t end = sizeof END - 1;
  const char *v;
  size_t len;
  *pos = 0;
  if (t->len < end || memcmp(t->p + t->len - end, END, end) ||
      !text_line(t, pos, line) ||
      !json_find(line->p, line->len, "epoch", &v, &len) || len != LABEL_LEN)
    return 0;
  memcpy(in->epoch, v, LABEL_LEN);
  in->epoch[LABEL_LEN] = 0;
  return json_find(line->p, line->len, "delta_bytes", &v, &len) &&
         number_scan(v, len, &in->delta_bytes);
}

static int put_head(struct writer *w, const struct index *in, const char *host,
                    const char *published) {
  stralloc s = {0};
  int r = -1;
  if (json_put_text(&s, "{\"dataflow\":1,\"host\":") == 0 &&
      json_put_string(&s, host, strlen(host)) >= 0 &&
      stralloc_catm(&s, ",\"published\":\"", published, "\",\"epoch\":\"",
                    in->epoch, "\",\"delta_bytes\":") &&
      json_put_number(&s, in->delta_bytes) == 0 &&
      json_put_text(&s, ",\"chunks\":[\n") == 0)
    r = writer_put(w, s.s, s.len);
  stralloc_free(&s);
  return r;
}

static int put_all(struct writer *w, struct index *in, const char *host,
                   const char *published, const struct text *old,
                   const struct text *delta) {
  struct making m = {.in = in, .w = w, .comma = ""};
  static const struct text none = {"", 0};
  struct index was = {.chunks = 0};
  struct text line;
  size_t from = 0, pos = 0;
  int r;
  if (delta->len != in->delta_bytes)
    return errno = EPROTO, -1;
  if (scan_head(old, &was, &line, &pos) && !strcmp(was.epoch, in->epoch) &&
      was.delta_bytes <= in->delta_bytes)
    from = was.delta_bytes;
  else
    old = &none;
  in->chunks = in->bytes = 0;
  r = latest_collect(&m.latest, delta, from);
  if (r == 0)
    r = put_head(w, in, host, published);
  if (r == 0)
    r = put_records(&m, old, pos, delta);
  latest_free(&m.latest);
  return r < 0 ? r : writer_puts(w, in->chunks ? END : &END[1]);
}

int indexfile_write(const char *tmp, struct index *in, const char *host,
                    const char *published) {
  char name[DELTA_NAME];
  struct writer w;
  struct text old, delta;
  int e, r;
  delta_name(name, in->epoch);
  if (text_map(INDEX_FILE, &old) < 0 || text_map(name, &delta) < 0 ||
      writer_create(&w, tmp, 0644) < 0)
    return -1;
  r = put_all(&w, in, host, published, &old, &delta);
  e = errno;
  text_unmap(&old);
  text_unmap(&delta);
  errno = e;
  if (r < 0)
    writer_drop(&w, tmp);
  return r < 0 ? r : writer_finish(&w, tmp);
}

int indexfile_current(const struct index *in, const char *host) {
  struct index was = {.chunks = 0};
  struct text t, line;
  stralloc s = {0};
  const char *v;
  size_t len, pos;
  int r;
  if (text_map(INDEX_FILE, &t) < 0)
    return -1;
  r = json_put_string(&s, host, strlen(host));
  if (r >= 0)
    r = scan_head(&t, &was, &line, &pos) && !strcmp(was.epoch, in->epoch) &&
        was.delta_bytes == in->delta_bytes &&
        json_find(line.p, line.len, "host", &v, &len) && len + 2 == s.len &&
        !memcmp(v, s.s + 1, len);
  stralloc_free(&s);
  text_unmap(&t);
  return r;
}
