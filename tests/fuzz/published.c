/* What a host publishes, as its readers take it: the bytes up to the first NUL
 * are status.json, up to the second index.json, the rest is the delta. In place
 * of the network, pieces of them. */
#include "target.h"

#include "hex.h"
#include "holding.h"

#include <string.h>

static struct {
  const char *p;
  size_t len;
} file[3];

static const char *give(size_t n, uint64_t from, uint64_t to,
                        int (*each)(void *context, const char *p, size_t len),
                        void *context) {
  size_t at = (size_t)from, end = file[n].len;
  if (to != FETCH_ALL && to > end)
    return "it is shorter than it should be";
  if (to != FETCH_ALL)
    end = (size_t)to;
  while (at < end) {
    size_t piece = 1 + at * 31 % 97;
    int r;
    if (piece > end - at)
      piece = end - at;
    r = each(context, file[n].p + at, piece);
    if (r)
      return r < 0 ? "it makes no sense" : 0;
    at += piece;
  }
  return 0;
}

int fetch_open(struct fetch *f, unsigned int connect, unsigned int stall,
               unsigned int all) {
  (void)f, (void)connect, (void)stall, (void)all;
  return 0;
}

void fetch_close(struct fetch *f) {
  (void)f;
}

const char *fetch_get(struct fetch *f, const char *url, uint64_t from,
                      uint64_t to, uint64_t max,
                      int (*each)(void *context, const char *p, size_t len),
                      void *context) {
  (void)f, (void)max;
  MUST(to > from);
  return give(strstr(url, "status")  ? 0
              : strstr(url, "index") ? 1
                                     : 2,
              from, to, each, context);
}

static void split(const char *p, size_t len) {
  for (int i = 0; i < 3; ++i) {
    const char *end = i < 2 ? memchr(p, 0, len) : 0;
    file[i].p = p;
    file[i].len = end ? (size_t)(end - p) : len;
    p += file[i].len + (end != 0);
    len -= file[i].len + (end != 0);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t len) {
  static struct holding h;
  split((const char *)p, len);
  MUST(holding_open(&h, "h", "http://%h/", 1, 1, 1) == 0);
  if (holding_look(&h))
    verdict("bad");
  else {
    MUST(md5set_is_sorted(h.set.md5s, h.set.n));
    MUST(!strcmp(h.from.epoch, h.from.read_epoch));
    verdict("ok");
    for (size_t i = 0; i < h.set.n; ++i) {
      char hex[33];
      hex_fmt(hex, h.set.md5s + i * MD5SET_BYTES, MD5SET_BYTES);
      verdict(" %s", hex);
    }
  }
  holding_close(&h);
  return 0;
}
