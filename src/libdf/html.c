#include "html.h"

#include "json.h"

#include <stdio.h>

static const char *entity(char c) {
  switch (c) {
  case '&':
    return "&amp;";
  case '<':
    return "&lt;";
  case '>':
    return "&gt;";
  case '"':
    return "&quot;";
  case '\'':
    return "&#39;";
  default:
    return (unsigned char)c < 32 || c == 127 ? "\xef\xbf\xbd" : 0;
  }
}

static void put_bytes(struct html *h, const char *s, size_t len) {
  h->failed |= !stralloc_catb(&h->out, s, len);
}

void html_put(struct html *h, const char *html) {
  h->failed |= !stralloc_cats(&h->out, html);
}

void html_text(struct html *h, const char *s, size_t len) {
  for (size_t i = 0; i < len; ++i) {
    const char *e = entity(s[i]);
    if (e)
      html_put(h, e);
    else
      put_bytes(h, s + i, 1);
  }
}

void html_json(struct html *h, const char *s, size_t len) {
  stralloc plain = {0};
  h->failed |= json_plain(&plain, s, len) < 0;
  html_text(h, plain.s, plain.len);
  stralloc_free(&plain);
}

void html_number(struct html *h, uint64_t u) {
  h->failed |= json_put_number(&h->out, u) < 0;
}

void html_size(struct html *h, uint64_t bytes) {
  static const char *const units[] = {" bytes", " kB", " MB", " GB",
                                      " TB",    " PB", " EB"};
  uint64_t tenths = 0;
  size_t unit = 0;
  for (; bytes >= 1000; ++unit) {
    tenths = bytes / 100 % 10;
    bytes /= 1000;
  }
  html_number(h, bytes);
  if (unit && bytes < 100) {
    html_put(h, ".");
    html_number(h, tenths);
  }
  html_put(h, units[unit]);
}

void html_time(struct html *h, const char *iso, size_t len) {
  const size_t day = sizeof "2026-11-23" - 1, end = sizeof "2026-11-23T12:00";
  html_put(h, "<time datetime=\"");
  html_text(h, iso, len);
  html_put(h, "\">");
  if (len < end)
    html_text(h, iso, len);
  else {
    html_text(h, iso, day);
    html_put(h, " ");
    html_text(h, iso + day + 1, end - day - 2);
  }
  html_put(h, "</time>");
}
