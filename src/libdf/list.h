#ifndef LIST_H
#define LIST_H

#include "entry.h"

#include <stddef.h>

/* The replicate list, binary, without the file's magic: protocol.md section 4.
 */
#define LIST_MAGIC "DFR1"
#define LIST_MAX 262144
#define LIST_ENTRIES 8192
#define LIST_SETS 256
#define LIST_DEPTH 16

/* Checks all of it, branches included, without recursion. 0: good (the empty
 * list is), else what is wrong, a short constant. All below ask for a list that
 * was checked. */
const char *list_check(const char *list, size_t len);

/* The entries of the first set: *set, *set_len; returns where the next set
 * begins (the offset of what is left of the list). An empty list: 0, *set_len
 * 0. */
size_t list_head(const char *list, size_t len, const char **set,
                 size_t *set_len);

/* The next entry of a set, from *pos on. 1: in *e; 0: end. */
int list_entry(const char *set, size_t set_len, size_t *pos, struct entry *e);

/* Every entry of the list in the order of its bytes (set by set, an entry
 * before its branch), for pushdf's Backup-Host lines. Keeps its place in *w;
 * start with list_walk_start. 1: in *e; 0: end. */
struct list_walk {
  const char *p; /* where reading goes on */
  const char *set_end[LIST_DEPTH + 1];
  unsigned int depth;
  const char *list_end[LIST_DEPTH + 1];
  unsigned int
      sets[LIST_DEPTH + 1]; /* begun so far in the list at that depth */
  unsigned int entry_depth; /* of the entry returned last */
  int begins_set;           /* it is the first of its set */
};
void list_walk_start(struct list_walk *w, const char *list, size_t len);
int list_walk_next(struct list_walk *w, struct entry *e);

#endif
