#ifndef FETCH_H
#define FETCH_H

#include "pace.h"

#include <curl/curl.h>
#include <stddef.h>
#include <stdint.h>

/* HTTP GET by libcurl, from servers that may be hostile: http and https only,
 * no redirects unless fetch_follow says so, no proxy, no compression, every
 * length and time bounded. Memory does not grow with what comes. */
#define FETCH_RATE 1024 /* bytes a second: what is slower stalls */
#define FETCH_HEAD                                                             \
  65536               /* bytes of HTTP headers, of all answers to a request */
#define FETCH_MOVES 5 /* redirects in a row */
#define FETCH_ALL UINT64_MAX
#define FETCH_NO_END UINT64_MAX
#define FETCH_WHY 64

struct fetch {
  CURL *curl;
  uint64_t deadline; /* clock_ms: no request goes on after it */
  char why[FETCH_WHY];
  long status;  /* HTTP, of the last answer; 0: none */
  CURLcode cut; /* why the last answer did not come to its end; 0: it did */
  struct pace pace;
  /* of the request at hand */
  uint64_t skip; /* of the body: the server does not know ranges */
  uint64_t left; /* that may come yet */
  uint64_t from;
  uint64_t head;  /* bytes of HTTP headers */
  int all;        /* to its end */
  int has_range;  /* Content-Range was right */
  int is_over;    /* more came */
  int has_enough; /* each said so */
  int (*each)(void *context, const char *p, size_t len);
  void *context;
};

/* Seconds to connect, without progress (FETCH_RATE), and for all requests
 * together (0: no limit). 0; -1: no memory. */
int fetch_open(struct fetch *f, unsigned int connect, unsigned int stall,
               unsigned int all);
void fetch_close(struct fetch *f);

/* Redirects are followed, to http and https only. 0; -1: no memory. */
int fetch_follow(struct fetch *f);

/* At most so many bytes a second, FETCH_RATE or more. 0; -1: no memory. */
int fetch_rate(struct fetch *f, uint64_t rate);

/* The bytes of url from place from on, up to place to, which the server must
 * have (FETCH_ALL: to its end, at most max bytes), piece by piece to each,
 * which returns 0 to go on, 1 when it has enough, -1 when it can make nothing
 * of it. 0: done; else what went wrong, printable, good until the next call.
 * A server that sends all in spite of from is put up with. */
const char *fetch_get(struct fetch *f, const char *url, uint64_t from,
                      uint64_t to, uint64_t max,
                      int (*each)(void *context, const char *p, size_t len),
                      void *context);

/* The two halves of fetch_get, for those who run f->curl themselves, among
 * others: what fetch_begin returns is 0, or to be given to fetch_end at once;
 * else what became of f->curl is. */
CURLcode fetch_begin(struct fetch *f, const char *url, uint64_t from,
                     uint64_t to, uint64_t max,
                     int (*each)(void *context, const char *p, size_t len),
                     void *context);
const char *fetch_end(struct fetch *f, CURLcode e);

#endif
