#include "branch.h"

#include "follow.h"
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
  /* What the orders say of one commit. */
  char commit[ORDER_NAME];
  unsigned char ordered[COMMIT_CHUNKS]; /* to be sent from the commit */
  unsigned char named[COMMIT_CHUNKS];   /* duties that stand there */
  int has_named;
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

/* Takes over what has been gathered of one commit. */
static int flush(struct keeping *k) {
  static uint32_t place[COMMIT_CHUNKS];
  char made[COMMIT_NAME], line[ORDER_LINE];
  long n;
  if (!k->has_named)
    return 0;
  k->has_named = 0;
  n = takeover_commit(&k->takeover, k->commit, k->named, made, place);
  if (n <= 0)
    return (int)n;
  k->b->chunks += (unsigned long)n;
  for (uint32_t i = 0; i < COMMIT_CHUNKS; ++i) {
    if (!k->ordered[i] || place[i] == TAKEOVER_NOT)
      continue;
    snprintf(line, sizeof line, "commit %s %lu\n", made,
             (unsigned long)place[i]);
    if (order(k, line) < 0)
      return -1;
  }
  snprintf(line, sizeof line, "committed %s\n", made);
  return order(k, line);
}

static int gather(struct keeping *k, const struct order *o) {
  if (strcmp(k->commit, o->name)) {
    if (flush(k) < 0)
      return -1;
    memcpy(k->commit, o->name, sizeof k->commit);
    memset(k->ordered, 0, sizeof k->ordered);
    memset(k->named, 0, sizeof k->named);
  }
  if (o->kind == ORDER_COMMITTED && !o->has_index)
    memset(k->named, 1, sizeof k->named);
  else if (o->index >= COMMIT_CHUNKS)
    return errno = EPROTO, -1;
  else if (o->kind == ORDER_COMMITTED)
    k->named[o->index] = 1;
  else
    k->ordered[o->index] = 1;
  k->has_named |= o->kind == ORDER_COMMITTED;
  return 0;
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
    return gather(k, o);
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
  int r, e;
  memset(&k, 0, sizeof k);
  k.b = b;
  targets_scan(&k.heirs, b->list, b->list_len);
  targets_filter(&k.heirs, b->keep, b->context);
  if (!k.heirs.n)
    return 0;
  if (spool_open(&k.spool) < 0)
    return -1;
  k.takeover = (struct takeover){b->target, k.spool.name, b->list, b->list_len,
                                 &k.heirs};
  r = follow(&k, orders);
  e = errno;
  spool_close(&k.spool);
  errno = e;
  return r;
}
