#include "receipt.h"

#include "clock.h"
#include "file.h"
#include "number.h"
#include "published.h"
#include "store.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define DIR ".df/receipt"

static struct published index_of;

static int record(void *context, const char *line, size_t len) {
  struct wants *w = context;
  if (wants_record(w, line, len) < 0)
    return -1;
  return !w->missing;
}

/* The name of the target's file among those of .df/try. */
static void path(char out[STORE_TRY], const char *target) {
  char try[STORE_TRY];
  store_try(try, target);
  snprintf(out, STORE_TRY, DIR "/%s", strrchr(try, '/') + 1);
}

static void resume(struct published *p, const char *target) {
  char name[STORE_TRY], text[64];
  ssize_t len;
  path(name, target);
  len = file_read(name, text, sizeof text);
  if (len < LABEL_LEN + 3 || text[LABEL_LEN] != ' ' || text[len - 1] != '\n' ||
      !label_scan(text, LABEL_LEN, 0) ||
      !number_scan(text + LABEL_LEN + 1, (size_t)len - LABEL_LEN - 2, &p->read))
    return;
  memcpy(p->read_epoch, text, LABEL_LEN);
  p->read_epoch[LABEL_LEN] = 0;
}

/* Where it cannot be written the next look reads more. */
static void remember(const struct published *p, const char *target, int good) {
  char name[STORE_TRY], text[64];
  int len = snprintf(text, sizeof text, "%s %llu\n", p->read_epoch,
                     (unsigned long long)p->read);
  path(name, target);
  if (!good && p->f.status) /* it may be where no record begins */
    unlink(name);
  if (!good)
    return;
  if (file_mkdir(DIR, 0700) >= 0)
    file_replace(name, text, (size_t)len, 0600, 0);
}

/* The first status.json; before anything has been published there, not even
 * that it is empty, there is none. */
static const char *begin(struct published *p, uint64_t since, uint64_t wait) {
  const char *why = published_status(p);
  int moved;
  if (!why || !published_is_bare(p) || !wait)
    return why;
  *p->read_epoch = 0;
  return published_await(p, since, wait, &moved);
}

/* What came by another way before the last look is in index.json only: it is
 * read once, when nothing seems to come. */
static const char *search(struct published *p, const struct wants *w,
                          uint64_t wait) {
  uint64_t since = clock_ms();
  uint64_t lag = wait < RECEIPT_LAG ? wait : RECEIPT_LAG;
  int all = 0, moved = 1;
  const char *why = begin(p, since, wait);
  while (!why && moved) {
    all |= strcmp(p->epoch, p->read_epoch) || p->read > p->bytes;
    why = published_new(p);
    since = clock_ms();
    if (why || !w->missing || since >= p->f.deadline)
      break;
    why = published_await(p, since, all ? wait : lag, &moved);
    if (!why && !moved && !all) {
      why = published_all(p);
      all = 1;
      if (!why && w->missing)
        why = published_await(p, since, wait, &moved);
    }
  }
  return why;
}

const char *receipt_look(const struct receipt *r, struct wants *w) {
  struct published *p = &index_of;
  const char *why;
  memset(p, 0, sizeof *p);
  p->host = r->host;
  p->url = r->url;
  p->record = record;
  p->context = w;
  if (published_open(p, r->connect, r->stall, RECEIPT_SECONDS) < 0)
    return "out of memory";
  resume(p, r->target);
  why = search(p, w, (uint64_t)r->wait * 1000);
  remember(p, r->target, !why);
  published_close(p);
  return why;
}
