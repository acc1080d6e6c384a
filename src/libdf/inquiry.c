#include "inquiry.h"

#include "cachefile.h"
#include "clock.h"
#include "digest.h"
#include "header.h"
#include "holding.h"
#include "url.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct holding holding;

/* 1: *c is the cache's file of this host; 0: there is no cache. */
static int find_cache(struct cachefile *c, const struct inquiry *a) {
  char text[URL_MAX + HOST_MAX + 2], md5[MD5_HEX + 1], name[MD5_HEX + 8];
  int len = snprintf(text, sizeof text, "%s %s", a->host, a->url);
  if (len < 0 || (size_t)len >= sizeof text)
    return 0;
  digest_md5(text, (size_t)len, md5);
  snprintf(name, sizeof name, "check-%s", md5);
  return cachefile_name(c, name);
}

static void load(const struct cachefile *c) {
  int fd = cachefile_open(c);
  if (fd < 0)
    return;
  holding_load(&holding, fd);
  close(fd);
}

/* Where it cannot be written the next run reads more. */
static void save(struct cachefile *c) {
  if (cachefile_begin(c) > 0)
    cachefile_end(c, holding_save(&holding, c->fd) == 0);
}

/* A look after the other. */
static const char *look(const struct inquiry *a) {
  unsigned int pause = 0;
  for (;;) {
    const char *why = holding_look(&holding);
    uint64_t now = clock_ms();
    if ((!why && holding_has(&holding, a->md5s, a->n)) || now >= a->deadline)
      return why;
    pause = published_pause(pause);
    clock_wait(pause < a->deadline - now ? pause
                                         : (unsigned int)(a->deadline - now));
  }
}

const char *inquiry_host(const struct inquiry *a, int fd) {
  char epoch[LABEL_LEN + 1];
  struct cachefile cache;
  int has_cache = find_cache(&cache, a);
  const char *why;
  uint64_t read;
  if (holding_open(&holding, a->host, a->url, a->connect, a->stall,
                   a->wait + HOLDING_SECONDS) < 0)
    return "out of memory";
  if (holding_load(&holding, fd) < 1 && has_cache)
    load(&cache);
  memcpy(epoch, holding.from.read_epoch, sizeof epoch);
  read = holding.from.read;
  why = look(a);
  if (!why && has_cache &&
      (strcmp(epoch, holding.from.read_epoch) || read != holding.from.read))
    save(&cache);
  if (!why && (ftruncate(fd, 0) < 0 || lseek(fd, 0, SEEK_SET) < 0 ||
               holding_save(&holding, fd) < 0))
    why = "unable to keep what was found";
  holding_close(&holding);
  return why;
}
