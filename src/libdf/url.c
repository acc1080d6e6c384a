#include "url.h"

#include <string.h>
#include <strings.h>

const char *url_check(const char *template) {
  const char *p = template;
  if (strncasecmp(p, "http://", 7) && strncasecmp(p, "https://", 8))
    return "it is neither http:// nor https://";
  for (; *p; ++p)
    if (*p <= ' ' || *p > '~')
      return "it has a byte that no URL has";
  return strstr(template, "%h") ? 0 : "it has no %h";
}

/* 1: added; 0: no room. */
static int put(char out[URL_MAX], size_t *len, const char *s, size_t n) {
  if (n >= URL_MAX - *len)
    return 0;
  memcpy(out + *len, s, n);
  *len += n;
  out[*len] = 0;
  return 1;
}

static int put_host(char out[URL_MAX], size_t *len, const char *host) {
  int is_ip6 = strchr(host, ':') != 0;
  return put(out, len, "[", is_ip6) && put(out, len, host, strlen(host)) &&
         put(out, len, "]", is_ip6);
}

const char *url_make(char out[URL_MAX], const char *template, const char *host,
                     const char *path) {
  const char *why = url_check(template);
  size_t len = 0;
  int room = 1;
  if (why)
    return why;
  while (room && *template) {
    const char *h = strstr(template, "%h");
    size_t n = h ? (size_t)(h - template) : strlen(template);
    room = put(out, &len, template, n) && (!h || put_host(out, &len, host));
    template += h ? n + 2 : n;
  }
  if (room && out[len - 1] != '/')
    room = put(out, &len, "/", 1);
  return room && put(out, &len, path, strlen(path)) ? 0 : "it is too long";
}
