/* dfverify hashes what is stored, at a bounded rate, again and again. What is
 * corrupt or missing is published as gone, set aside, fetched from another host
 * that has it, and published again. dataflow(5) has the states in between. */

#include "clock.h"
#include "copying.h"
#include "event.h"
#include "expiry.h"
#include "fds.h"
#include "file.h"
#include "going.h"
#include "heads.h"
#include "held.h"
#include "keeping.h"
#include "number.h"
#include "publishing.h"
#include "rehash.h"
#include "rules.h"
#include "sandbox.h"
#include "slot.h"
#include "store.h"
#include "verified.h"

#include <errmsg.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define USAGE "usage: dfverify [-1] [-r rate] [-x targets.cdb]"
#define LOCK ".df/lock/verify"
#define TURN ".df/lock/publish"
#define NOTE_MS 5000 /* how far it is is noted so often */
#define PASS 86400   /* seconds from the beginning of a pass to the next */

static struct {
  int once;
  uint64_t rate;
  const char *rules_name;
  struct rules rules;
  struct verified at;
  uint64_t noted;           /* clock_ms */
  uint64_t chunks, bytes;   /* in this run */
  unsigned long bad, again; /* found bad, and good again */
  int unpublished;          /* dfpublish has failed since */
  uint64_t since;           /* clock_ms: this run of it */
  struct pace pace;
} ver = {.rate = 8 << 20};

/* A chunk that is looked at. */
struct looked {
  char md5[MD5_HEX + 1];
  char text[HEADER_MAX];
  size_t len;
  struct header h;
  struct stat st; /* of its data; st_ino 0: there is none */
  uint64_t began;
};

static void event(const char *what, const struct looked *c, const char *why) {
  char line[EVENT_MAX];
  size_t len = event_line(line, "dfverify", what, 0, c->md5, c->h.length,
                          clock_ms() - c->began, why);
  file_write(2, line, len);
}

static int lock(const char *path) {
  int fd = lock_wait(path);
  if (fd < 0)
    diesys(111, "fatal: unable to lock ", path);
  return fd;
}

/* 1: what is marked is public. */
static int publish(void) {
  int r = publishing_all();
  if (r < 0)
    carpsys("warning: unable to run dfpublish");
  if (!r)
    carp("warning: dfpublish has failed");
  ver.unpublished = r <= 0;
  return r > 0;
}

/* 1: the stored header; 0: there is none that is good. */
static int read_header(struct looked *c) {
  char path[STORE_MD5];
  ssize_t len;
  store_header(path, c->md5);
  len = file_read(path, c->text, sizeof c->text);
  if (len < 0 && errno != ENOENT && errno != EFBIG)
    diesys(111, "fatal: unable to read the header of ", c->md5);
  if (len < 0)
    return 0;
  c->len = (size_t)len;
  return !header_scan(c->text, c->len, HEADER_STORED, &c->h) &&
         !strcmp(c->h.md5, c->md5);
}

/* Why it is marked; 0: it is not. What is about to go for another reason is not
 * our affair. */
static const char *marked(const char *md5) {
  static char why[GOING_REASON];
  for (int s = GOING_STAGES - 1; s >= 0; --s) {
    int r = going_get((enum going_stage)s, md5, why);
    if (r < 0)
      diesys(111, "fatal: unable to look through .df/going");
    if (r)
      return why;
  }
  return 0;
}

static void mark(const char *md5, const char *reason) {
  if (going_set(GOING_ASKED, md5, reason) < 0 || going_sync(GOING_ASKED) < 0)
    diesys(111, "fatal: unable to mark ", md5);
}

/* 1: good; 0: *why says what it is not. */
static int hash(struct looked *c, const char **why) {
  char path[STORE_MD5];
  int fd, r;
  memset(&c->st, 0, sizeof c->st);
  store_data(path, c->md5);
  fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0 && errno == ENOENT) {
    *why = "it is not there";
    return 0;
  }
  if (fd < 0 || fstat(fd, &c->st) < 0)
    diesys(111, "fatal: unable to open ", path);
  r = rehash(fd, &c->h, &ver.pace, why);
  if (r < 0)
    diesys(111, "fatal: unable to read ", path);
  close(fd);
  return r;
}

/* 1: its data is what was hashed, or still not there. */
static int is_same(const struct looked *c) {
  char path[STORE_MD5];
  struct stat st = {.st_ino = 0};
  store_data(path, c->md5);
  if (lstat(path, &st) < 0 && errno != ENOENT)
    diesys(111, "fatal: unable to look at ", path);
  return st.st_ino == c->st.st_ino && st.st_dev == c->st.st_dev &&
         st.st_mtime == c->st.st_mtime && st.st_size == c->st.st_size;
}

static int is_it(void *context, const char md5[MD5_HEX + 1], int is_new) {
  return is_new && !strcmp(md5, context);
}

/* A push that is not published yet needs the data to be there. 1: set aside, or
 * there is none; 0: not now. */
static int set_aside(struct looked *c) {
  char path[STORE_MD5], dir[STORE_MD5], to[STORE_MD5 + 48];
  char label[LABEL_LEN + 1];
  int turn = lock(TURN), keeping = keeping_alone(), r;
  const char *why = marked(c->md5);
  if (keeping < 0)
    diesys(111, "fatal: unable to lock the data");
  r = held_each(is_it, c->md5);
  if (r < 0)
    diesys(111, "fatal: unable to look through the commits");
  r = !r && why && !strcmp(why, GOING_CORRUPT) && is_same(c);
  if (r && c->st.st_ino) {
    store_data(path, c->md5);
    store_data_dir(dir, c->md5);
    label_now(label);
    snprintf(to, sizeof to, ".df/corrupt/%s.%s", c->md5, label);
    if (rename(path, to) < 0 || file_sync_dir(".df/corrupt") < 0 ||
        file_sync_dir(dir) < 0)
      diesys(111, "fatal: unable to set aside ", path);
  }
  close(keeping);
  close(turn);
  return r;
}

static int is_allowed(void *context, const char *host) {
  (void)context;
  return !rules_refuse_host(&ver.rules, host);
}

/* 1: the chunk has its data again. */
static int fetch(struct looked *c) {
  char path[COPYING_PATH];
  const char *why = "it cannot be read";
  struct pace pace = {.rate = 0};
  int fd, r = copying_get(&c->h, c->text, c->len, is_allowed, c, &why);
  if (r < 0)
    carpsys("warning: unable to run getdf");
  if (r == 1) { /* its word alone does not count */
    copying_path(path, c->md5);
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    r = fd < 0 ? -1 : rehash(fd, &c->h, &pace, &why);
    if (fd >= 0)
      close(fd);
    if (r == 1)
      r = copying_place(c->md5, &why);
    if (r < 0)
      diesys(111, "fatal: unable to place the copy of ", c->md5);
  }
  if (r != 1)
    event("failed", c, why);
  return r == 1;
}

/* Its record again, if it is still ours to say so. */
static void bring_back(struct looked *c) {
  int turn = lock(TURN);
  const char *why = marked(c->md5);
  int ours = why && !strcmp(why, GOING_CORRUPT);
  if (ours)
    mark(c->md5, GOING_BACK);
  close(turn);
  if (ours && !publish())
    return;
  ++ver.again;
  event("good", c, 0);
}

/* Whose life is over is not fetched: dfexpire takes the rest. */
static void let_go(struct looked *c) {
  int turn = lock(TURN);
  mark(c->md5, GOING_EXPIRED);
  close(turn);
  if (!publish())
    return;
  ++ver.again;
  event("expired", c, 0);
}

static void repair(struct looked *c, const char *why) {
  const char *reason;
  int turn = lock(TURN), ours;
  reason = marked(c->md5);
  ours = read_header(c) && is_same(c) &&
         (!reason || !strcmp(reason, GOING_CORRUPT));
  if (ours && !reason)
    mark(c->md5, GOING_CORRUPT);
  close(turn);
  if (!ours) /* it is another one by now, or goes */
    return;
  ++ver.bad;
  event(c->st.st_ino ? "corrupt" : "missing", c, why);
  if (!publish() || !set_aside(c)) /* no index names what is not there */
    return;                        /* the next pass */
  if (expiry_at(&c->h) < time(0))
    let_go(c);
  else if (fetch(c))
    bring_back(c);
}

static void note(void) {
  ver.noted = clock_ms();
  if (verified_write(&ver.at) < 0)
    diesys(111, "fatal: unable to write .df/verified");
}

static int look_at(void *context, const char *md5) {
  static struct looked c;
  const char *reason, *why;
  (void)context;
  if (strlen(md5) != MD5_HEX || strcmp(md5, ver.at.last) <= 0)
    return 0;
  memcpy(c.md5, md5, MD5_HEX + 1);
  c.began = clock_ms();
  reason = marked(md5);
  if (read_header(&c) && (!reason || !strcmp(reason, GOING_CORRUPT))) {
    if (!hash(&c, &why))
      repair(&c, why);
    else if (reason)
      bring_back(&c);
    ++ver.chunks;
    ver.bytes += c.h.length;
  }
  memcpy(ver.at.last, md5, MD5_HEX + 1);
  if (clock_ms() - ver.noted >= NOTE_MS)
    note();
  return 0;
}

static int look_in(void *context, const char *name) {
  char dir[16];
  snprintf(dir, sizeof dir, "head/%.3s", name);
  if (strlen(name) == 2 && heads_sorted(dir, look_at, context) < 0)
    diesys(111, "fatal: unable to read ", dir);
  return 0;
}

static void pass(void) {
  pace_start(&ver.pace, ver.rate);
  ver.noted = ver.since = clock_ms();
  ver.chunks = ver.bytes = 0;
  if (heads_sorted("head", look_in, 0) < 0)
    diesys(111, "fatal: unable to read head");
  strcpy(ver.at.last, VERIFIED_ALL);
  note();
}

static void summary(void) {
  char line[EVENT_MAX], n[100];
  size_t len;
  snprintf(n, sizeof n, "%llu chunks, %lu bad, %lu of them good again",
           (unsigned long long)ver.chunks, ver.bad, ver.again);
  len = event_line(line, "dfverify", "pass", 0, 0, ver.bytes,
                   clock_ms() - ver.since, n);
  file_write(2, line, len);
}

static void run(void) {
  for (;;) {
    int64_t in = ver.at.began + PASS - (int64_t)time(0);
    if (!strcmp(ver.at.last, VERIFIED_ALL)) {
      if (in > PASS) /* the clock was ahead */
        in = 0;
      if (in > 0) {
        clock_wait(in < 60 ? (unsigned)in * 1000 : 60000);
        continue;
      }
      verified_begin(&ver.at);
    }
    pass();
    summary();
    ver.bad = ver.again = 0;
  }
}

static void options(int argc, char **argv) {
  int opt, good = 1;
  ver.rules_name = getenv("DFTARGETS");
  opterr = 0;
  while (good && (opt = getopt(argc, argv, "1r:x:")) != -1)
    if (opt == '1')
      ver.once = 1;
    else if (opt == 'x')
      ver.rules_name = optarg;
    else
      good = opt == 'r' && number_size(optarg, &ver.rate);
  if (!good || argv[optind])
    die(100, USAGE);
}

static void confine(void) {
  static const char *const programs[] = {"dfpublish getdf", 0};
  const char *path = getenv("PATH"), *why;
  int r = sandbox_enter(path ? path : "/bin:/usr/bin", programs);
  if (r < 0)
    diesys(111, "fatal: unable to give up rights");
  if (!r)
    carp("warning: no landlock in this kernel");
  errno = 0;
  why = store_open();
  if (why && errno)
    diesys(111, "fatal: ", why);
  if (why)
    die(100, "fatal: ", why);
}

/* A sweeper holds it for a moment. */
static void only_one(void) {
  for (int i = 0; lock_take(LOCK) < 0; ++i) {
    if (errno != EAGAIN)
      diesys(111, "fatal: unable to lock ", LOCK);
    if (i == 20)
      die(111, "fatal: another dfverify is at work");
    clock_wait(50);
  }
}

int main(int argc, char **argv) {
  if (fds_check() < 0)
    _exit(111);
  errmsg_iam("dfverify");
  options(argc, argv);
  fds_close_from(3);
  signal(SIGPIPE, SIG_IGN);
  confine();
  only_one();
  if (rules_open(&ver.rules, ver.rules_name) < 0)
    diesys(111, "fatal: unable to open ", ver.rules_name);
  if (verified_read(&ver.at) < 0)
    diesys(111, "fatal: unable to read .df/verified");
  if (!ver.once)
    run();
  if (!strcmp(ver.at.last, VERIFIED_ALL))
    verified_begin(&ver.at);
  pass();
  summary();
  return ver.unpublished || ver.bad > ver.again ? 111 : 0;
}
