#include "batch.h"

#include "held.h"

#include <stdlib.h>
#include <string.h>

void batch_clear(struct batch *b) {
  b->n = b->seen = 0;
}

int batch_add(struct batch *b, const char *md5, const struct expired_at *at,
              uint64_t bytes) {
  struct batch_chunk *c = b->chunk + b->n;
  if (b->n == BATCH_MAX)
    return 1;
  if (b->seen++ < b->skip)
    return 0;
  memset(c, 0, sizeof *c);
  memcpy(c->md5, md5, MD5_HEX);
  c->bytes = bytes;
  if (at)
    c->at = *at;
  return ++b->n == BATCH_MAX;
}

static int by_md5(const void *a, const void *b) {
  const struct batch_chunk *x = a, *y = b;
  return memcmp(x->md5, y->md5, MD5_HEX);
}

/* A chunk may stand there twice. */
static int hold(void *context, const char md5[MD5_HEX + 1], int is_new) {
  struct batch *b = context;
  struct batch_chunk key, *c;
  (void)is_new;
  memcpy(key.md5, md5, MD5_HEX);
  c = bsearch(&key, b->chunk, b->n, sizeof key, by_md5);
  while (c && c > b->chunk && !by_md5(c - 1, &key))
    --c;
  for (; c && c < b->chunk + b->n && !by_md5(c, &key); ++c)
    c->held = 1;
  return 0;
}

long batch_hold(struct batch *b) {
  size_t held = 0;
  if (!b->n)
    return 0;
  qsort(b->chunk, b->n, sizeof *b->chunk, by_md5);
  if (held_each(hold, b) < 0)
    return -1;
  for (size_t i = 0; i < b->n; ++i)
    held += (size_t)b->chunk[i].held;
  b->skip += held;
  return (long)(b->n - held);
}
