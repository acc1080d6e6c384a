#include "pagerow.h"

#include "json.h"
#include "keyname.h"
#include "number.h"
#include "url.h"

#include <stdio.h>
#include <string.h>

struct text pagerow_member(const struct text *object, const char *name) {
  struct text v;
  if (json_find(object->p, object->len, name, &v.p, &v.len))
    return v;
  return (struct text){"", 0};
}

uint64_t pagerow_number(const struct text *object, const char *name) {
  struct text v = pagerow_member(object, name);
  uint64_t u;
  return number_scan(v.p, v.len, &u) ? u : 0;
}

static int is_null(const struct text *v) {
  return v->len == 4 && !memcmp(v->p, "null", 4) && v->p[-1] != '"';
}

static void put_member(struct html *h, const struct text *o, const char *name) {
  struct text v = pagerow_member(o, name);
  html_json(h, v.p, v.len);
}

static void put_time(struct html *h, const struct text *o, const char *name) {
  struct text v = pagerow_member(o, name);
  html_time(h, v.p, v.len);
}

static void put_size(struct html *h, const struct text *o, const char *name) {
  html_size(h, pagerow_number(o, name));
}

static void cell(struct html *h, const char *name) {
  html_put(h, "<td data-n=\"");
  html_put(h, name);
  html_put(h, "\">");
}

static void cell_of(struct html *h, const char *name, const char *class) {
  html_put(h, "<td class=\"");
  html_put(h, class);
  html_put(h, "\" data-n=\"");
  html_put(h, name);
  html_put(h, "\">");
}

/* href 0: no link. */
static void put_link(struct html *h, const char *href,
                     const struct text *shown) {
  html_put(h, "<a");
  if (href) {
    html_put(h, " href=\"");
    html_text(h, href, strlen(href));
    html_put(h, "\"");
  }
  html_put(h, ">");
  html_json(h, shown->p, shown->len);
  html_put(h, "</a>");
}

static void put_more(struct html *h, unsigned int n) {
  if (n <= PAGEROW_SOME)
    return;
  html_put(h, "and ");
  html_number(h, n - PAGEROW_SOME);
  html_put(h, " more");
}

/* raw is the key's NAME where the record tells it, else 0. */
static void put_key(struct html *h, const struct text *key,
                    const struct text *raw) {
  char href[sizeof "key/" + KEYNAME_MAX] = "key/";
  stralloc plain = {0};
  if (raw)
    snprintf(href, sizeof href, "key/%.*s", (int)raw->len, raw->p);
  else {
    h->failed |= json_plain(&plain, key->p, key->len) < 0;
    keyname_encode(href + sizeof "key/" - 1, plain.s, plain.len);
    stralloc_free(&plain);
  }
  put_link(h, href, key);
}

static void put_keys(struct html *h, const struct text *r) {
  const char *end = r->p + r->len;
  const char *at = json_list(r->p, r->len, "keys");
  const char *raw_at = json_list(r->p, r->len, "keys_raw");
  struct text key, raw;
  unsigned int n = 0;
  for (; at && json_next(&at, end, &key.p, &key.len); ++n) {
    int has_raw = raw_at && json_next(&raw_at, end, &raw.p, &raw.len);
    if (n < PAGEROW_SOME)
      put_key(h, &key, has_raw ? &raw : 0);
  }
  put_more(h, n);
}

static void put_host(struct html *h, const struct text *host,
                     const char *template) {
  char url[URL_MAX], name[256];
  snprintf(name, sizeof name, "%.*s", (int)host->len, host->p);
  put_link(h, template && !url_make(url, template, name, "") ? url : 0, host);
}

/* Host, then the others, in their order. */
static void put_hosts(struct html *h, const struct text *r,
                      const struct text *own, const char *url) {
  const char *end = r->p + r->len;
  const char *at = json_list(r->p, r->len, "backup_hosts");
  struct text host = pagerow_member(r, "host");
  unsigned int n = 0;
  do {
    if (host.len == own->len && !memcmp(host.p, own->p, own->len))
      continue;
    if (n++ < PAGEROW_SOME)
      put_host(h, &host, url);
  } while (at && json_next(&at, end, &host.p, &host.len));
  put_more(h, n);
}

void pagerow_chunk(struct html *h, const struct text *record,
                   const struct text *own, const char *url) {
  struct text path = pagerow_member(record, "path");
  struct text expires = pagerow_member(record, "expires");
  html_put(h, "<tr id=\"");
  put_member(h, record, "md5");
  html_put(h, "\">");
  cell(h, "Key");
  put_keys(h, record);
  cell_of(h, "Size", "n");
  put_size(h, record, "content_length");
  cell(h, "Stored");
  put_time(h, record, "stored");
  cell(h, "Until");
  if (is_null(&expires))
    html_put(h, "no end");
  else
    put_time(h, record, "expires");
  cell_of(h, "MD5", "md5");
  html_put(h, "<a href=\"");
  html_json(h, path.p, path.len);
  html_put(h, "\">");
  put_member(h, record, "md5");
  html_put(h, "</a><a href=\"head");
  if (path.len > 3) /* md5/ab/... */
    html_json(h, path.p + 3, path.len - 3);
  html_put(h, "\">header</a>");
  cell(h, "Also at");
  put_hosts(h, record, own, url);
  html_put(h, "</tr>\n");
}

void pagerow_target(struct html *h, const struct text *pending) {
  struct text error = pagerow_member(pending, "last_error");
  html_put(h, "<tr>");
  cell(h, "Target");
  put_member(h, pending, "target");
  cell_of(h, "Chunks", "n");
  put_member(h, pending, "chunks");
  cell_of(h, "Size", "n");
  put_size(h, pending, "bytes");
  cell(h, "Since");
  put_time(h, pending, "oldest");
  cell_of(h, "Tries", "n");
  put_member(h, pending, "tries");
  cell(h, "Last error");
  if (is_null(&error))
    html_put(h, "none");
  else
    html_json(h, error.p, error.len);
  html_put(h, "</tr>\n");
}
