#include "latest.h"

#include "json.h"

#include <errno.h>
#include <scan.h>
#include <stdlib.h>
#include <string.h>

int latest_scan(const char *hex, unsigned char md5[LATEST_MD5]) {
  for (size_t i = 0; i < LATEST_MD5; ++i) {
    int high = scan_fromhex((unsigned char)hex[2 * i]);
    int low = high < 0 ? -1 : scan_fromhex((unsigned char)hex[2 * i + 1]);
    if (low < 0)
      return errno = EPROTO, -1;
    md5[i] = (unsigned char)(high << 4 | low);
  }
  return 0;
}

int latest_md5(const struct text *line, unsigned char md5[LATEST_MD5]) {
  const char *v;
  size_t len;
  if (!json_find(line->p, line->len, "md5", &v, &len) || len != MD5_HEX)
    return errno = EPROTO, -1;
  return latest_scan(v, md5);
}

static int compare_md5(const void *a, const void *b) {
  const struct latest_record *x = a, *y = b;
  return memcmp(x->md5, y->md5, sizeof x->md5);
}

static int compare(const void *a, const void *b) {
  const struct latest_record *x = a, *y = b;
  int r = compare_md5(x, y);
  return r ? r : (x->at > y->at) - (x->at < y->at);
}

/* Of several lines of a chunk only the last stays. What there was room for is
 * given back first: qsort may need as much again. */
static void sort(struct latest *l) {
  struct latest_record *p = realloc(l->record, l->n * sizeof *p);
  size_t n = 0;
  if (p) {
    l->record = p;
    l->room = l->n;
  }
  qsort(l->record, l->n, sizeof *l->record, compare);
  for (size_t i = 1; i < l->n; ++i) {
    if (compare_md5(l->record + n, l->record + i))
      ++n;
    l->record[n] = l->record[i];
  }
  l->n = n + 1;
}

int latest_collect(struct latest *l, const struct text *delta, size_t at) {
  struct text line;
  for (size_t pos = at; text_line(delta, &pos, &line);) {
    if (l->n == l->room) {
      size_t room = l->room ? l->room + l->room / 2 : 64;
      struct latest_record *p = realloc(l->record, room * sizeof *p);
      if (!p)
        return -1;
      l->record = p;
      l->room = room;
    }
    if (latest_md5(&line, l->record[l->n].md5) < 0)
      return -1;
    l->record[l->n++].at = (uint64_t)(line.p - delta->p);
  }
  if (l->n)
    sort(l);
  return 0;
}

const struct latest_record *latest_find(const struct latest *l,
                                        const unsigned char md5[LATEST_MD5]) {
  struct latest_record key;
  memcpy(key.md5, md5, LATEST_MD5);
  return l->n ? bsearch(&key, l->record, l->n, sizeof key, compare_md5) : 0;
}

void latest_free(struct latest *l) {
  free(l->record);
}
