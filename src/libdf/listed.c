#include "listed.h"

#include "delta.h"
#include "json.h"
#include "number.h"

#include <errno.h>
#include <string.h>

int listed_open(struct listed *l, const struct index *in) {
  char name[DELTA_NAME];
  struct index was = {.chunks = 0};
  size_t from = 0;
  int r = -1, e;
  memset(l, 0, sizeof *l);
  delta_name(name, in->epoch);
  if (text_map(INDEX_FILE, &l->index) < 0)
    return -1;
  if (text_map(name, &l->delta) < 0) {
    e = errno;
    text_unmap(&l->index);
    errno = e;
    return -1;
  }
  if (indexfile_scan(&l->index, &was, &l->first) &&
      !strcmp(was.epoch, in->epoch) && was.delta_bytes <= in->delta_bytes) {
    from = was.delta_bytes;
    l->end = l->index.len;
  } else
    l->first = 0;
  if (l->delta.len < in->delta_bytes)
    errno = EPROTO;
  else {
    const struct text told = {l->delta.p, in->delta_bytes};
    r = latest_collect(&l->since, &told, from);
  }
  if (r < 0) {
    e = errno;
    listed_close(l);
    errno = e;
  }
  return r;
}

void listed_close(struct listed *l) {
  text_unmap(&l->index);
  text_unmap(&l->delta);
  latest_free(&l->since);
}

static int length_of(const struct text *line, uint64_t *length) {
  const char *v;
  size_t len;
  return json_find(line->p, line->len, "content_length", &v, &len) &&
                 number_scan(v, len, length)
             ? 1
             : (errno = EPROTO, -1);
}

/* Halves the lines until one is the chunk's. */
static int search(const struct listed *l, const unsigned char *md5,
                  uint64_t *length) {
  const char *p = l->index.p;
  size_t low = l->first, high = l->end;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    const char *before = memrchr(p + low, '\n', middle - low);
    size_t at = before ? (size_t)(before - p) + 1 : low, next = at;
    unsigned char here[LATEST_MD5];
    struct text line;
    int order;
    if (!text_line(&l->index, &next, &line) || *line.p != '{') { /* the end */
      high = at;
      continue;
    }
    if (latest_md5(&line, here) < 0)
      return -1;
    order = memcmp(here, md5, sizeof here);
    if (!order)
      return length_of(&line, length);
    if (order < 0)
      low = next;
    else
      high = at;
  }
  return 0;
}

int listed_find(const struct listed *l, const char *md5, uint64_t *length) {
  const struct latest_record *r;
  unsigned char key[LATEST_MD5];
  struct text line;
  const char *v;
  size_t at, len;
  if (latest_scan(md5, key) < 0)
    return -1;
  r = latest_find(&l->since, key);
  if (!r)
    return search(l, key, length);
  at = r->at;
  text_line(&l->delta, &at, &line);
  return json_find(line.p, line.len, "gone", &v, &len)
             ? 0
             : length_of(&line, length);
}
