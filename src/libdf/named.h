#ifndef NAMED_H
#define NAMED_H

#include "commit.h"
#include "orders.h"

/* What orders that follow each other name of one commit: so that it is opened
 * once. All zero at first. */
struct named {
  char commit[ORDER_NAME];
  unsigned char send[COMMIT_CHUNKS]; /* commit NAME INDEX: 1 */
  unsigned char duty[COMMIT_CHUNKS]; /* committed NAME [INDEX]: 1 */
  int has_duty;
};

/* 1: the order (commit or committed) names this commit, or none is named yet;
 * it has been added. 0: it names another: named_clear, then add it. -1 EPROTO:
 * no commit has such a chunk. */
int named_add(struct named *n, const struct order *o);

void named_clear(struct named *n);

#endif
