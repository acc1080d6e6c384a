#ifndef PLAN_H
#define PLAN_H

#include "chunkline.h"
#include "listcount.h"

/* Over which hops a stream would go: pushdf -n. */

struct plan {
  struct listcount count;
  const char *list;
  size_t list_len;
  char first[LIST_TEXT]; /* the host that is pushed to, and its entry */
  char address[LIST_TEXT];
  struct entry entry;
  buffer *b; /* while it is put: where, and what of */
  const char *name;
  const struct trailer *t;
};

/* The list was checked, and stays where it is. host is pushed to, at the
 * address ip and port where those are known (else 0). */
void plan_start(struct plan *p, const char *host, const char *ip,
                const char *port, const char *list, size_t len);

/* Puts a line into b for each delivery of a chunk: "HOP FROM TO", and what
 * chunkline_put says of it. HOP counts from 1 on, FROM is "-" for the client.
 * 0; else why the list goes no further, a short constant. */
const char *plan_put(struct plan *p, buffer *b, const char *name,
                     const struct trailer *t);

#endif
