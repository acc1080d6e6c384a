#include "listcount.h"

#include <string.h>

/* The last hop of the open set, and of all that its list has had so far. */
struct hops {
  uint32_t set[LIST_DEPTH + 1], list[LIST_DEPTH + 1];
};

/* Just after an entry was walked to, what is left at each depth, the deepest
 * first, is the list that it is sent. */
static size_t left_at(const struct list_walk *w, unsigned int depth) {
  return (size_t)(w->list_end[depth] - w->set_end[depth]);
}

static uint32_t sent_sets(const struct list_walk *w) {
  const char *set;
  size_t set_len;
  uint32_t n = 0;

  for (unsigned int d = 0; d <= w->depth; d++)
    for (size_t at = 0, len = left_at(w, d); at < len; n++)
      at += list_head(w->set_end[d] + at, len - at, &set, &set_len);
  return n;
}

static void sent_digest(const struct list_walk *w, char md5[MD5_HEX + 1]) {
  struct digest g;
  char none[SHA256_HEX + 1];

  digest_start(&g, 0);
  for (unsigned int d = w->depth + 1; d-- > 0;)
    if (left_at(w, d) > 0)
      digest_add(&g, w->set_end[d], left_at(w, d));
  digest_end(&g, md5, none);
}

static uint16_t *reached(struct listcount *c, const struct entry *e) {
  return &c->reached[e->address - c->list];
}

/* The host self (0: the first one, or the client) sends to each entry of the
 * list's head. */
static void deliver(struct listcount *c, const char *list, size_t len,
                    const struct entry *self) {
  const struct entry *not_to = self ? self : c->first;
  const uint16_t hop = self ? *reached(c, self) + 1 : 1;
  uint16_t *r;
  struct entry e;

  targets_scan(&c->targets, list, len);
  for (uint32_t i = 0; i < c->targets.n; i++) {
    targets_entry(&c->targets, i, &e);
    if (not_to && entry_same(&e, not_to))
      continue;
    r = reached(c, &e);
    if (!*r || *r > hop)
      *r = hop;
    c->deliveries++;
    if (c->each)
      c->each(c->context, hop, self, &e);
  }
}

static void pass_on(struct listcount *c, const struct list_walk *w,
                    const struct entry *self) {
  unsigned int d = w->depth;

  while (d > 0 && left_at(w, d) == 0)
    d--;
  deliver(c, w->set_end[d], left_at(w, d), self);
}

static int has_come(struct listcount *c, uint32_t n) {
  return *reached(c, &c->entry[n]) != 0;
}

/* 1: that host was sent that list before. */
static int is_repeated(struct listcount *c, uint32_t n) {
  for (uint32_t i = c->same[n]; i < n; i++)
    if (c->same[i] == c->same[n] && has_come(c, i) &&
        strcmp(c->sent[i], c->sent[n]) == 0)
      return 1;
  return 0;
}

static uint32_t first_same(const struct listcount *c, uint32_t n) {
  uint32_t i = 0;

  while (c->same[i] != i || !entry_same(&c->entry[i], &c->entry[n]))
    if (++i == n)
      return n;
  return i;
}

static void count_hops(struct hops *h, const struct list_walk *w,
                       unsigned int last_depth) {
  const unsigned int d = w->entry_depth;

  if (d > last_depth)
    h->list[d] = h->set[last_depth];
  for (unsigned int k = last_depth; k > d; k--)
    if (h->list[k - 1] < h->list[k])
      h->list[k - 1] = h->list[k];
  if (w->begins_set)
    h->set[d] = ++h->list[d];
}

static void count_entry(struct listcount *c, const struct list_walk *w,
                        int is_as_before) {
  const uint32_t n = c->entries;

  c->same[n] = n ? first_same(c, n) : 0;
  c->is_counted[n] = 0;
  if (is_as_before)
    memcpy(c->sent[n], c->sent[n - 1], sizeof c->sent[n]);
  else
    sent_digest(w, c->sent[n]);
  if (!has_come(c, n))
    return;
  c->hosts += !c->is_counted[c->same[n]];
  c->is_counted[c->same[n]] = 1;
  if (!is_repeated(c, n))
    pass_on(c, w, &c->entry[n]);
}

const char *listcount(struct listcount *c, const char *list, size_t len) {
  struct hops h = {{0}, {0}};
  struct list_walk w;
  unsigned int last_depth = 0;

  c->hosts = c->hops = c->entries = 0;
  c->deliveries = 0;
  c->list = list;
  memset(c->reached, 0, sizeof c->reached);
  deliver(c, list, len, 0);
  list_walk_start(&w, list, len);
  while (list_walk_next(&w, &c->entry[c->entries])) {
    const struct entry *e = &c->entry[c->entries];
    const int is_as_before = c->entries > 0 && !w.begins_set &&
                             w.entry_depth == last_depth &&
                             e->branch_len == 0 && e[-1].branch_len == 0;

    if (sent_sets(&w) > LIST_SETS)
      return "with what is left of the list it would be sent more than 256 "
             "sets";
    count_entry(c, &w, is_as_before);
    count_hops(&h, &w, last_depth);
    if (c->hops < h.set[w.entry_depth])
      c->hops = h.set[w.entry_depth];
    last_depth = w.entry_depth;
    c->entries++;
  }
  return 0;
}
