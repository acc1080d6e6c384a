#include "fetch.h"

#include "clock.h"
#include "number.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define RANGE "Content-Range: bytes "

static long status(const struct fetch *f) {
  long code = 0;
  curl_easy_getinfo(f->curl, CURLINFO_RESPONSE_CODE, &code);
  return code;
}

/* "Content-Range: bytes FROM-TO/ALL" (RFC 9110 section 14.4): only FROM is
 * looked at, what comes is counted. */
static size_t take_header(char *p, size_t size, size_t n, void *context) {
  const size_t word = sizeof RANGE - 1;
  struct fetch *f = context;
  uint64_t from;
  char *dash;
  n *= size;
  if (n > word && !strncasecmp(p, RANGE, word)) {
    dash = memchr(p + word, '-', n - word);
    f->has_range = dash &&
                   number_scan(p + word, (size_t)(dash - p) - word, &from) &&
                   from == f->from;
  }
  return n;
}

/* What is returned unlike size * n ends the request. */
static size_t take_body(char *p, size_t size, size_t n, void *context) {
  struct fetch *f = context;
  long code = status(f);
  size_t all, len;
  int r;
  n *= size;
  all = len = n;
  if (code != 200 && (code != 206 || !f->has_range))
    return 0;
  if (code == 200 && f->skip) {
    size_t skip = f->skip < len ? (size_t)f->skip : len;
    f->skip -= skip;
    p += skip;
    len -= skip;
  }
  if (len > f->left) {
    len = (size_t)f->left;
    f->is_over = 1;
  }
  f->left -= len;
  r = len ? f->each(f->context, p, len) : 0;
  f->has_enough |= r > 0;
  if (r < 0)
    snprintf(f->why, sizeof f->why, "it makes no sense");
  return r || f->is_over ? 0 : all;
}

int fetch_open(struct fetch *f, unsigned int connect, unsigned int stall,
               unsigned int all) {
  CURL *c;
  memset(f, 0, sizeof *f);
  if (curl_global_init(CURL_GLOBAL_DEFAULT) || !(c = curl_easy_init()))
    return -1;
  f->curl = c;
  f->deadline = clock_ms() + (uint64_t)all * 1000;
  if (curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)connect) ||
      curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, (long)FETCH_RATE) ||
      curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, (long)stall) ||
      curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https") ||
      curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L) ||
      curl_easy_setopt(c, CURLOPT_PROXY, "") ||
      curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L) ||
      curl_easy_setopt(c, CURLOPT_USERAGENT, "dataflow") ||
      curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, take_header) ||
      curl_easy_setopt(c, CURLOPT_HEADERDATA, f) ||
      curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_body) ||
      curl_easy_setopt(c, CURLOPT_WRITEDATA, f)) {
    curl_easy_cleanup(c);
    return -1;
  }
  return 0;
}

void fetch_close(struct fetch *f) {
  curl_easy_cleanup(f->curl);
  curl_global_cleanup();
}

static CURLcode ask(struct fetch *f, const char *url, uint64_t to) {
  uint64_t now = clock_ms();
  char range[48];
  int partly = f->from || to != FETCH_ALL;
  if (now >= f->deadline)
    return CURLE_OPERATION_TIMEDOUT;
  if (to == FETCH_ALL)
    snprintf(range, sizeof range, "%llu-", (unsigned long long)f->from);
  else
    snprintf(range, sizeof range, "%llu-%llu", (unsigned long long)f->from,
             (unsigned long long)to - 1);
  if (curl_easy_setopt(f->curl, CURLOPT_URL, url) ||
      curl_easy_setopt(f->curl, CURLOPT_RANGE, partly ? range : 0) ||
      curl_easy_setopt(f->curl, CURLOPT_TIMEOUT_MS, (long)(f->deadline - now)))
    return CURLE_OUT_OF_MEMORY;
  return curl_easy_perform(f->curl);
}

const char *fetch_get(struct fetch *f, const char *url, uint64_t from,
                      uint64_t to, uint64_t max,
                      int (*each)(void *context, const char *p, size_t len),
                      void *context) {
  CURLcode e;
  f->from = f->skip = from;
  f->left = to == FETCH_ALL ? max : to - from;
  f->has_range = f->is_over = f->has_enough = 0;
  f->each = each;
  f->context = context;
  *f->why = 0;
  e = ask(f, url, to);
  f->status = status(f);
  if (*f->why)
    return f->why;
  if (e && e != CURLE_WRITE_ERROR && (to == FETCH_ALL || f->left))
    return curl_easy_strerror(e);
  if (f->status == 206 && !f->has_range)
    return "the server sends another range";
  if (f->status != 200 && f->status != 206) {
    snprintf(f->why, sizeof f->why, "HTTP status %ld", f->status);
    return f->why;
  }
  if (f->has_enough)
    return 0;
  if (to == FETCH_ALL)
    return f->is_over ? "it is too large" : 0;
  return f->left ? "it is shorter than it should be" : 0;
}
