#include "layout.h"

#include <string.h>

#define SET_HEAD 4
#define TOO_LONG "laid out so, the list is longer than 262144 bytes"

/* Numbers of the entries. */
static void index_entries(struct layout *l, const char *list, size_t len) {
  struct list_walk w;
  uint32_t n = 0;

  l->sets = 0;
  l->fault = LAYOUT_NO_ENTRY;
  list_walk_start(&w, list, len);
  while (list_walk_next(&w, &l->entry[n])) {
    if (w.begins_set && w.entry_depth == 0)
      l->set[l->sets++] = n;
    n++;
  }
  l->entries = l->set[l->sets] = l->set[l->sets + 1] = n;
}

/* Entries that form one set: first, first + step, ... below end. */
struct family {
  uint32_t first, step, end;
};

static struct family tree_children(const struct layout *l, uint32_t i,
                                   uint32_t fanout) {
  const uint64_t first = ((uint64_t)i + 1) * fanout;
  const uint64_t end = first + fanout;

  if (first >= l->entries)
    return (struct family){0, 1, 0};
  return (struct family){(uint32_t)first, 1,
                         end < l->entries ? (uint32_t)end : l->entries};
}

static struct family divided_children(const struct layout *l, uint32_t i) {
  uint32_t s = 0;

  while (i >= l->set[s + 1])
    s++;
  return (struct family){l->set[s + 1] + i - l->set[s],
                         l->set[s + 1] - l->set[s], l->set[s + 2]};
}

static struct family children(const struct layout *l, uint32_t i,
                              uint32_t fanout) {
  return fanout ? tree_children(l, i, fanout) : divided_children(l, i);
}

static void put32(char *p, size_t u) {
  for (int i = 3; i >= 0; i--, u >>= 8)
    p[i] = (char)(u & 255);
}

/* The entry with an empty branch. 0: no room. */
static int entry_put(const struct entry *e, char *out, size_t *at) {
  const size_t is_name = e->kind == 0x00;
  const size_t len = 1 + is_name + e->address_len + 6;

  if (LIST_MAX - *at < len)
    return 0;
  out[*at] = (char)e->kind;
  if (is_name)
    out[*at + 1] = (char)e->address_len;
  memcpy(out + *at + 1 + is_name, e->address, e->address_len);
  *at += len;
  out[*at - 6] = (char)(e->port >> 8);
  out[*at - 5] = (char)(e->port & 255);
  put32(out + *at - 4, 0);
  return 1;
}

/* Writes the head as a set, each entry with its children as its branch.
 * fanout 0: divided. */
static const char *nest(struct layout *l, struct family head, uint32_t fanout,
                        char *out, size_t *out_len) {
  struct family open[LIST_DEPTH + 1] = {head};
  size_t set_at[LIST_DEPTH + 1] = {0};
  unsigned int depth = 0;
  size_t at = SET_HEAD;

  *out_len = 0;
  if (l->entries == 0)
    return 0;
  for (;;) {
    struct family *f = &open[depth];
    struct family below;

    if (f->first >= f->end) {
      put32(out + set_at[depth], at - set_at[depth] - SET_HEAD);
      if (depth == 0)
        break;
      put32(out + set_at[depth] - 4, at - set_at[depth]);
      depth--;
      continue;
    }
    l->fault = f->first;
    if (!entry_put(&l->entry[f->first], out, &at)) {
      l->fault = LAYOUT_NO_ENTRY;
      return TOO_LONG;
    }
    below = children(l, f->first, fanout);
    f->first += f->step;
    if (below.first >= below.end)
      continue;
    if (depth == LIST_DEPTH)
      return "laid out so, branches are nested deeper than 16";
    if (LIST_MAX - at < SET_HEAD) {
      l->fault = LAYOUT_NO_ENTRY;
      return TOO_LONG;
    }
    open[++depth] = below;
    set_at[depth] = at;
    at += SET_HEAD;
  }
  l->fault = LAYOUT_NO_ENTRY;
  *out_len = at;
  return 0;
}

static const char *chain(struct layout *l, char *out, size_t *out_len) {
  size_t at = 0;

  for (uint32_t i = 0; i < l->entries; i++) {
    const size_t set_at = at;

    l->fault = i;
    if (i == LIST_SETS)
      return "laid out so, there are more than 256 sets in a row";
    if (LIST_MAX - at < SET_HEAD)
      return TOO_LONG;
    at += SET_HEAD;
    if (!entry_put(&l->entry[i], out, &at))
      return TOO_LONG;
    put32(out + set_at, at - set_at - SET_HEAD);
  }
  l->fault = LAYOUT_NO_ENTRY;
  *out_len = at;
  return 0;
}

/* 1: an entry has a branch; l->fault says which. */
static int has_branch(struct layout *l) {
  for (uint32_t i = 0; i < l->entries; i++)
    if (l->entry[i].branch_len > 0) {
      l->fault = i;
      return 1;
    }
  return 0;
}

const char *layout_tree(struct layout *l, const char *list, size_t len,
                        uint32_t fanout, char out[LIST_MAX], size_t *out_len) {
  index_entries(l, list, len);
  if (has_branch(l))
    return "it has a branch: only a flat list can be laid out anew";
  if (l->sets > 1) {
    l->fault = l->set[1];
    return "it is in a second set: only a flat list can be laid out anew";
  }
  if (fanout == 1)
    return chain(l, out, out_len);
  return nest(l,
              (struct family){0, 1, fanout < l->entries ? fanout : l->entries},
              fanout, out, out_len);
}

const char *layout_divide(struct layout *l, const char *list, size_t len,
                          char out[LIST_MAX], size_t *out_len) {
  index_entries(l, list, len);
  if (has_branch(l))
    return "it has a branch: only sets without branches can be divided";
  for (uint32_t i = 0; i < l->entries; i++)
    for (uint32_t k = 0; k < i; k++)
      if (entry_same(&l->entry[i], &l->entry[k])) {
        l->fault = i;
        return "it stands above already: divided, it would be reached twice";
      }
  return nest(l, (struct family){0, 1, l->set[1]}, 0, out, out_len);
}
