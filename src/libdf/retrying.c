#include "retrying.h"

#include "clock.h"
#include "confirming.h"
#include "orders.h"
#include "pushid.h"
#include "slot.h"
#include "spool.h"
#include "trying.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

uint64_t retrying_backoff(unsigned int tries) {
  uint64_t ms = RETRYING_FIRST * 1000;
  while (tries-- > 1 && ms < RETRYING_LAST * 1000)
    ms *= 2;
  if (ms > RETRYING_LAST * 1000)
    ms = RETRYING_LAST * 1000;
  return ms - ms / 4 + (uint64_t)random() % (ms / 4 + 1);
}

void retrying_resume(struct retrying *t) {
  char error[PRINTABLE_MAX];
  uint64_t tries, ms;
  int64_t ago = trying_read(t->target, &tries, error);
  if (!tries)
    return;
  t->tries = tries > 32 ? 32 : (unsigned)tries;
  ms = retrying_backoff(t->tries);
  if (ago < 0 || (uint64_t)ago * 1000 < ms)
    t->next = clock_ms() + ms - (ago < 0 ? 0 : (uint64_t)ago * 1000);
}

static struct refused_chunk *find(const struct retrying *t, const char *commit,
                                  uint32_t chunk) {
  for (unsigned int i = 0; i < t->n_refused; ++i)
    if (t->refused[i].item.chunk == chunk &&
        !strcmp(t->refused[i].item.commit, commit))
      return t->refused + i;
  return 0;
}

/* New ones first. */
static int want(void *context, const struct duty_at *d) {
  const struct retrying *t = context;
  const struct refused_chunk *r = find(t, d->commit->name, d->chunk);
  if (r && r->next > clock_ms())
    return 0;
  if (d->state == DUTY_TAKEN_OVER)
    return 3; /* its own copy cuts nobody off */
  return strcmp(d->commit->stored, t->last) > 0 ? 1 : 2;
}

/* Those that are long due have gone through, or were given up. */
static void forget(struct retrying *t) {
  uint64_t now = clock_ms();
  for (unsigned int i = 0; i < t->n_refused;)
    if (t->refused[i].next + RETRYING_LAST * 1000 < now)
      t->refused[i] = t->refused[--t->n_refused];
    else
      ++i;
}

/* 1: locked against another dfretry; 0: that has it; -1. */
static int take_lock(struct retrying *t) {
  char name[LIST_TEXT + 16];
  if (t->lock)
    return 1;
  snprintf(name, sizeof name, "retry-%s", t->target);
  t->lock = slot_take(name, 1);
  if (t->lock >= 0)
    return 1;
  t->lock = 0;
  return errno == EAGAIN ? 0 : -1;
}

/* The lock is kept for what begins then. */
pid_t retrying_look(struct retrying *t, const struct relay *limits) {
  struct confirming c = {.target = t->target,
                         .timeout = limits->timeout,
                         .connect_timeout = limits->connect_timeout};
  pid_t pid;
  int r;
  if (!confirming_wanted() ||
      (t->looked && clock_ms() - t->looked < RETRYING_FIRST * 1000))
    return 0;
  r = take_lock(t);
  if (r <= 0)
    return r;
  pid = confirming_start(&c);
  if (pid < 0)
    return -1;
  t->pid = pid;
  t->looking = 1;
  return pid;
}

void retrying_looked(struct retrying *t) {
  t->pid = 0;
  t->looking = 0;
  t->looked = clock_ms();
}

int retrying_begin(struct retrying *t) {
  int r = take_lock(t);
  if (r <= 0)
    return r;
  forget(t);
  r = work_collect(&t->work, t->target, want, t);
  if (r > 0) {
    t->working = 1;
    t->ranges = 1;
    t->range[0].from = 0;
    t->range[0].to = t->work.n;
    label_now(t->last);
    return 1;
  }
  close(t->lock);
  t->lock = 0;
  return r;
}

static int put_orders(struct retrying *t, struct spool *s) {
  uint32_t to = t->range[t->ranges - 1].to;
  char line[2 * ORDER_LINE];
  struct work_item item;
  for (uint32_t i = t->range[t->ranges - 1].from; i < to; ++i) {
    if (work_item(&t->work, i, &item) < 0)
      return -1;
    snprintf(line, sizeof line, "commit %s %lu\ncommitted %s %lu\n",
             item.commit, (unsigned long)item.chunk, item.commit,
             (unsigned long)item.chunk);
    if (spool_order(s, line) < 0)
      return -1;
  }
  return spool_order(s, "end\n");
}

pid_t retrying_send(struct retrying *t, const struct relay *limits) {
  static char list[LIST_MAX];
  char id[STREAM_ID + 1], buf[LIST_TEXT];
  struct relay r = *limits;
  struct spool s;
  struct entry e;
  int error;
  pid_t pid = -1;
  if (entry_scan(t->target, strlen(t->target), buf, &e) ||
      work_list(&t->work, list) < 0 || pushid_make(id) < 0 ||
      spool_open(&s) < 0)
    return -1;
  e.branch_len = 0;
  r.spool = &s;
  r.id = id;
  r.lock = t->lock;
  r.whole = t->vain == RETRYING_VAIN;
  if (put_orders(t, &s) == 0)
    pid = relay_start(&r, 0, &e, list, t->work.list_len);
  error = errno;
  spool_close(&s);
  errno = error;
  if (pid > 0)
    t->pid = pid;
  return pid;
}

static void finish(struct retrying *t) {
  work_free(&t->work);
  close(t->lock);
  t->lock = 0;
  t->working = 0;
  t->vain = 0;
}

static void fail(struct retrying *t) {
  t->next = clock_ms() + retrying_backoff(++t->tries);
  finish(t);
}

void retrying_wait(struct retrying *t, uint64_t ms) {
  t->next = clock_ms() + ms;
  finish(t);
}

/* One chunk that the target does not take waits alone, the others go on. */
static int refused(struct retrying *t, uint32_t i) {
  struct refused_chunk *r;
  struct work_item item;
  if (work_item(&t->work, i, &item) < 0)
    return -1;
  r = find(t, item.commit, item.chunk);
  if (!r) {
    if (!t->refused)
      t->refused = calloc(RETRYING_REFUSED, sizeof *t->refused);
    if (!t->refused || t->n_refused == RETRYING_REFUSED)
      return -1;
    r = t->refused + t->n_refused++;
    r->item = item;
    r->tries = 0;
  }
  r->next = clock_ms() + retrying_backoff(++r->tries);
  ++t->vain;
  return 0;
}

int retrying_ended(struct retrying *t, int code) {
  uint32_t from = t->range[t->ranges - 1].from;
  uint32_t to = t->range[t->ranges - 1].to, middle = from + (to - from) / 2;
  t->pid = 0;
  if (code && (code != RELAY_REFUSED || t->vain == RETRYING_VAIN)) {
    fail(t);
    return 0;
  }
  --t->ranges;
  if (!code) {
    t->tries = 0;
    t->next = 0;
    t->vain = 0;
  } else if (to - from > 1) {
    t->range[t->ranges].from = middle;
    t->range[t->ranges++].to = to;
    t->range[t->ranges].from = from;
    t->range[t->ranges++].to = middle;
  } else if (refused(t, from) < 0) {
    fail(t);
    return 0;
  }
  if (t->ranges && t->vain == RETRYING_VAIN) { /* what is left, as a whole */
    t->range[0].from = to;
    t->range[0].to = t->work.n;
    t->ranges = 1;
  }
  if (t->ranges)
    return 1;
  finish(t);
  return 0;
}
