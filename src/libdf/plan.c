#include "plan.h"

#include <stdio.h>
#include <string.h>

void plan_start(struct plan *p, const char *host, const char *ip,
                const char *port, const char *list, size_t len) {
  const char *format = ip && strchr(ip, ':') ? "[%.45s]:%.5s" : "%.45s:%.5s";

  memset(&p->count, 0, sizeof p->count);
  p->list = list;
  p->list_len = len;
  snprintf(p->first, sizeof p->first, "%s", host);
  if (!ip || !port)
    return;
  snprintf(p->first, sizeof p->first, format, ip, port);
  if (entry_scan(p->first, strlen(p->first), p->address, &p->entry))
    return;
  entry_unmap(&p->entry);
  p->count.first = &p->entry;
}

static void hop(void *context, uint32_t n, const struct entry *from,
                const struct entry *to) {
  char text[2 * LIST_TEXT + 16], a[LIST_TEXT], b[LIST_TEXT];
  const struct plan *p = context;

  if (from)
    entry_text(from, a);
  entry_text(to, b);
  snprintf(text, sizeof text, "%lu %s %s", n + 1ul, from ? a : p->first, b);
  chunkline_put(p->b, text, p->name, p->t);
}

const char *plan_put(struct plan *p, buffer *b, const char *name,
                     const struct trailer *t) {
  char text[LIST_TEXT + 16];

  p->b = b;
  p->name = name;
  p->t = t;
  p->count.each = hop;
  p->count.context = p;
  snprintf(text, sizeof text, "1 - %s", p->first);
  chunkline_put(b, text, name, t);
  return listcount(&p->count, p->list, p->list_len);
}
