#ifndef LISTCOUNT_H
#define LISTCOUNT_H

#include "digest.h"
#include "targets.h"

#include <stddef.h>
#include <stdint.h>

/* What a list comes to when every host passes on what it is sent (protocol.md
 * sections 2 and 4): a host passes a list on once, never to itself. */
struct listcount {
  uint32_t hosts;      /* different ones that are reached */
  uint32_t hops;       /* on the longest way */
  uint64_t deliveries; /* connections in all */

  /* Set by the user, or 0. */
  const struct entry *first; /* the host that the list is sent to */
  /* Called for each delivery, with the hops of the shortest way so far (from 1
   * on); from 0: it is that host's. */
  void (*each)(void *context, uint32_t hop, const struct entry *from,
               const struct entry *to);
  void *context;

  /* Room to work in. Entries are numbered as list_walk_next finds them. */
  const char *list;
  uint16_t reached[LIST_MAX]; /* where an entry's address begins: the hops after
                                 which some host, not itself, sends to it */
  struct targets targets;
  uint32_t entries;
  struct entry entry[LIST_ENTRIES];
  char is_counted[LIST_ENTRIES];
  uint32_t same[LIST_ENTRIES];          /* the first entry of that host */
  char sent[LIST_ENTRIES][MD5_HEX + 1]; /* MD5 of the list it is sent */
};

/* Counts a list that was checked. 0: done; else what is wrong with the entry of
 * number c->entries, a short constant: it would be sent more than LIST_SETS
 * sets in a row, its branch and what is left of the list. */
const char *listcount(struct listcount *c, const char *list, size_t len);

#endif
