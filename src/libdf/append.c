#include "append.h"
#include "backup.h"
#include "merge.h"
#include "ticket.h"

#include <stdio.h>
#include <string.h>

static int add_host(struct header_text *backups, const char *s, size_t len) {
  char host[HOST_MAX + 1];

  if (len > HOST_MAX)
    return 0;
  memcpy(host, s, len);
  host[len] = 0;
  return backup_add(backups, host);
}

/* The Backup-Host lines of a header. */
static int add_hosts(struct header_text *backups, const char *h, size_t len) {
  struct field f;
  size_t pos = 0;

  while (header_next(h, len, &pos, &f) == 1)
    if (field_is(&f, "Backup-Host") && !add_host(backups, f.value, f.value_len))
      return 0;
  return 1;
}

static int add_others(struct header_text *out, const char *h, size_t len) {
  struct field f;
  size_t pos = 0;

  while (header_next(h, len, &pos, &f) == 1)
    if (merge_is_other(&f) && !header_add_line(out, f.line, f.line_len))
      return 0;
  return 1;
}

/* The life of the ticket goes on where no longer one is asked for. */
static void take_life(struct origin *now, const struct header *old) {
  struct header young = {.has_cache_time = 1, .cache_time = now->cache_time};

  label_now(young.stamp);
  now->has_cache_time = merge_cache_time(&young, old, &now->cache_time);
}

/* *now becomes what the header is to say. 0: over the limits. */
static int gather(struct origin *now, const struct origin *o,
                  const struct header *old, const char *ticket, size_t len,
                  char host[HOST_MAX + 1]) {
  snprintf(host, HOST_MAX + 1, "%.*s", (int)old->host_len, old->host);
  now->host = o->host ? o->host : host;
  now->cache_time = o->has_cache_time ? o->cache_time : 0;
  take_life(now, old);
  now->has_ttl = o->has_ttl || old->has_ttl;
  now->ttl = o->has_ttl ? o->ttl : old->ttl;
  now->backups.len = now->backups.lines = 0;
  return (backup_same(host, now->host) || backup_add(&now->backups, host)) &&
         add_hosts(&now->backups, ticket, len) &&
         add_hosts(&now->backups, o->backups.s, o->backups.len);
}

const char *append_make(struct append *a, const struct origin *o,
                        const char *key, const char *ticket, size_t len) {
  static struct origin now;
  char host[HOST_MAX + 1];
  struct header old;
  const char *why = header_scan(ticket, len, HEADER_TICKET, &old);

  if (why)
    return why;
  a->trailer.length = old.length;
  memcpy(a->trailer.md5, old.md5, sizeof old.md5);
  memcpy(a->trailer.sha256, old.sha256, sizeof old.sha256);
  if (!gather(&now, o, &old, ticket, len, host) ||
      !origin_header(&a->header, &now, key, 0) ||
      !add_others(&a->header, ticket, len) ||
      !ticket_make(&a->ticket, &a->header, &a->trailer) ||
      !header_add(&a->header, "Data", "none", 4))
    return ORIGIN_LIMITS;
  return 0;
}
