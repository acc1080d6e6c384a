#include "origin.h"
#include "ticket.h"

#include <string.h>

int origin_header(struct header_text *out, const struct origin *o,
                  const char *key, const uint64_t *length) {
  char stamp[LABEL_LEN + 1];
  struct field f;
  size_t pos = 0;

  out->len = out->lines = 0;
  if (key && !header_add(out, "Key", key, strlen(key)))
    return 0;
  if (!header_add(out, "Host", o->host, strlen(o->host)))
    return 0;
  while (header_next(o->backups.s, o->backups.len, &pos, &f) == 1)
    if (!header_add_line(out, f.line, f.line_len))
      return 0;
  if (length && !header_add_number(out, "Content-Length", *length))
    return 0;
  if (o->has_cache_time && !header_add_number(out, "Cache-Time", o->cache_time))
    return 0;
  if (o->has_ttl && !header_add_number(out, "TTL", o->ttl))
    return 0;
  label_now(stamp);
  return header_add(out, "Stamp", stamp, LABEL_LEN);
}

int origin_fits(const struct origin *o, const char *key, int with_ticket) {
  static struct header_text header, ticket;
  const uint64_t longest = UINT64_C(999999999999999999);
  struct trailer t = {.length = longest};

  memset(t.md5, '0', MD5_HEX);
  if (o->sha256)
    memset(t.sha256, '0', SHA256_HEX);
  return origin_header(&header, o, key, &longest) &&
         (!with_ticket || ticket_make(&ticket, &header, &t));
}
