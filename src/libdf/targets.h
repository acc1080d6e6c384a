#ifndef TARGETS_H
#define TARGETS_H

#include "list.h"

#include <stddef.h>
#include <stdint.h>

/* The targets of a list: the entries of its head, each once (protocol.md
 * section 4). The list must stay where it is. */
struct targets {
  const char *set;
  size_t set_len;
  const char *rest; /* what is left of the list behind the head */
  size_t rest_len;
  uint32_t n;
  struct {
    uint32_t at;    /* offset in set */
    uint16_t entry; /* place in the head, from 0 on */
  } t[LIST_ENTRIES];
};

/* list is one that list_check found good. */
void targets_scan(struct targets *t, const char *list, size_t len);

/* The entry of target i. */
void targets_entry(const struct targets *t, uint32_t i, struct entry *e);

/* Keeps only the targets for which keep says 1. */
void targets_filter(struct targets *t,
                    int (*keep)(void *context, const struct entry *e),
                    void *context);

/* 1: the entry is this address ("" or 0: not known) and port. */
int entry_is(const struct entry *target, const char *ip, uint16_t port);

#endif
