#include "finding.h"

#include "keyname.h"
#include "store.h"

#include <string.h>

/* "head/key/" NAME, or "head/ab/" MD5 */
#define PATH (sizeof "head/key/" + KEYNAME_MAX)

static int64_t life_end(const struct header *h) {
  return h->has_cache_time ? label_after(h->stamp, h->cache_time) : INT64_MAX;
}

static const char *agreement(const struct finding *f, const struct header *h) {
  if (*f->md5 && strcmp(h->md5, f->md5))
    return "its header is of another chunk";
  if (!*f->md5 && f->key &&
      (h->key_len != strlen(f->key) || memcmp(h->key, f->key, h->key_len)))
    return "its header is of another key";
  if (!f->is_ticket && life_end(h) < f->now)
    return FINDING_OVER;
  if (!f->is_ticket)
    return h->length > f->most ? "it is too large" : 0;
  if (h->length != f->header.length)
    return "its header has another Content-Length";
  return *h->sha256 && *f->header.sha256 && strcmp(h->sha256, f->header.sha256)
             ? "its header has another SHA-256"
             : 0;
}

static const char *judge(void *context, const char *text, size_t len) {
  const struct finding *f = context;
  struct header h;
  return header_scan(text, len, HEADER_STORED, &h) ? "its header makes no sense"
                                                   : agreement(f, &h);
}

const char *finding_ticket(struct finding *f, const char *ticket, size_t len) {
  const char *why = header_scan(ticket, len, HEADER_TICKET, &f->header);
  if (why)
    return why;
  if (f->header.length > f->most)
    return "it is too large";
  f->text.len = f->text.lines = 0;
  header_add_line(&f->text, ticket, len); /* header_scan: it fits */
  header_scan(f->text.s, len, HEADER_TICKET, &f->header);
  memcpy(f->md5, f->header.md5, sizeof f->md5);
  f->is_ticket = f->has_header = 1;
  f->given = f->hosts.n;
  f->end = life_end(&f->header);
  if (!f->only)
    hosts_add_header(&f->hosts, f->text.s, f->text.len);
  return 0;
}

int finding_is_old(const struct finding *f, int64_t now) {
  return f->header.has_ttl && label_after(f->header.stamp, f->header.ttl) < now;
}

static int ask(struct finding *f, size_t *host, struct header_text *text) {
  char path[PATH];
  f->ask.judge = judge;
  f->ask.context = f;
  if (*f->md5)
    store_header(path, f->md5);
  else {
    memcpy(path, "head/key/", 10);
    keyname_encode(path + 9, f->key, strlen(f->key));
  }
  return asking(&f->ask, &f->hosts, path, host, text);
}

int finding_refresh(struct finding *f) {
  static struct header_text text;
  static struct hosts old;
  struct header h;
  size_t host;
  int r = ask(f, &host, &text);
  if (r <= 0) {
    hosts_again(&f->hosts);
    return r;
  }
  header_scan(text.s, text.len, HEADER_STORED, &h);
  if (life_end(&h) > f->end)
    f->end = life_end(&h);
  if (f->only)
    return 1;
  memcpy(&old, &f->hosts, sizeof old);
  f->hosts.n = f->given;
  hosts_add_header(&f->hosts, text.s, text.len);
  for (size_t i = 0; i < old.n; ++i)
    hosts_add(&f->hosts, old.at[i].name, strlen(old.at[i].name));
  hosts_recall(&f->hosts, &old);
  return 1;
}

static void take(struct finding *f, const struct header_text *text) {
  int first = !f->has_header;
  memcpy(&f->text, text, sizeof f->text);
  header_scan(f->text.s, f->text.len, HEADER_STORED, &f->header);
  memcpy(f->md5, f->header.md5, sizeof f->md5);
  f->end = life_end(&f->header);
  f->has_header = 1;
  f->in_doubt = 0;
  if (!f->only)
    hosts_add_header(&f->hosts, f->text.s, f->text.len);
  if (first && f->key) /* they may have the chunk all the same */
    hosts_again(&f->hosts);
}

int finding_next(struct finding *f, size_t *host) {
  static struct header_text text;
  int r;
  if (f->has_header && !f->in_doubt && !f->ask.hedge) {
    *host = hosts_next(&f->hosts);
    return *host < f->hosts.n;
  }
  r = ask(f, host, &text);
  if (r == 1 && (!f->has_header || f->in_doubt))
    take(f, &text);
  return r;
}

void finding_failed(struct finding *f, size_t host, int reached, int wrong) {
  f->hosts.at[host].state = reached ? HOST_FAILED : HOST_UNREACHABLE;
  f->in_doubt |= wrong && !f->is_ticket;
}
