#include "takeover.h"

#include "duties.h"
#include "orders.h"
#include "stream.h"
#include "targets.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct takeover {
  const char *target;
  int (*keep)(void *context, const struct entry *e);
  void *context;
  long count;
  /* What the orders name of one commit. */
  char commit[ORDER_NAME];
  unsigned char named[COMMIT_CHUNKS];
};

static int add_targets(struct commit_writer *w, const struct targets *t) {
  for (uint32_t i = 0; i < t->n; ++i) {
    char text[LIST_TEXT];
    struct entry e;
    targets_entry(t, i, &e);
    entry_text(&e, text);
    if (commit_add_target(w, t->t[i].entry, text) < 0)
      return -1;
  }
  return 0;
}

/* The new commit has the list that the target would have been sent: its head
 * are the hosts that get it instead. */
static int write_commit(const struct takeover *t, struct commit *c,
                        const char *list, size_t list_len,
                        const struct targets *heirs) {
  char name[COMMIT_NAME], label[LABEL_LEN + 1], id[STREAM_ID + 1];
  char flags[COMMIT_CHUNKS], duty[COMMIT_CHUNKS];
  struct commit_writer w;
  struct commit_chunk k;
  size_t at = c->chunks_at;
  label_now(label);
  snprintf(name, sizeof name, "%s.%ld.t", label, (long)getpid());
  snprintf(id, sizeof id, "%.32s", c->id);
  if (commit_start(&w, name, "-", id, c->stored, list, list_len) < 0)
    return -1;
  if (add_targets(&w, heirs) < 0)
    goto failed;
  for (uint32_t i = 0; i < c->chunks; ++i) {
    char md5[MD5_HEX + 1], sha256[SHA256_HEX + 1];
    if (commit_next_chunk(c, &at, i, &k) < 0)
      goto failed;
    if (!t->named[i])
      continue;
    snprintf(md5, sizeof md5, "%.32s", k.md5);
    snprintf(sha256, sizeof sha256, "%.*s", (int)k.sha256_len, k.sha256);
    flags[w.chunks] = '+';
    duty[w.chunks] = DUTY_TODO;
    if (commit_add_chunk(&w, md5, k.length, sha256, k.header, k.header_len) < 0)
      goto failed;
  }
  return commit_finish(&w, flags, duty);
failed:
  commit_cancel(&w);
  return -1;
}

static int take_over(struct takeover *t, struct commit *c, uint32_t number,
                     const struct commit_target *to) {
  static char list[LIST_MAX];
  static struct targets heirs;
  struct duty_at d = {c, number, 0, DUTY_TODO, to, 0};
  struct duty_list l;
  long count = 0;
  for (uint32_t i = 0; i < c->chunks; ++i) {
    t->named[i] &= commit_duty(c, number, i) == DUTY_TODO;
    count += t->named[i];
  }
  if (!count)
    return 0;
  if (duties_list(&d, &l) < 0 || l.branch_len + l.rest_len > sizeof list)
    return -1;
  memcpy(list, l.branch, l.branch_len);
  memcpy(list + l.branch_len, l.rest, l.rest_len);
  targets_scan(&heirs, list, l.branch_len + l.rest_len);
  targets_filter(&heirs, t->keep, t->context);
  if (!heirs.n)
    return 0;
  if (write_commit(t, c, list, l.branch_len + l.rest_len, &heirs) < 0)
    return -1;
  for (uint32_t i = 0; i < c->chunks; ++i)
    if (t->named[i] && commit_note(c, number, i, DUTY_TAKEN_OVER) < 0)
      return -1;
  t->count += count;
  return commit_settle(c) < 0 ? -1 : 0;
}

/* What has been gathered of one commit. */
static int flush(struct takeover *t) {
  size_t len = strlen(t->target), at;
  struct commit_target to;
  struct commit c;
  int r = *t->commit ? commit_open(&c, t->commit) : 0, e;
  if (r <= 0)
    return r;
  at = c.targets_at;
  r = 0;
  for (uint32_t i = 0; r == 0 && i < c.targets; ++i) {
    r = commit_next_target(&c, &at, &to) < 0 ? -1 : 0;
    if (r == 0 && to.text_len == len && !memcmp(to.text, t->target, len))
      r = take_over(t, &c, i, &to);
  }
  e = errno;
  commit_close(&c);
  errno = e;
  return r;
}

static int gather(struct takeover *t, const struct order *o) {
  int r = 0;
  if (strcmp(t->commit, o->name)) {
    r = flush(t);
    memcpy(t->commit, o->name, sizeof t->commit);
    memset(t->named, 0, sizeof t->named);
  }
  if (!o->has_index)
    memset(t->named, 1, sizeof t->named);
  else if (o->index < COMMIT_CHUNKS)
    t->named[o->index] = 1;
  return r;
}

long takeover_orders(int orders, const char *target,
                     int (*keep)(void *context, const struct entry *e),
                     void *context) {
  struct takeover t = {.target = target, .keep = keep, .context = context};
  struct orders reader;
  struct order o;
  int more, failed = 0;
  if (lseek(orders, 0, SEEK_SET) < 0)
    return -1;
  orders_start(&reader, orders);
  while ((more = orders_next(&reader, &o)) > 0)
    if (o.kind == ORDER_COMMITTED && gather(&t, &o) < 0)
      failed = errno;
  if (flush(&t) < 0)
    failed = errno;
  if (failed)
    errno = failed;
  return more < 0 || failed ? -1 : t.count;
}

int takeover_single(int orders) {
  struct orders reader;
  struct order o;
  uint64_t duties = 0;
  if (lseek(orders, 0, SEEK_SET) < 0)
    return 0;
  orders_start(&reader, orders);
  while (orders_next(&reader, &o) > 0) {
    struct commit c;
    if (o.kind != ORDER_COMMITTED)
      continue;
    if (o.has_index)
      ++duties;
    else if (commit_open(&c, o.name) == 1) {
      duties += c.chunks;
      commit_close(&c);
    }
  }
  return duties == 1;
}
