/* dfexpire takes chunks away from the store in the current directory: those
 * whose life is over, and by their owner's will. It marks them below .df/going;
 * dfpublish takes away what is public; the data comes last. dataflow(5) has the
 * states in between. */

#include "batch.h"
#include "clock.h"
#include "event.h"
#include "expired.h"
#include "fds.h"
#include "file.h"
#include "going.h"
#include "keeping.h"
#include "number.h"
#include "publishing.h"
#include "sandbox.h"
#include "slot.h"
#include "store.h"

#include <errmsg.h>

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define USAGE "usage: dfexpire [-1] [-d md5] [-w seconds]"
#define LOOK 60    /* seconds between two looks, at most */
#define SWEEP 3600 /* and between two runs of dfpublish */
#define LOCK ".df/lock/publish"
enum { STEP_ASK, STEP_LEAVE, STEP_TAKE_AWAY, STEPS };

static struct {
  int once;
  const char *remove;
  uint64_t wait;
  int failed;          /* dfpublish has */
  int64_t next;        /* Unix second when something is due */
  struct batch *batch; /* of this step */
  struct batch step[STEPS];
} ex = {.wait = 60};

static void event(const char *what, const struct batch_chunk *c,
                  const char *why) {
  char line[EVENT_MAX];
  size_t len = event_line(line, "dfexpire", what, 0, c->md5, c->bytes, 0, why);
  file_write(2, line, len);
}

/* The lock of dfpublish, and an empty batch. */
static int begin(int step) {
  int fd = lock_wait(LOCK);
  if (fd < 0)
    diesys(111, "fatal: unable to lock ", LOCK);
  ex.batch = ex.step + step;
  batch_clear(ex.batch);
  return fd;
}

static void publish(void) {
  int r = publishing_all();
  ex.failed = r <= 0;
  if (r < 0)
    carpsys("warning: unable to run dfpublish");
  if (!r)
    carp("warning: dfpublish has failed");
}

/* How many of the batch may go now. */
static size_t may_go(void) {
  long n = batch_hold(ex.batch);
  if (n < 0)
    diesys(111, "fatal: unable to look through the commits");
  return (size_t)n;
}

static void mark(enum going_stage stage, const char *reason) {
  for (size_t i = 0; i < ex.batch->n; ++i)
    if (!ex.batch->chunk[i].held &&
        going_set(stage, ex.batch->chunk[i].md5, reason) < 0)
      diesys(111, "fatal: unable to mark ", ex.batch->chunk[i].md5);
  if (going_sync(stage) < 0)
    diesys(111, "fatal: unable to sync .df/going");
}

static void unmark(enum going_stage stage) {
  for (size_t i = 0; i < ex.batch->n; ++i)
    if (!ex.batch->chunk[i].held &&
        going_clear(stage, ex.batch->chunk[i].md5) < 0)
      diesys(111, "fatal: unable to mark ", ex.batch->chunk[i].md5);
  if (going_sync(stage) < 0)
    diesys(111, "fatal: unable to sync .df/going");
}

/* The public header: nobody is at work who has another one staged. 1; 0: there
 * is none that is good; -1. */
static int read_header(const char *md5, struct header *h) {
  static char text[HEADER_MAX];
  char path[STORE_MD5];
  ssize_t len;
  store_header(path, md5);
  len = file_read(path, text, sizeof text);
  if (len < 0)
    return errno == ENOENT || errno == EFBIG ? 0 : -1;
  return !header_scan(text, (size_t)len, HEADER_STORED, h);
}

static int is_marked(const char *md5) {
  char why[GOING_REASON];
  int r = 0;
  for (int s = 0; !r && s < GOING_STAGES; ++s)
    r = going_get((enum going_stage)s, md5, why);
  return r;
}

/* A line that is due. What the header says counts; where its life was prolonged
 * there is another line, and where a push prolongs that of a marked one there
 * will be. */
static int consider(void *context, const char md5[MD5_HEX + 1],
                    const struct expired_at *at) {
  struct header h;
  int marked = is_marked(md5), there;
  (void)context;
  if (marked < 0)
    return -1;
  there = marked ? 0 : read_header(md5, &h);
  if (there < 0)
    return -1;
  if (!there || expiry_at(&h) >= time(0))
    return expired_done(at);
  return batch_add(ex.batch, md5, at, h.length);
}

/* Those whose life is over: their records are to go. How many. */
static size_t ask(void) {
  int turn = begin(STEP_ASK), r;
  size_t n;
  r = expired_each(time(0), &ex.next, consider, 0);
  if (r < 0)
    diesys(111, "fatal: unable to look through .df/expire");
  n = may_go();
  if (n) {
    mark(GOING_ASKED, GOING_EXPIRED);
    for (size_t i = 0; i < ex.batch->n; ++i) {
      if (ex.batch->chunk[i].held)
        continue;
      if (expired_done(&ex.batch->chunk[i].at) < 0)
        diesys(111, "fatal: unable to look through .df/expire");
      event("expired", ex.batch->chunk + i, 0);
    }
  }
  close(turn);
  return n;
}

/* The clock was ahead when it was marked: it waits from now on. */
static int wait_anew(const char *md5, const char *why) {
  return going_set(GOING_UNLISTED, md5, why);
}

static int is_over(void *context, const char *md5) {
  char why[GOING_REASON];
  long age;
  (void)context;
  if (going_get(GOING_UNLISTED, md5, why) < 0 ||
      going_age(GOING_UNLISTED, md5, &age) < 0)
    return -1;
  if (!strcmp(why, GOING_CORRUPT))
    return 0;
  if (strcmp(why, GOING_REMOVED)) {
    int64_t due = (int64_t)time(0) - age + (int64_t)ex.wait + 1;
    if (age < 0)
      return wait_anew(md5, why);
    if (ex.wait && (uint64_t)age <= ex.wait) {
      if (due < ex.next)
        ex.next = due;
      return 0;
    }
  }
  return batch_add(ex.batch, md5, 0, 0);
}

/* Those whose records have been gone for long enough: keys and headers are to
 * go. How many. */
static size_t leave(void) {
  int turn = begin(STEP_LEAVE);
  size_t n;
  if (going_each(GOING_UNLISTED, is_over, 0) < 0)
    diesys(111, "fatal: unable to look through .df/going");
  n = may_go();
  if (n) {
    mark(GOING_OUT, GOING_EXPIRED);
    unmark(GOING_UNLISTED);
  }
  close(turn);
  return n;
}

/* Nothing public but the data is left of it. */
static int is_bare(void *context, const char *md5) {
  char header[STORE_MD5], data[STORE_MD5];
  struct stat st;
  (void)context;
  store_header(header, md5);
  store_data(data, md5);
  if (access(header, F_OK) == 0)
    return 0;
  if (errno != ENOENT)
    return -1;
  return batch_add(ex.batch, md5, 0,
                   lstat(data, &st) == 0 ? (uint64_t)st.st_size : 0);
}

static void unlink_data(void) {
  for (size_t i = 0; i < ex.batch->n; ++i) {
    char path[STORE_MD5];
    store_data(path, ex.batch->chunk[i].md5);
    if (!ex.batch->chunk[i].held && unlink(path) < 0 && errno != ENOENT)
      diesys(111, "fatal: unable to remove ", path);
  }
}

/* They are sorted. */
static void sync_data(void) {
  char dir[STORE_MD5], last[STORE_MD5] = "";
  for (size_t i = 0; i < ex.batch->n; ++i) {
    store_data_dir(dir, ex.batch->chunk[i].md5);
    if (ex.batch->chunk[i].held || !strcmp(dir, last))
      continue;
    if (file_sync_dir(dir) < 0 && errno != ENOENT)
      diesys(111, "fatal: unable to sync ", dir);
    memcpy(last, dir, sizeof last);
  }
}

/* The marks stay until the data is gone for good: whoever puts the chunk there
 * again finds none that would take it away. How many went. */
static size_t take_away(void) {
  int turn = begin(STEP_TAKE_AWAY), keeping;
  size_t n;
  if (going_each(GOING_OUT, is_bare, 0) < 0)
    diesys(111, "fatal: unable to look through .df/going");
  if (!ex.batch->n) {
    close(turn);
    return 0;
  }
  keeping = keeping_alone();
  if (keeping < 0)
    diesys(111, "fatal: unable to lock the data");
  n = may_go();
  unlink_data();
  close(keeping);
  if (n) {
    sync_data();
    for (int s = 0; s < GOING_STAGES; ++s)
      unmark((enum going_stage)s);
  }
  close(turn);
  for (size_t i = 0; i < ex.batch->n; ++i)
    if (!ex.batch->chunk[i].held)
      event("gone", ex.batch->chunk + i, 0);
  return n;
}

/* All that is due now. */
static void pass(void) {
  int full;
  size_t n;
  for (int s = 0; s < STEPS; ++s)
    ex.step[s].skip = 0;
  do {
    n = ask();
    n += leave();
    if (n || ex.failed)
      publish();
    n += take_away();
    full = 0;
    for (int s = 0; s < STEPS; ++s)
      full |= ex.step[s].n == BATCH_MAX;
  } while ((n || full) && !ex.failed);
}

static void remove_one(void) {
  struct batch_chunk c = {.held = 0};
  char path[STORE_MD5];
  struct header h;
  int turn, r;
  if (strlen(ex.remove) != MD5_HEX ||
      strspn(ex.remove, "0123456789abcdef") != MD5_HEX)
    die(100, "fatal: not an MD5: ", ex.remove);
  memcpy(c.md5, ex.remove, MD5_HEX);
  turn = begin(STEP_ASK);
  r = read_header(c.md5, &h);
  if (r < 0)
    diesys(111, "fatal: unable to read the header of ", c.md5);
  if (!r)
    die(100, "fatal: no such chunk: ", c.md5);
  batch_add(ex.batch, c.md5, 0, h.length);
  if (!may_go())
    die(111, "fatal: unable to remove ", c.md5,
        ": a push or a duty is not done yet");
  mark(GOING_ASKED, GOING_REMOVED);
  event("removed", ex.batch->chunk, 0);
  close(turn);
  publish();
  pass();
  store_data(path, c.md5);
  if (access(path, F_OK) == 0)
    die(111, "fatal: unable to remove ", c.md5,
        ": a push or a duty is not done yet");
  if (errno != ENOENT)
    diesys(111, "fatal: unable to look at ", path);
}

/* Until something is due, or SIGHUP. */
static void wait_next(const sigset_t *hup) {
  struct timespec t = {.tv_sec = LOOK};
  int64_t in = ex.next - (int64_t)time(0);
  if (in < LOOK)
    t.tv_sec = in < 1 ? 1 : (time_t)in;
  sigtimedwait(hup, 0, &t);
}

static void run(void) {
  uint64_t swept = clock_ms();
  sigset_t hup;
  sigemptyset(&hup);
  sigaddset(&hup, SIGHUP);
  sigprocmask(SIG_BLOCK, &hup, 0);
  publish(); /* sweeps */
  for (;;) {
    pass();
    wait_next(&hup);
    if (clock_ms() - swept < SWEEP * 1000)
      continue;
    swept = clock_ms();
    publish();
  }
}

static void options(int argc, char **argv) {
  int opt, good = 1;
  opterr = 0;
  while (good && (opt = getopt(argc, argv, "1d:w:")) != -1)
    if (opt == '1')
      ex.once = 1;
    else if (opt == 'd')
      ex.remove = optarg;
    else
      good = opt == 'w' && number_arg(optarg, 0, 86400, &ex.wait);
  if (!good || argv[optind])
    die(100, USAGE);
}

/* What it starts is dfpublish alone. */
static void confine(void) {
  static const char *const programs[] = {"dfpublish", 0};
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

int main(int argc, char **argv) {
  if (fds_check() < 0)
    _exit(111);
  errmsg_iam("dfexpire");
  options(argc, argv);
  fds_close_from(3);
  signal(SIGPIPE, SIG_IGN);
  confine();
  if (ex.remove)
    remove_one();
  else if (ex.once) {
    publish();
    pass();
  } else
    run();
  return ex.failed ? 111 : 0;
}
