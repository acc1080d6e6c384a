#include "targets.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

#define SLOTS (2 * LIST_ENTRIES)

static uint32_t hash(const struct entry *e) {
  uint32_t h = 2166136261u ^ e->port;
  for (size_t i = 0; i < e->address_len; ++i) {
    unsigned char c = (unsigned char)e->address[i];
    h = (h ^ (e->kind ? c : (unsigned char)tolower(c))) * 16777619u;
  }
  return h;
}

/* Open addressing over the places of t->t, from 1 on; 0: free. */
void targets_scan(struct targets *t, const char *list, size_t len) {
  static uint16_t slot[SLOTS];
  struct entry e, other;
  size_t rest = list_head(list, len, &t->set, &t->set_len), at = 0;
  t->rest = list + rest;
  t->rest_len = len - rest;
  t->n = 0;
  memset(slot, 0, sizeof slot);
  for (uint16_t i = 0;; ++i) {
    uint32_t h, before = (uint32_t)at;
    if (!list_entry(t->set, t->set_len, &at, &e))
      return;
    for (h = hash(&e) % SLOTS; slot[h]; h = (h + 1) % SLOTS) {
      targets_entry(t, slot[h] - 1u, &other);
      if (entry_same(&e, &other))
        break;
    }
    if (slot[h])
      continue;
    t->t[t->n].at = before;
    t->t[t->n].entry = i;
    slot[h] = (uint16_t)++t->n;
  }
}

void targets_entry(const struct targets *t, uint32_t i, struct entry *e) {
  size_t at = t->t[i].at;
  list_entry(t->set, t->set_len, &at, e);
}

void targets_filter(struct targets *t,
                    int (*keep)(void *context, const struct entry *e),
                    void *context) {
  uint32_t n = 0;
  for (uint32_t i = 0; i < t->n; ++i) {
    struct entry e;
    targets_entry(t, i, &e);
    if (keep(context, &e))
      t->t[n++] = t->t[i];
  }
  t->n = n;
}

int entry_is(const struct entry *target, const char *ip, uint16_t port) {
  struct entry unmapped = *target, *e = &unmapped;
  char address[16];
  if (!ip || e->port != port)
    return 0;
  entry_unmap(e);
  if (e->kind == 0x04 && inet_pton(AF_INET, ip, address) == 1)
    return !memcmp(address, e->address, 4);
  if (e->kind == 0x06 && inet_pton(AF_INET6, ip, address) == 1)
    return !memcmp(address, e->address, 16);
  return 0;
}
