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
 * looked at, what comes is counted. A status line begins another answer. */
static size_t take_header(char *p, size_t size, size_t n, void *context) {
  const size_t word = sizeof RANGE - 1;
  struct fetch *f = context;
  uint64_t from;
  char *dash;
  n *= size;
  f->head += n;
  if (f->head > FETCH_HEAD) {
    snprintf(f->why, sizeof f->why, "its HTTP header has no end");
    return 0;
  }
  if (n > 5 && !memcmp(p, "HTTP/", 5))
    f->has_range = 0;
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
  pace_took(&f->pace, all);
  pace_hold(&f->pace, -1);
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
  f->deadline = all ? clock_ms() + (uint64_t)all * 1000 : FETCH_NO_END;
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

int fetch_follow(struct fetch *f) {
  CURL *c = f->curl;
  return curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 1L) ||
                 curl_easy_setopt(c, CURLOPT_MAXREDIRS, (long)FETCH_MOVES) ||
                 curl_easy_setopt(c, CURLOPT_REDIR_PROTOCOLS_STR, "http,https")
             ? -1
             : 0;
}

/* libcurl's own limit lets a fast host through (7.88: 3 MB at 1 MB/s take 0.1
 * s), so that take_body waits. */
int fetch_rate(struct fetch *f, uint64_t rate) {
  long piece = rate < CURL_MAX_WRITE_SIZE ? (long)rate : CURL_MAX_WRITE_SIZE;
  pace_start(&f->pace, rate);
  return curl_easy_setopt(f->curl, CURLOPT_BUFFERSIZE, piece) ||
                 curl_easy_setopt(f->curl, CURLOPT_LOW_SPEED_LIMIT,
                                  (long)FETCH_RATE / 2)
             ? -1
             : 0;
}

static CURLcode prepare(struct fetch *f, const char *url, uint64_t to) {
  uint64_t now = clock_ms();
  char range[48];
  int partly = f->from || to != FETCH_ALL;
  long ms = f->deadline == FETCH_NO_END ? 0 : (long)(f->deadline - now);
  if (now >= f->deadline)
    return CURLE_OPERATION_TIMEDOUT;
  if (to == FETCH_ALL)
    snprintf(range, sizeof range, "%llu-", (unsigned long long)f->from);
  else
    snprintf(range, sizeof range, "%llu-%llu", (unsigned long long)f->from,
             (unsigned long long)to - 1);
  if (curl_easy_setopt(f->curl, CURLOPT_URL, url) ||
      curl_easy_setopt(f->curl, CURLOPT_RANGE, partly ? range : 0) ||
      curl_easy_setopt(f->curl, CURLOPT_TIMEOUT_MS, ms))
    return CURLE_OUT_OF_MEMORY;
  return CURLE_OK;
}

CURLcode fetch_begin(struct fetch *f, const char *url, uint64_t from,
                     uint64_t to, uint64_t max,
                     int (*each)(void *context, const char *p, size_t len),
                     void *context) {
  f->from = f->skip = from;
  f->all = to == FETCH_ALL;
  f->left = f->all ? max : to - from;
  f->has_range = f->is_over = f->has_enough = 0;
  f->head = 0;
  f->status = 0;
  f->each = each;
  f->context = context;
  *f->why = 0;
  return prepare(f, url, to);
}

/* Versions of libcurl differ in what they call these. */
static const char *why_cut(CURLcode e) {
  if (e == CURLE_COULDNT_CONNECT)
    return "unable to connect";
#if LIBCURL_VERSION_NUM >= 0x080600
  if (e == CURLE_TOO_LARGE)
    return "its HTTP header has no end";
#endif
  return curl_easy_strerror(e);
}

const char *fetch_end(struct fetch *f, CURLcode e) {
  f->status = status(f);
  f->cut = e == CURLE_WRITE_ERROR ? CURLE_OK : e;
  if (*f->why)
    return f->why;
  if (f->cut && (f->all || f->left))
    return why_cut(e);
  if (f->status == 206 && !f->has_range)
    return "the server sends another range";
  if (f->status != 200 && f->status != 206) {
    snprintf(f->why, sizeof f->why, "HTTP status %ld", f->status);
    return f->why;
  }
  if (f->has_enough)
    return 0;
  if (f->all)
    return f->is_over ? "it is too large" : 0;
  return f->left ? "it is shorter than it should be" : 0;
}

const char *fetch_get(struct fetch *f, const char *url, uint64_t from,
                      uint64_t to, uint64_t max,
                      int (*each)(void *context, const char *p, size_t len),
                      void *context) {
  CURLcode e = fetch_begin(f, url, from, to, max, each, context);
  return fetch_end(f, e ? e : curl_easy_perform(f->curl));
}
