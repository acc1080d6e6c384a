#include "newest.h"

#include "indexfile.h"
#include "json.h"

#include <string.h>

#define DATE 20 /* bytes: as they sort */

/* No string has this in it: a quote there has a backslash before it. */
static const char mark[] = ",\"stored\":\"";

/* When it was stored; "" if it does not say. */
static const char *stored(const struct text *record) {
  const size_t len = sizeof mark - 1;
  const char *p = memmem(record->p, record->len, mark, len);
  return p && (size_t)(record->p + record->len - p) > len + DATE ? p + len : "";
}

/* 1: a was stored later; of the same second, the one whose MD5 is less. */
static int is_later(const struct text *a, const struct text *b) {
  return strncmp(stored(a), stored(b), DATE) > 0;
}

void newest_find(struct newest *w, const struct text *index, size_t pos) {
  struct text record;
  w->n = 0;
  while (indexfile_record(index, &pos, &record)) {
    size_t low = 0, high = w->n;
    if (high == NEWEST && !is_later(&record, &w->record[NEWEST - 1]))
      continue;
    while (low < high) {
      size_t middle = (low + high) / 2;
      if (is_later(&record, &w->record[middle]))
        high = middle;
      else
        low = middle + 1;
    }
    w->n -= w->n == NEWEST;
    memmove(w->record + low + 1, w->record + low,
            (w->n - low) * sizeof *w->record);
    w->record[low] = record;
    ++w->n;
  }
}
