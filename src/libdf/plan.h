#ifndef PLAN_H
#define PLAN_H

#include "listcount.h"

/* Over which hops a stream would go: pushdf -n. */
#define PLAN_TEXT (2 * LIST_TEXT + 16)

struct plan {
  struct listcount count;
  const char *list;
  size_t list_len;
  char first[LIST_TEXT]; /* the host that is pushed to, and its entry */
  char address[LIST_TEXT];
  struct entry entry;
  void (*told)(void *context, const char *hop);
  void *context;
};

/* The list was checked, and stays where it is. host is pushed to, at the
 * address ip and port where those are known (else 0). */
void plan_start(struct plan *p, const char *host, const char *ip,
                const char *port, const char *list, size_t len);

/* Tells each delivery, "HOP FROM TO": HOP counts from 1 on, FROM is "-" for the
 * client. 0; else why the list goes no further, a short constant. */
const char *plan_each(struct plan *p,
                      void (*told)(void *context, const char *hop),
                      void *context);

#endif
