#include "named.h"

#include <errno.h>
#include <string.h>

void named_clear(struct named *n) {
  memset(n, 0, sizeof *n);
}

int named_add(struct named *n, const struct order *o) {
  if (*n->commit && strcmp(n->commit, o->name))
    return 0;
  if (o->has_index && o->index >= COMMIT_CHUNKS)
    return errno = EPROTO, -1;
  memcpy(n->commit, o->name, sizeof n->commit);
  if (o->kind == ORDER_COMMIT)
    n->send[o->index] = 1;
  else if (o->has_index)
    n->duty[o->index] = 1;
  else
    memset(n->duty, 1, sizeof n->duty);
  n->has_duty |= o->kind == ORDER_COMMITTED;
  return 1;
}
