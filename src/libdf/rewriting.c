#include "rewriting.h"

#include "file.h"
#include "indexfile.h"
#include "number.h"
#include "page.h"
#include "slot.h"
#include "status.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LOCK ".df/lock/publish.index"
#define LINE (LABEL_LEN + 20) /* label, space, 18 digits, newline */

/* What status.json says, and what of it is done. */
struct goal {
  struct index in;
  char status_md5[MD5_HEX + 1], host[256];
  int has_index, has_page;
};

/* 1; 0: there is no status.json; -1. */
static int look(struct goal *g, const char **what) {
  int r = status_digest(g->status_md5);
  *what = "read " STATUS_FILE;
  if (r > 0)
    r = status_read(&g->in);
  if (r <= 0)
    return r;
  *what = "read " INDEX_FILE;
  status_host(g->host);
  g->has_index = indexfile_current(&g->in, g->host);
  if (g->has_index < 0)
    return -1;
  *what = "read " PAGE_FILE;
  g->has_page = page_current(g->status_md5);
  return g->has_page < 0 ? -1 : 1;
}

/* Microseconds of processor time, less what may be spent since then. A clock
 * that was set back forgives. */
static uint64_t debt(void) {
  char line[LINE];
  int64_t then, passed;
  uint64_t spent, paid;
  if (file_read(REWRITING_FILE, line, sizeof line) != sizeof line ||
      !label_scan(line, LABEL_LEN, &then) ||
      !number_scan(line + LABEL_LEN + 1, LINE - LABEL_LEN - 2, &spent))
    return 0;
  passed = (int64_t)time(0) - then;
  if (passed < 0 || passed > 1000000000)
    return 0;
  paid = (uint64_t)passed * (1000000 / REWRITING_SHARE);
  return spent > paid ? spent - paid : 0;
}

/* Lost or torn in a crash, it is as if nothing was spent. */
static int spend(uint64_t before, uint64_t now) {
  char line[LINE + 1], label[LABEL_LEN + 1];
  int fd, r, e;
  label_now(label);
  snprintf(line, sizeof line, "%s %018llu\n", label,
           (unsigned long long)(before + now));
  fd = open(REWRITING_FILE, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0)
    return -1;
  r = pwrite(fd, line, LINE, 0) < 0 ? -1 : 0;
  e = errno;
  close(fd);
  errno = e;
  return r;
}

static uint64_t processor_us(void) {
  struct timespec t;
  if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t) < 0)
    return 0;
  return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static int write_index(const struct goal *g, const char *published) {
  struct writer w;
  char tmp[64];
  if (writer_begin(&w, tmp, 0644) < 0)
    return -1;
  if (indexfile_write(&w, &g->in, g->host, published) < 0) {
    writer_drop(&w, tmp);
    return -1;
  }
  return writer_replace(&w, tmp, INDEX_FILE);
}

static int write_page(void) {
  struct writer w;
  char tmp[64];
  if (writer_begin(&w, tmp, 0644) < 0)
    return -1;
  if (page_write(&w) < 0) {
    writer_drop(&w, tmp);
    return -1;
  }
  return writer_replace(&w, tmp, PAGE_FILE);
}

/* Nothing may outlive a power cut that status.json, of whoever wrote it, does
 * not. */
static int write_anew(const struct goal *g, const char **what) {
  char published[21];
  label_iso(published, time(0));
  *what = "sync the store";
  if (file_sync_dir(".") < 0)
    return -1;
  *what = "write " INDEX_FILE;
  if (!g->has_index && write_index(g, published) < 0)
    return -1;
  *what = "write " PAGE_FILE;
  if (*g->status_md5 && write_page() < 0)
    return -1;
  *what = "sync the store";
  return file_sync_dir(".");
}

static int pay(const struct goal *g, const char **what) {
  uint64_t before = debt(), start = processor_us();
  if (write_anew(g, what) < 0)
    return -1;
  *what = "write " REWRITING_FILE;
  return spend(before, processor_us() - start);
}

/* Under the lock. 1: up to date; 0: put off; -1. */
static int catch_up(int now, struct goal *g, const char **what) {
  int r = look(g, what);
  if (r <= 0)
    return r;
  if (g->has_index && g->has_page)
    return 1;
  if (!now && debt() > REWRITING_BURST)
    return 0;
  return pay(g, what) < 0 ? -1 : 1;
}

int rewriting_ahead(const struct index *in, const char *host,
                    const char **what) {
  struct goal g = {.in = *in}; /* no page yet: it shows status.json */
  int e, lock = lock_wait(LOCK);
  *what = "lock " LOCK;
  if (lock < 0)
    return -1;
  snprintf(g.host, sizeof g.host, "%s", host);
  if (pay(&g, what) == 0)
    return lock;
  e = errno;
  close(lock);
  errno = e;
  return -1;
}

/* Who found the lock taken left it to the one who had it: that one looks again
 * once the lock is free. */
int rewriting_run(int now, const char **what) {
  for (;;) {
    char md5[MD5_HEX + 1];
    struct goal g;
    int e, r, lock = now ? lock_wait(LOCK) : lock_take(LOCK);
    *what = "lock " LOCK;
    if (lock < 0)
      return !now && errno == EAGAIN ? 0 : -1;
    r = catch_up(now, &g, what);
    e = errno;
    close(lock);
    errno = e;
    if (r <= 0)
      return r;
    *what = "read " STATUS_FILE;
    r = status_digest(md5);
    if (r <= 0)
      return r;
    if (!strcmp(md5, g.status_md5))
      return 0;
    now = 0;
  }
}

int rewriting_due(void) {
  const char *what;
  struct goal g;
  int r = look(&g, &what);
  if (r <= 0)
    return r;
  return (!g.has_index || !g.has_page) && debt() <= REWRITING_BURST;
}
