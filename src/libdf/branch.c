#include "branch.h"

#include "follow.h"
#include "named.h"
#include "orders.h"
#include "takeover.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct keeping {
  struct branch *b;
  struct spool spool;
  int started; /* the relays */
  struct takeover takeover;
  struct targets heirs;
  struct named named;
};

static void start_relays(struct keeping *k) {
  struct branch *b = k->b;
  b->relay.spool = &k->spool;
  k->started = 1;
  for (uint32_t i = 0; i < k->heirs.n; ++i) {
    char text[LIST_TEXT];
    struct entry e;
    pid_t pid;
    targets_entry(&k->heirs, i, &e);
    pid = relay_start(&b->relay, i, &e, k->heirs.rest, k->heirs.rest_len);
    if (pid > 0)
      continue;
    entry_text(&e, text);
    b->left(b->context, text, pid ? strerror(errno) : "too many relays");
  }
}

static int order(struct keeping *k, const char *line) {
  if (spool_order(&k->spool, line) < 0)
    return -1;
  if (!k->started)
    start_relays(k);
  return 0;
}

static int take_over(struct keeping *k) {
  static uint32_t place[COMMIT_CHUNKS];
  char made[COMMIT_NAME], line[ORDER_LINE];
  const struct named *d = &k->named;
  long n = takeover_commit(&k->takeover, d->commit, d->duty, made, place);
  if (n <= 0)
    return (int)n;
  k->b->chunks += (unsigned long)n;
  for (uint32_t i = 0; i < COMMIT_CHUNKS; ++i) {
    if (!d->send[i] || place[i] == TAKEOVER_NOT)
      continue;
    snprintf(line, sizeof line, "commit %s %lu\n", made,
             (unsigned long)place[i]);
    if (order(k, line) < 0)
      return -1;
  }
  snprintf(line, sizeof line, "committed %s\n", made);
  return order(k, line);
}

/* Takes over what has been named of one commit. What is to be sent waits for
 * the order that names the duties. */
static int flush(struct keeping *k) {
  if (k->named.has_duty && take_over(k) < 0)
    return -1;
  if (k->named.has_duty)
    named_clear(&k->named);
  return 0;
}

static int add(struct keeping *k, const struct order *o) {
  int r = named_add(&k->named, o);
  if (r)
    return r;
  if (flush(k) < 0)
    return -1;
  named_clear(&k->named);
  return named_add(&k->named, o);
}

static int spool(struct keeping *k, const char *name) {
  char line[ORDER_LINE];
  if (spool_link(&k->spool, name) < 0)
    return -1;
  snprintf(line, sizeof line, "spool %s/%lu\n", k->spool.name,
           (unsigned long)k->spool.next - 1);
  return order(k, line);
}

/* The same for the branch. */
static int translate(struct keeping *k, const struct order *o) {
  if (o->kind == ORDER_COMMIT || o->kind == ORDER_COMMITTED)
    return add(k, o);
  if (flush(k) < 0)
    return -1;
  switch (o->kind) {
  case ORDER_SPOOL:
    return spool(k, o->name);
  case ORDER_DONE:
    return order(k, "done\n");
  case ORDER_LOST:
    return order(k, "lost\n");
  default: /* an end, where nothing was to be sent, needs no keeper */
    return k->started ? spool_order(&k->spool, "end\n") : 0;
  }
}

static int follow(struct keeping *k, int orders) {
  struct orders reader;
  struct follow f;
  struct order o;
  if (lseek(orders, 0, SEEK_SET) < 0)
    return -1;
  orders_start(&reader, orders);
  follow_start(&f, orders);
  for (int gone = 0;;) {
    int more;
    while ((more = orders_next(&reader, &o)) > 0) {
      if (translate(k, &o) < 0)
        return -1;
      if (o.kind == ORDER_END)
        return 0;
    }
    if (more < 0 || flush(k) < 0)
      return -1;
    if (gone)
      return 0;
    gone = follow_gone(orders);
    if (!gone)
      follow_wait(&f, -1);
  }
}

int branch_keep(struct branch *b, int orders) {
  static struct keeping k;
  uint32_t all;
  int r, e;
  memset(&k, 0, sizeof k);
  k.b = b;
  targets_scan(&k.heirs, b->list, b->list_len);
  all = k.heirs.n;
  targets_filter(&k.heirs, b->keep, b->context);
  if (!k.heirs.n)
    return 0;
  if (spool_open(&k.spool) < 0)
    return -1;
  k.takeover = (struct takeover){b->target,   k.spool.name, b->list,
                                 b->list_len, &k.heirs,     k.heirs.n < all};
  r = follow(&k, orders);
  e = errno;
  spool_close(&k.spool);
  errno = e;
  return r;
}
