#include "list.h"

#define SET_HEAD 4

static uint16_t big16(const char *p) {
  return (uint16_t)((unsigned char)p[0] << 8 | (unsigned char)p[1]);
}

static uint32_t big32(const char *p) {
  return (uint32_t)big16(p) << 16 | big16(p + 2);
}

/* Takes one entry apart, of at least a byte. 0: good; else what is wrong with it. */
static const char *entry_take(const char *p, size_t avail, struct entry *e,
                              size_t *taken) {
  size_t at = 1;

  e->kind = (unsigned char)p[0];
  switch (e->kind) {
  case 0x04:
    e->address_len = 4;
    break;
  case 0x06:
    e->address_len = 16;
    break;
  case 0x00:
    if (avail < 2)
      return "an entry is cut off";
    e->address_len = (unsigned char)p[at++];
    break;
  default:
    return "an entry is of no known kind";
  }
  if (avail - at < e->address_len + 6)
    return "an entry is cut off";
  e->address = p + at;
  at += e->address_len;
  e->port = big16(p + at);
  e->branch_len = big32(p + at + 2);
  at += 6;
  if (e->branch_len > avail - at)
    return "a branch is longer than the set that it is in";
  e->branch = p + at;
  if (e->kind == 0x00 && !list_name_valid(e->address, e->address_len))
    return "an entry's host name is bad";
  if (e->port == 0)
    return "an entry's port is 0";
  *taken = at + e->branch_len;
  return 0;
}

void list_walk_start(struct list_walk *w, const char *list, size_t len) {
  w->p = w->set_end[0] = len ? list : "";
  w->list_end[0] = w->p + len;
  w->depth = w->sets[0] = 0;
}

/* Begins the set at w->p. */
static const char *set_take(struct list_walk *w) {
  const size_t avail = (size_t)(w->list_end[w->depth] - w->p);
  uint32_t n;

  if (avail < SET_HEAD)
    return "the length of a set is cut off";
  n = big32(w->p);
  if (n == 0)
    return "a set is empty";
  if (n > avail - SET_HEAD)
    return "a set is longer than the list that it is in";
  if (++w->sets[w->depth] > LIST_SETS)
    return "there are more than 256 sets in a row";
  w->begins_set = 1;
  w->p += SET_HEAD;
  w->set_end[w->depth] = w->p + n;
  return 0;
}

static const char *entry_step(struct list_walk *w, struct entry *e) {
  size_t taken;
  const char *why =
      entry_take(w->p, (size_t)(w->set_end[w->depth] - w->p), e, &taken);

  if (why)
    return why;
  w->p += taken;
  if (e->branch_len == 0)
    return 0;
  if (w->depth == LIST_DEPTH)
    return "branches are nested deeper than 16";
  w->p = w->set_end[++w->depth] = e->branch;
  w->list_end[w->depth] = e->branch + e->branch_len;
  w->sets[w->depth] = 0;
  return 0;
}

/* The next entry. 1; 0: end; -1: *why says what is wrong. */
static int walk_step(struct list_walk *w, struct entry *e, const char **why) {
  w->begins_set = 0;
  while (w->p == w->set_end[w->depth]) {
    if (w->p == w->list_end[w->depth]) {
      if (w->depth == 0)
        return 0;
      w->depth--;
      continue;
    }
    *why = set_take(w);
    if (*why)
      return -1;
  }
  w->entry_depth = w->depth;
  *why = entry_step(w, e);
  return *why ? -1 : 1;
}

const char *list_check(const char *list, size_t len) {
  struct list_walk w;
  struct entry e;
  unsigned int entries = 0;
  const char *why = 0;

  if (len > LIST_MAX)
    return "the list is longer than 262144 bytes";
  list_walk_start(&w, list, len);
  while (walk_step(&w, &e, &why) == 1)
    if (++entries > LIST_ENTRIES)
      return "there are more than 8192 entries";
  return why;
}

int list_walk_next(struct list_walk *w, struct entry *e) {
  const char *why;

  return walk_step(w, e, &why) == 1;
}

size_t list_head(const char *list, size_t len, const char **set,
                 size_t *set_len) {
  *set = list;
  *set_len = 0;
  if (len == 0)
    return 0;
  *set = list + SET_HEAD;
  *set_len = big32(list);
  return SET_HEAD + *set_len;
}

int list_entry(const char *set, size_t set_len, size_t *pos, struct entry *e) {
  size_t taken;

  if (*pos >= set_len || entry_take(set + *pos, set_len - *pos, e, &taken))
    return 0;
  *pos += taken;
  return 1;
}
