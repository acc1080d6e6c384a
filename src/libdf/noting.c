#include "noting.h"

#include "commit.h"
#include "named.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* 1: *at is the target's place among those of the commit; 0: it has none. */
static int find(const struct commit *c, const char *target, uint32_t *at) {
  size_t pos = c->targets_at, len = strlen(target);
  struct commit_target t;
  for (*at = 0; *at < c->targets; ++*at) {
    if (commit_next_target(c, &pos, &t) < 0)
      return -1;
    if (t.text_len == len && !memcmp(t.text, target, len))
      return 1;
  }
  return 0;
}

static int note(struct noting *n, struct commit *c, uint32_t target,
                const struct named *d) {
  size_t pos = c->chunks_at;
  struct commit_chunk k;
  for (uint32_t i = 0; i < c->chunks; ++i) {
    if (commit_next_chunk(c, &pos, i, &k) < 0)
      return -1;
    if (k.is_void || !d->duty[i] || commit_duty(c, target, i) == DUTY_DONE)
      continue;
    if (commit_note(c, target, i, DUTY_DONE) < 0)
      return -1;
    ++n->chunks;
    n->bytes += k.length;
    memcpy(n->md5, k.md5, MD5_HEX);
  }
  return commit_settle(c) < 0 ? -1 : 0;
}

static int note_commit(struct noting *n, const struct named *d,
                       const char *target) {
  struct commit c;
  uint32_t at;
  int e, r = d->has_duty ? commit_open(&c, d->commit) : 0;
  if (r <= 0)
    return r;
  r = find(&c, target, &at);
  if (r > 0)
    r = note(n, &c, at, d);
  e = errno;
  commit_close(&c);
  errno = e;
  return r;
}

int noting_done(struct noting *n, int orders, const char *target) {
  static struct named d;
  struct orders reader;
  struct order o;
  int more, failed = 0;
  memset(n, 0, sizeof *n);
  if (lseek(orders, 0, SEEK_SET) < 0)
    return -1;
  named_clear(&d);
  orders_start(&reader, orders);
  while ((more = orders_next(&reader, &o)) > 0) {
    if (o.kind != ORDER_COMMITTED || named_add(&d, &o) > 0)
      continue;
    if (note_commit(n, &d, target) < 0)
      failed = errno;
    named_clear(&d);
    named_add(&d, &o);
  }
  if (note_commit(n, &d, target) < 0)
    failed = errno;
  if (failed)
    errno = failed;
  return more < 0 || failed ? -1 : 0;
}
