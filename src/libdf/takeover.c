#include "takeover.h"

#include "duties.h"
#include "keeping.h"
#include "orders.h"
#include "stream.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

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

static int write_commit(const struct takeover *t, const struct commit *c,
                        char made[COMMIT_NAME],
                        const uint32_t place[COMMIT_CHUNKS]) {
  char label[LABEL_LEN + 1], id[STREAM_ID + 1];
  char flags[COMMIT_CHUNKS], duty[COMMIT_CHUNKS];
  struct commit_writer w;
  struct commit_chunk k;
  size_t at = c->chunks_at;
  label_now(label);
  snprintf(made, COMMIT_NAME, "%s.%ld.t", label, (long)getpid());
  snprintf(id, sizeof id, "%.32s", c->id);
  if (commit_start(&w, made, t->stream, id, c->stored, t->list, t->list_len) <
      0)
    return -1;
  if (add_targets(&w, t->heirs) < 0)
    goto failed;
  for (uint32_t i = 0; i < c->chunks; ++i) {
    char md5[MD5_HEX + 1], sha256[SHA256_HEX + 1];
    if (commit_next_chunk(c, &at, i, &k) < 0)
      goto failed;
    if (place[i] == TAKEOVER_NOT)
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

/* 1: what the target would have been sent is the list of which the heirs are.
 */
static int same_list(const struct takeover *t, struct commit *c, uint32_t i,
                     const struct commit_target *to) {
  struct duty_at d = {c, i, 0, DUTY_TODO, to, 0};
  struct duty_list l;
  return duties_list(&d, &l) == 0 && l.branch_len + l.rest_len == t->list_len &&
         !memcmp(t->list, l.branch, l.branch_len) &&
         !memcmp(t->list + l.branch_len, l.rest, l.rest_len);
}

/* 1: the target's place among those of the commit; 0: it has none there. */
static int find(const struct takeover *t, struct commit *c, uint32_t *number) {
  size_t len = strlen(t->target), at = c->targets_at;
  struct commit_target to;
  for (uint32_t i = 0; i < c->targets; ++i) {
    if (commit_next_target(c, &at, &to) < 0)
      return -1;
    *number = i;
    if (to.text_len == len && !memcmp(to.text, t->target, len))
      return same_list(t, c, i, &to);
  }
  return 0;
}

static long take_over(const struct takeover *t, struct commit *c,
                      const unsigned char named[COMMIT_CHUNKS],
                      char made[COMMIT_NAME], uint32_t place[COMMIT_CHUNKS]) {
  uint32_t number, n = 0;
  int r = find(t, c, &number);
  if (r <= 0)
    return r;
  for (uint32_t i = 0; i < c->chunks; ++i)
    if (named[i] && commit_duty(c, number, i) == DUTY_TODO)
      place[i] = n++;
  if (!n)
    return 0;
  if (write_commit(t, c, made, place) < 0)
    return -1;
  for (uint32_t i = 0; i < c->chunks; ++i)
    if (place[i] != TAKEOVER_NOT &&
        commit_note(c, number, i, t->half ? DUTY_HALF : DUTY_TAKEN_OVER) < 0)
      return -1;
  return commit_settle(c) < 0 ? -1 : (long)n;
}

long takeover_commit(const struct takeover *t, const char *name,
                     const unsigned char named[COMMIT_CHUNKS],
                     char made[COMMIT_NAME], uint32_t place[COMMIT_CHUNKS]) {
  struct commit c;
  long taken = commit_open(&c, name);
  int e, keeping;
  for (uint32_t i = 0; i < COMMIT_CHUNKS; ++i)
    place[i] = TAKEOVER_NOT;
  if (taken <= 0)
    return taken;
  keeping = keeping_share(); /* the duty moves while nobody looks for duties */
  taken = keeping < 0 ? -1 : take_over(t, &c, named, made, place);
  e = errno;
  if (keeping >= 0)
    close(keeping);
  commit_close(&c);
  errno = e;
  return taken;
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
