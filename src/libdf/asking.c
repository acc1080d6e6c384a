#include "asking.h"

#include "clock.h"
#include "fetch.h"
#include "url.h"

#include <curl/curl.h>
#include <string.h>

struct one {
  int busy;
  size_t host;
  struct fetch f;
  struct header_text text;
};

static struct round {
  const struct asking *a;
  struct hosts *hosts;
  const char *path;
  CURLM *multi;
  struct one one[ASKING_AT_ONCE];
  unsigned int running;
  uint64_t latest; /* clock_ms: when the last one was asked */
} in_turn;

static int keep(void *context, const char *p, size_t len) {
  struct one *o = context;
  memcpy(o->text.s + o->text.len, p, len); /* fetch_begin's max is its room */
  o->text.len += len;
  return 0;
}

static void failed(struct round *r, size_t host, long status, const char *why) {
  r->hosts->at[host].state = status ? HOST_FAILED : HOST_UNREACHABLE;
  r->a->failed(r->a->context, r->hosts->at[host].name, status, why);
}

static struct one *free_one(struct round *r) {
  for (size_t i = 0; i < ASKING_AT_ONCE; ++i)
    if (!r->one[i].busy)
      return r->one + i;
  return 0;
}

static void stop(struct round *r, struct one *o) {
  curl_multi_remove_handle(r->multi, o->f.curl);
  fetch_close(&o->f);
  o->busy = 0;
  --r->running;
}

/* 0; -1: no memory. */
static int start(struct round *r, struct one *o, size_t host) {
  const struct asking *a = r->a;
  char url[URL_MAX];
  const char *why = url_make(url, a->url, r->hosts->at[host].name, r->path);
  if (why) {
    failed(r, host, 0, why);
    return 0;
  }
  o->host = host;
  o->text.len = o->text.lines = 0;
  if (fetch_open(&o->f, a->connect, a->stall, a->connect + a->stall) < 0)
    return -1;
  /* A name that is not resolved yet holds nobody up. */
  if ((a->follow && fetch_follow(&o->f) < 0) ||
      curl_easy_setopt(o->f.curl, CURLOPT_QUICK_EXIT, 1L) ||
      curl_easy_setopt(o->f.curl, CURLOPT_PRIVATE, o) ||
      fetch_begin(&o->f, url, 0, FETCH_ALL, HEADER_MAX, keep, o) ||
      curl_multi_add_handle(r->multi, o->f.curl)) {
    fetch_close(&o->f);
    return -1;
  }
  o->busy = 1;
  ++r->running;
  r->latest = clock_ms();
  r->hosts->at[host].state = HOST_LATE;
  return 0;
}

/* The next host that is not being asked; n: none. */
static size_t next(const struct round *r) {
  size_t i = hosts_next(r->hosts);
  if (i == r->hosts->n || r->hosts->at[i].state == HOST_NEW)
    return i;
  for (; i < r->hosts->n; ++i) {
    int busy = 0;
    for (size_t k = 0; k < ASKING_AT_ONCE; ++k)
      busy |= r->one[k].busy && r->one[k].host == i;
    if (!busy && r->hosts->at[i].state == HOST_LATE)
      break;
  }
  return i;
}

/* Asks as many as are due. 0; -1: no memory. */
static int start_due(struct round *r) {
  size_t host;
  struct one *o;
  while (
      (!r->running || (r->a->hedge && clock_ms() - r->latest >= r->a->hedge)) &&
      (host = next(r)) < r->hosts->n && (o = free_one(r)))
    if (start(r, o, host) < 0)
      return -1;
  return 0;
}

/* 1: a good answer has come from *o; 0: not yet. */
static int answered(struct round *r, struct one **good) {
  CURLMsg *m;
  struct one *o;
  int left;
  while ((m = curl_multi_info_read(r->multi, &left))) {
    const char *why;
    if (m->msg != CURLMSG_DONE)
      continue;
    curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&o);
    why = fetch_end(&o->f, m->data.result);
    if (!why)
      why = r->a->judge(r->a->context, o->text.s, o->text.len);
    if (!why) {
      *good = o;
      return 1;
    }
    failed(r, o->host, o->f.status, why);
    stop(r, o);
    r->latest = 0;
  }
  return 0;
}

/* ms until another host may be due. */
static int pause_of(const struct round *r) {
  uint64_t silent = clock_ms() - r->latest;
  return silent < r->a->hedge ? (int)(r->a->hedge - silent) : 1000;
}

static int wait_for(struct round *r, struct one **good) {
  int running;
  while (start_due(r) == 0) {
    if (!r->running)
      return 0;
    if (curl_multi_perform(r->multi, &running))
      return -1;
    if (answered(r, good))
      return 1;
    if (running && curl_multi_poll(r->multi, 0, 0, pause_of(r), 0))
      return -1;
  }
  return -1;
}

int asking(const struct asking *a, struct hosts *hosts, const char *path,
           size_t *host, struct header_text *text) {
  struct round *r = &in_turn;
  struct one *good = 0;
  int result = -1;
  memset(r, 0, sizeof *r);
  r->a = a;
  r->hosts = hosts;
  r->path = path;
  if (curl_global_init(CURL_GLOBAL_DEFAULT))
    return -1;
  r->multi = curl_multi_init();
  if (r->multi)
    result = wait_for(r, &good);
  if (result == 1) {
    *host = good->host;
    memcpy(text, &good->text, sizeof *text);
    hosts->at[good->host].state = HOST_NEW;
  }
  for (size_t i = 0; i < ASKING_AT_ONCE; ++i)
    if (r->one[i].busy)
      stop(r, r->one + i);
  if (r->multi)
    curl_multi_cleanup(r->multi);
  curl_global_cleanup();
  return result;
}
