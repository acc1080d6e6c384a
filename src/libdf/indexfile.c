#include "indexfile.h"

#include "delta.h"
#include "json.h"
#include "latest.h"
#include "number.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define END "\n]}\n"
#define DISORDER 1

struct making {
  struct writer *w;
  const struct text *delta;
  struct latest latest;
  size_t next; /* of latest.record */
  const char *comma;
};

static int put_record(struct making *m, const struct text *line) {
  if (writer_puts(m->w, m->comma) < 0 ||
      writer_put(m->w, line->p, line->len) < 0)
    return -1;
  m->comma = ",\n";
  return 0;
}

/* The new records before this chunk, or all that are left. */
static int put_latest(struct making *m, const unsigned char *before) {
  struct text line;
  const char *v;
  uint64_t u;
  size_t len;
  for (; m->next < m->latest.n; ++m->next) {
    const struct latest_record *l = m->latest.record + m->next;
    size_t at = l->at;
    if (before && memcmp(l->md5, before, LATEST_MD5) >= 0)
      break;
    text_line(m->delta, &at, &line);
    if (json_find(line.p, line.len, "gone", &v, &len))
      continue;
    if (!json_find(line.p, line.len, "content_length", &v, &len) ||
        !number_scan(v, len, &u))
      return errno = EPROTO, -1;
    if (put_record(m, &line) < 0)
      return -1;
  }
  return 0;
}

int indexfile_record(const struct text *t, size_t *pos, struct text *record) {
  if (!text_line(t, pos, record) || *record->p != '{')
    return 0;
  if (record->p[record->len - 1] == ',')
    --record->len;
  return 1;
}

/* Pass 2: the old records that still hold and the new ones, merged. */
static int put_records(struct making *m, const struct text *old, size_t at) {
  unsigned char md5[LATEST_MD5], last[LATEST_MD5];
  struct text line;
  for (int first = 1; indexfile_record(old, &at, &line); first = 0) {
    if (latest_md5(&line, md5) < 0)
      return -1;
    if (!first && memcmp(last, md5, sizeof md5) >= 0)
      return DISORDER;
    memcpy(last, md5, sizeof md5);
    if (put_latest(m, md5) < 0 ||
        (!latest_find(&m->latest, md5) && put_record(m, &line) < 0))
      return -1;
  }
  return put_latest(m, 0);
}

int indexfile_scan(const struct text *t, struct index *in, size_t *records) {
  const size_t end = sizeof END - 1;
  struct text line;
  const char *v;
  size_t len;
  *records = 0;
  if (t->len < end || memcmp(t->p + t->len - end, END, end) ||
      !text_line(t, records, &line) ||
      !json_find(line.p, line.len, "epoch", &v, &len) || len != LABEL_LEN)
    return 0;
  memcpy(in->epoch, v, LABEL_LEN);
  in->epoch[LABEL_LEN] = 0;
  return json_find(line.p, line.len, "delta_bytes", &v, &len) &&
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

static int put_all(struct writer *w, const struct index *in, const char *host,
                   const char *published, const struct text *old,
                   const struct text *delta) {
  struct making m = {.w = w, .delta = delta, .comma = ""};
  static const struct text none = {"", 0};
  struct index was = {.chunks = 0};
  size_t from = 0, pos = 0;
  int r;
  if (indexfile_scan(old, &was, &pos) && !strcmp(was.epoch, in->epoch) &&
      was.delta_bytes <= in->delta_bytes)
    from = was.delta_bytes;
  else
    old = &none;
  r = latest_collect(&m.latest, delta, from);
  if (r == 0)
    r = put_head(w, in, host, published);
  if (r == 0)
    r = put_records(&m, old, pos);
  latest_free(&m.latest);
  return r ? r : writer_puts(w, *m.comma ? END : &END[1]);
}

int indexfile_write(struct writer *w, const struct index *in, const char *host,
                    const char *published) {
  char name[DELTA_NAME];
  struct text old, delta, told;
  int e, r;
  delta_name(name, in->epoch);
  if (text_map(INDEX_FILE, &old) < 0 || text_map(name, &delta) < 0)
    return -1;
  told = delta; /* more may have been appended since */
  told.len = in->delta_bytes;
  r = delta.len < told.len ? (errno = EPROTO, -1)
                           : put_all(w, in, host, published, &old, &told);
  if (r == DISORDER) { /* it was not made here */
    static const struct text none = {"", 0};
    r = writer_restart(w);
    if (r == 0)
      r = put_all(w, in, host, published, &none, &told);
  }
  e = errno;
  text_unmap(&old);
  text_unmap(&delta);
  errno = e;
  return r;
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
  if (r >= 0) {
    r = indexfile_scan(&t, &was, &pos) && !strcmp(was.epoch, in->epoch) &&
        was.delta_bytes == in->delta_bytes;
    pos = 0;
    r = r && text_line(&t, &pos, &line) &&
        json_find(line.p, line.len, "host", &v, &len) && len + 2 == s.len &&
        !memcmp(v, s.s + 1, len);
  }
  stralloc_free(&s);
  text_unmap(&t);
  return r;
}
