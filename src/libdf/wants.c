#include "wants.h"

#include "digest.h"
#include "hex.h"
#include "jsonread.h"
#include "label.h"

#include <stdlib.h>
#include <string.h>

#define KEY offsetof(struct want, seen) /* bytes that tell wants apart */

/* A want's key; stamp with its '@'. 1; 0: not of that form. */
static int scan(struct want *w, const char *md5, const char *stamp,
                const char *list_md5) {
  return *stamp == '@' && hex_scan(w->md5, md5, sizeof w->md5) &&
         hex_scan(w->stamp, stamp + 1, sizeof w->stamp) &&
         hex_scan(w->list, list_md5, sizeof w->list);
}

int wants_add(struct wants *w, const char *md5, const char *stamp,
              const char *list_md5) {
  struct want want = {.seen = 0};
  if (!scan(&want, md5, stamp, list_md5) || w->n == WANTS_MAX)
    return 0;
  if (w->n == w->max) {
    size_t max = w->max ? w->max * 2 : 64;
    struct want *more = realloc(w->w, max * sizeof *more);
    if (!more)
      return -1;
    w->w = more;
    w->max = max;
  }
  w->w[w->n++] = want;
  return 1;
}

static int by_key(const void *a, const void *b) {
  return memcmp(a, b, KEY);
}

/* The same may be owed by two commits: once is enough. */
void wants_sort(struct wants *w) {
  size_t n = 0;
  if (w->n)
    qsort(w->w, w->n, sizeof *w->w, by_key);
  for (size_t i = 0; i < w->n; ++i)
    if (!n || by_key(w->w + n - 1, w->w + i))
      w->w[n++] = w->w[i];
  w->n = w->missing = n;
}

/* The place of the first one that is not before key. */
static size_t place(const struct wants *w, const struct want *key) {
  size_t low = 0, high = w->n;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (by_key(w->w + middle, key) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static struct want *find(const struct wants *w, const struct want *key) {
  size_t i = place(w, key);
  return i < w->n && !by_key(w->w + i, key) ? w->w + i : 0;
}

static void lost(struct wants *w, const struct want *first) {
  for (size_t i = place(w, first);
       i < w->n && !memcmp(w->w[i].md5, first->md5, sizeof first->md5); ++i) {
    w->missing += w->w[i].seen;
    w->w[i].seen = 0;
  }
}

/* "STAMP MD5" of the list. */
static int taken(struct wants *w, const char *md5, const json_t *j) {
  const char *s = json_string_value(j);
  struct want key = {.seen = 0}, *found;
  if (!s || json_string_length(j) != LABEL_LEN + 1 + MD5_HEX ||
      s[LABEL_LEN] != ' ' || !scan(&key, md5, s, s + LABEL_LEN + 1))
    return -1;
  found = find(w, &key);
  if (found && !found->seen) {
    found->seen = 1;
    --w->missing;
  }
  return 0;
}

static int record(struct wants *w, const json_t *j) {
  const json_t *md5 = json_object_get(j, "md5"), *t;
  const char *gone = json_string_value(json_object_get(j, "gone"));
  struct want first = {.seen = 0};
  if (json_string_length(md5) != MD5_HEX ||
      !hex_scan(first.md5, json_string_value(md5), sizeof first.md5))
    return -1;
  if (gone) {
    if (!strcmp(gone, "corrupt"))
      lost(w, &first);
    return 0;
  }
  t = json_object_get(j, "taken");
  if (!json_is_array(t))
    return -1;
  for (size_t i = 0; i < json_array_size(t); ++i)
    if (taken(w, json_string_value(md5), json_array_get(t, i)) < 0)
      return -1;
  return 0;
}

int wants_record(struct wants *w, const char *line, size_t len) {
  json_t *j = jsonread(line, len);
  int r = j ? record(w, j) : -1;
  json_decref(j);
  return r;
}

int wants_seen(const struct wants *w, const char *md5, const char *stamp,
               const char *list_md5) {
  struct want key = {.seen = 0}, *found;
  if (!scan(&key, md5, stamp, list_md5))
    return 0;
  found = find(w, &key);
  return found && found->seen;
}

void wants_free(struct wants *w) {
  free(w->w);
  memset(w, 0, sizeof *w);
}
