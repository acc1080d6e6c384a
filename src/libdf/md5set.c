#include "md5set.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define SIZE MD5SET_BYTES
#define CHANGES_MIN 32768

struct md5set_change {
  unsigned char md5[SIZE];
  unsigned char in;
  unsigned char
      order[4]; /* big-endian: after the same MD5 it tells them apart */
};

static int by_md5(const void *a, const void *b) {
  return memcmp(a, b, SIZE);
}

static int by_order(const void *a, const void *b) {
  const struct md5set_change *x = a, *y = b;
  int r = by_md5(x->md5, y->md5);
  return r ? r : memcmp(x->order, y->order, sizeof x->order);
}

/* Room for changes grows with the set, so that each MD5 is moved a few times
 * only, however many are put. */
static int grow(struct md5set *s) {
  size_t room = s->n / 4 > CHANGES_MIN ? s->n / 4 : CHANGES_MIN;
  struct md5set_change *more;
  if (room <= s->changes_room)
    return 0;
  more = realloc(s->changes, room * sizeof *more);
  if (!more)
    return -1;
  s->changes = more;
  s->changes_room = room;
  return 0;
}

int md5set_put(struct md5set *s, const unsigned char *md5, int in) {
  struct md5set_change *c;
  if (s->changed == s->changes_room && (md5set_settle(s) < 0 || grow(s) < 0))
    return -1;
  c = s->changes + s->changed;
  memcpy(c->md5, md5, SIZE);
  c->in = in != 0;
  for (int i = 0; i < 4; ++i)
    c->order[i] = (unsigned char)(s->changed >> (24 - 8 * i));
  ++s->changed;
  return 0;
}

/* Sorts the changes and keeps the last one of each MD5. */
static void sort(struct md5set *s) {
  struct md5set_change *c = s->changes;
  size_t n = 0;
  qsort(c, s->changed, sizeof *c, by_order);
  for (size_t i = 0; i < s->changed; ++i)
    if (i + 1 == s->changed || by_md5(c[i].md5, c[i + 1].md5))
      c[n++] = c[i];
  s->changed = n;
}

static void move(struct md5set *s, size_t to, size_t from, size_t n) {
  if (n)
    memmove(s->md5s + to * SIZE, s->md5s + from * SIZE, n * SIZE);
}

/* Takes out of md5s what a change is about, and drops changes that take out:
 * what is left in changes is to be put in. */
static void take_out(struct md5set *s) {
  size_t kept = 0, n = 0, at = 0;
  for (size_t i = 0; i < s->changed; ++i) {
    const unsigned char *md5 = s->changes[i].md5;
    size_t from = at;
    int found = md5set_find(s->md5s, s->n, &at, md5);
    move(s, n, from, at - from);
    n += at - from;
    at += (size_t)found;
    if (s->changes[i].in)
      s->changes[kept++] = s->changes[i];
  }
  move(s, n, at, s->n - at);
  s->n = n + s->n - at;
  s->changed = kept;
}

/* From the end, where there is room. */
static void put_in(struct md5set *s) {
  size_t n = s->n, c = s->changed, to = n + c;
  s->n = to;
  while (c) {
    const unsigned char *md5 = s->changes[c - 1].md5;
    --to;
    if (n && by_md5(s->md5s + (n - 1) * SIZE, md5) > 0) {
      memcpy(s->md5s + to * SIZE, s->md5s + (n - 1) * SIZE, SIZE);
      --n;
    } else {
      memcpy(s->md5s + to * SIZE, md5, SIZE);
      --c;
    }
  }
  s->changed = 0;
}

int md5set_settle(struct md5set *s) {
  size_t need;
  if (!s->changed)
    return 0;
  sort(s);
  take_out(s);
  need = s->n + s->changed;
  if (need > MD5SET_MAX) {
    errno = EOVERFLOW;
    return -1;
  }
  if (need > s->room) {
    unsigned char *more = realloc(s->md5s, need * SIZE);
    if (!more)
      return -1;
    s->md5s = more;
    s->room = need;
  }
  put_in(s);
  return 0;
}

int md5set_is_sorted(const unsigned char *md5s, size_t n) {
  for (size_t i = 1; i < n; ++i)
    if (by_md5(md5s + (i - 1) * SIZE, md5s + i * SIZE) >= 0)
      return 0;
  return 1;
}

int md5set_find(const unsigned char *md5s, size_t n, size_t *at,
                const unsigned char *md5) {
  int r = -1;
  while (*at < n && (r = by_md5(md5s + *at * SIZE, md5)) < 0)
    ++*at;
  return *at < n && r == 0;
}

void md5set_free(struct md5set *s) {
  free(s->md5s);
  free(s->changes);
  memset(s, 0, sizeof *s);
}
