#ifndef LAYOUT_H
#define LAYOUT_H

#include "list.h"

#include <stddef.h>
#include <stdint.h>

/* Other shapes of a list: genrep -f and -d. */
#define LAYOUT_NO_ENTRY UINT32_MAX

/* Room to work in. Entries are numbered as list_walk_next finds them. */
struct layout {
  struct entry entry[LIST_ENTRIES];
  uint32_t entries;
  uint32_t set[LIST_SETS + 2]; /* where each set begins; two ends */
  uint32_t sets;
  uint32_t fault; /* the entry that a complaint is about, or none */
};

/* Both take a list that was checked, and give 0, or what is wrong, a short
 * constant; l->fault says where. out has room for LIST_MAX bytes. */

/* A list of one set without branches becomes a tree of this fan-out (1 or
 * more), breadth first in the order of its entries; 1: a chain, as sets. */
const char *layout_tree(struct layout *l, const char *list, size_t len,
                        uint32_t fanout, char out[LIST_MAX], size_t *out_len);

/* Sets without branches: host i of n of a set gets hosts i, i+n, ... of the
 * next one as its branch. */
const char *layout_divide(struct layout *l, const char *list, size_t len,
                          char out[LIST_MAX], size_t *out_len);

#endif
