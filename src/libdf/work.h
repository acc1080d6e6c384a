#ifndef WORK_H
#define WORK_H

#include "commit.h"
#include "duties.h"
#include "list.h"

#include <stdint.h>

/* What dfretry has to send to one target with one list: duties in a file of its
 * own, so that memory does not grow with them. */
#define WORK_ROUNDS 3
struct work_item {
  char commit[COMMIT_NAME];
  uint32_t chunk;
};

struct work {
  int fd; /* the list, then items */
  uint32_t n;
  uint64_t list_len;
};

/* Collects the duties of the target that are to do, that nobody holds, for
 * which want says 1, and that go with the list of the first of them; then those
 * for which want says 2, then 3. 1: there are some, *w is to be freed; 0: none;
 * -1 errno. */
int work_collect(struct work *w, const char *target,
                 int (*want)(void *context, const struct duty_at *d),
                 void *context);

/* Item i. 0; -1. */
int work_item(const struct work *w, uint32_t i, struct work_item *item);

/* The list, into room for LIST_MAX bytes. 0; -1. */
int work_list(const struct work *w, char *list);

void work_free(struct work *w);

#endif
