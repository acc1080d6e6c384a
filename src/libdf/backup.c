#include "backup.h"
#include "list.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

/* A host in the form in which it is compared. */
struct host {
  int family; /* 0: a name */
  union {
    struct in_addr ip4;
    struct in6_addr ip6;
  } address;
  const char *name;
  size_t len;
};

static void host_scan(struct host *h, const char *s, size_t len) {
  char text[HOST_MAX + 1];

  h->family = 0;
  h->name = s;
  h->len = len;
  if (len > HOST_MAX)
    return;
  memcpy(text, s, len);
  text[len] = 0;
  if (inet_pton(AF_INET, text, &h->address) == 1)
    h->family = AF_INET;
  else if (memchr(text, ':', len) &&
           inet_pton(AF_INET6, text, &h->address) == 1)
    h->family = AF_INET6;
}

static int host_same(const struct host *a, const struct host *b) {
  if (a->family != b->family)
    return 0;
  if (a->family == AF_INET)
    return a->address.ip4.s_addr == b->address.ip4.s_addr;
  if (a->family == AF_INET6)
    return memcmp(&a->address.ip6, &b->address.ip6, 16) == 0;
  return a->len == b->len && strncasecmp(a->name, b->name, a->len) == 0;
}

int backup_same(const char *a, const char *b) {
  struct host x, y;

  host_scan(&x, a, strlen(a));
  host_scan(&y, b, strlen(b));
  return host_same(&x, &y);
}

int backup_add(struct header_text *t, const char *host) {
  const size_t len = strlen(host);
  struct host new, old;
  struct field f;
  size_t pos = 0;

  host_scan(&new, host, len);
  while (header_next(t->s, t->len, &pos, &f) == 1) {
    if (!field_is(&f, "Backup-Host"))
      continue;
    host_scan(&old, f.value, f.value_len);
    if (host_same(&new, &old))
      return 1;
  }
  return header_add(t, "Backup-Host", host, len);
}

int backup_add_list(struct header_text *t, const char *list, size_t len) {
  struct list_walk w;
  struct entry e;
  char host[LIST_TEXT];

  list_walk_start(&w, list, len);
  while (list_walk_next(&w, &e)) {
    entry_host(&e, host);
    if (!backup_add(t, host))
      return 0;
  }
  return 1;
}
