#include "noting.h"

#include "commit.h"
#include "named.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

struct walk {
  const char *target;
  int (*each)(void *context, const struct duty_at *d);
  void *context;
};

/* 1: *at is the target's place among those of the commit; 0: it has none. */
static int find(const struct commit *c, const char *target, uint32_t *at,
                struct commit_target *t) {
  size_t pos = c->targets_at, len = strlen(target);
  for (*at = 0; *at < c->targets; ++*at) {
    if (commit_next_target(c, &pos, t) < 0)
      return -1;
    if (t->text_len == len && !memcmp(t->text, target, len))
      return 1;
  }
  return 0;
}

static int of_commit(const struct walk *w, struct commit *c, uint32_t target,
                     const struct commit_target *to,
                     const struct named *named) {
  size_t pos = c->chunks_at;
  struct commit_chunk k;
  for (uint32_t i = 0; i < c->chunks; ++i) {
    struct duty_at d = {c, target, i, commit_duty(c, target, i), to, &k};
    if (commit_next_chunk(c, &pos, i, &k) < 0)
      return -1;
    if (!k.is_void && named->duty[i] && d.state != DUTY_DONE &&
        w->each(w->context, &d) < 0)
      return -1;
  }
  return c->noted && commit_settle(c) < 0 ? -1 : 0;
}

static int look_at(const struct walk *w, const struct named *d) {
  struct commit_target to;
  struct commit c;
  uint32_t at;
  int e, r = d->has_duty ? commit_open(&c, d->commit) : 0;
  if (r <= 0)
    return r;
  r = find(&c, w->target, &at, &to);
  if (r > 0)
    r = of_commit(w, &c, at, &to, d);
  e = errno;
  commit_close(&c);
  errno = e;
  return r;
}

int noting_each(int orders, const char *target,
                int (*each)(void *context, const struct duty_at *d),
                void *context) {
  static struct named d;
  struct walk w = {target, each, context};
  struct orders reader;
  struct order o;
  int more, failed = 0;
  if (lseek(orders, 0, SEEK_SET) < 0)
    return -1;
  named_clear(&d);
  orders_start(&reader, orders);
  while ((more = orders_next(&reader, &o)) > 0) {
    if (o.kind != ORDER_COMMITTED || named_add(&d, &o) > 0)
      continue;
    if (look_at(&w, &d) < 0)
      failed = errno;
    named_clear(&d);
    named_add(&d, &o);
  }
  if (look_at(&w, &d) < 0)
    failed = errno;
  if (failed)
    errno = failed;
  return more < 0 || failed ? -1 : 0;
}

int noting_one(struct noting *n, const struct duty_at *d) {
  if (commit_note(d->commit, d->target, d->chunk, DUTY_DONE) < 0)
    return -1;
  ++n->chunks;
  n->bytes += d->what->length;
  memcpy(n->md5, d->what->md5, MD5_HEX);
  return 0;
}

static int done(void *context, const struct duty_at *d) {
  return noting_one(context, d);
}

int noting_done(struct noting *n, int orders, const char *target) {
  memset(n, 0, sizeof *n);
  return noting_each(orders, target, done, n);
}
