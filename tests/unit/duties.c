#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "branch.h"
#include "clock.h"
#include "commit.h"
#include "duties.h"
#include "heads.h"
#include "retrying.h"
#include "setup.h"
#include "spool.h"
#include "takeover.h"
#include "trigger.h"
#include "work.h"

#define STORED "@400000006a1b2c3d00000001"
#define ID "0123456789abcdef0123456789abcdef"
#define HEADER "Host: 10.0.0.1\nStamp: " STORED "\n"
#define HEAD "10.0.0.2:17478"
#define NEXT "10.0.0.3:17478"

/* 10.0.0.2, then 10.0.0.3 in the second set. */
static const char list[] = "\0\0\0\v\4\n\0\0\2DF\0\0\0\0"
                           "\0\0\0\v\4\n\0\0\3DF\0\0\0";
#define LIST_LEN (sizeof list)

static int forget(void *context, const char *name) {
  char path[128];
  (void)context;
  snprintf(path, sizeof path, ".df/commit/%s", name);
  return unlink(path);
}

/* The same, but 10.0.0.4 is in the second set too. */
static const char wide[] = "\0\0\0\v\4\n\0\0\2DF\0\0\0\0"
                           "\0\0\0\26\4\n\0\0\3DF\0\0\0\0"
                           "\4\n\0\0\4DF\0\0\0";
#define WIDE_LEN (sizeof wide)

/* One commit of three chunks, the second is void. */
static int made_with(const char *l, size_t len) {
  struct commit_writer w;
  heads_names(".df/commit", forget, 0);
  if (commit_start(&w, "a", "stream", ID, STORED, l, len) < 0 ||
      commit_add_target(&w, 0, HEAD) < 0)
    return -1;
  for (int i = 0; i < 3; ++i) {
    char md5[MD5_HEX + 1];
    snprintf(md5, sizeof md5, "%032d", i);
    if (commit_add_chunk(&w, md5, 5, "", HEADER, strlen(HEADER)) < 0)
      return -1;
  }
  return commit_finish(&w, "+-+", "TDT");
}

static int made(void **state) {
  (void)state;
  return made_with(list, LIST_LEN);
}

static int count(void *context, const struct duty_at *d) {
  char *found = context;
  size_t n = strlen(found);
  found[n] = d->state;
  found[n + 1] = (char)('0' + d->chunk);
  found[n + 2] = 0;
  return 0;
}

static const char *all(const char *target) {
  static char found[64];
  *found = 0;
  assert_int_equal(duties_each(target, count, found), 0);
  return found;
}

static void note(uint32_t chunk, enum duty duty) {
  struct commit c;
  assert_int_equal(commit_open(&c, "a"), 1);
  assert_int_equal(commit_note(&c, 0, chunk, duty), 0);
  commit_close(&c);
}

static void finds(void **state) {
  (void)state;
  assert_string_equal(all(0), "T0T2");
  assert_string_equal(all(HEAD), "T0T2");
  assert_string_equal(all("10.0.0.2:1747"), "");
  note(0, DUTY_DONE);
  note(2, DUTY_TAKEN_OVER);
  assert_string_equal(all(0), "B2");
  note(2, DUTY_GIVEN_UP);
  assert_string_equal(all(0), "X2");
}

/* Held: by who has the stream's orders, or this target's list. */
static void held(void **state) {
  struct commit c;
  int dir, orders, other;
  (void)state;
  assert_int_equal(commit_open(&c, "a"), 1);
  assert_int_equal(duties_held(&c, 0), 0);
  assert_int_equal(mkdir(".df/stream/stream", 0700), 0);
  assert_int_equal(duties_held(&c, 0), 0);
  dir = open(".df/stream/stream", O_RDONLY);
  assert_int_equal(flock(dir, LOCK_SH), 0);
  assert_int_equal(duties_held(&c, 0), 1); /* no orders yet */
  orders = open(".df/stream/stream/orders", O_RDWR | O_CREAT, 0600);
  assert_int_equal(flock(orders, LOCK_EX), 0);
  assert_int_equal(duties_held(&c, 0), 1);
  close(orders);
  assert_int_equal(duties_held(&c, 0), 0);
  other = open(".df/stream/stream/0.list", O_RDWR | O_CREAT, 0600);
  assert_int_equal(flock(other, LOCK_EX), 0);
  assert_int_equal(duties_held(&c, 0), 1);
  assert_int_equal(duties_held(&c, 1), 0);
  close(other);
  assert_int_equal(duties_held(&c, 0), 0);
  close(dir);
  commit_close(&c);
}

/* While somebody sweeps what nobody has any more, it is not held either. */
static void swept(void **state) {
  struct commit c;
  int dir;
  (void)state;
  assert_int_equal(commit_open(&c, "a"), 1);
  assert_int_equal(access(".df/stream/stream/orders", F_OK), 0);
  dir = open(".df/stream/stream", O_RDONLY);
  assert_int_equal(flock(dir, LOCK_EX), 0);
  assert_int_equal(duties_held(&c, 0), 0);
  assert_int_equal(unlink(".df/stream/stream/orders"), 0);
  assert_int_equal(duties_held(&c, 0), 0);
  assert_int_equal(unlink(".df/stream/stream/0.list"), 0);
  assert_int_equal(rmdir(".df/stream/stream"), 0);
  assert_int_equal(duties_held(&c, 0), 0);
  close(dir);
  commit_close(&c);
}

/* Done by who had it, between two looks: one at the duty, one at the locks. */
static int done_meanwhile(void *context, const struct duty_at *d) {
  int *was = context;
  if (d->chunk != 2)
    return 0;
  *was = duties_free(d);
  note(d->chunk, DUTY_DONE);
  return duties_free(d) ? -1 : 1;
}

static void done_just_now(void **state) {
  int was = 0;
  (void)state;
  assert_int_equal(duties_each(0, done_meanwhile, &was), 1);
  assert_int_equal(was, 1);
}

static int want_done(void *context, const struct duty_at *d) {
  (void)context;
  note(d->chunk, DUTY_DONE);
  return 1;
}

static int want(void *context, const struct duty_at *d) {
  const char *round = context;
  return round[d->chunk] - '0';
}

/* The relay that has them ends after the first has been looked at. */
static int want_all(void *context, const struct duty_at *d) {
  int *lock = context;
  if (d->chunk == 2 && *lock >= 0) {
    close(*lock);
    *lock = -1;
  }
  return 1;
}

static void not_divided(void **state) {
  int dir, lock;
  struct work w;
  (void)state;
  assert_int_equal(mkdir(".df/stream/stream", 0700), 0);
  dir = open(".df/stream/stream", O_RDONLY);
  assert_int_equal(flock(dir, LOCK_SH), 0);
  close(open(".df/stream/stream/orders", O_RDWR | O_CREAT, 0600));
  lock = open(".df/stream/stream/0.list", O_RDWR | O_CREAT, 0600);
  assert_int_equal(flock(lock, LOCK_EX), 0);
  assert_int_equal(work_collect(&w, HEAD, want_all, &lock), 1);
  assert_int_equal(w.n, 2);
  work_free(&w);
  lock = open(".df/stream/stream/0.list", O_RDWR | O_CREAT, 0600);
  assert_int_equal(flock(lock, LOCK_EX), 0);
  assert_int_equal(work_collect(&w, HEAD, want, (void *)(uintptr_t) "111"), 0);
  close(lock);
  close(dir);
  spool_sweep("stream");
}

static void collects(void **state) {
  char got[LIST_MAX];
  struct work_item item;
  struct work w;
  (void)state;
  assert_int_equal(work_collect(&w, HEAD, want, (void *)(uintptr_t) "201"), 1);
  assert_int_equal(w.n, 2);
  assert_int_equal(work_item(&w, 0, &item), 0);
  assert_string_equal(item.commit, "a");
  assert_int_equal(item.chunk, 2); /* what was wanted first */
  assert_int_equal(work_item(&w, 1, &item), 0);
  assert_int_equal(item.chunk, 0);
  assert_int_equal(work_item(&w, 2, &item), -1);
  assert_int_equal(w.list_len, LIST_LEN / 2);
  assert_int_equal(work_list(&w, got), 0);
  assert_memory_equal(got, list + LIST_LEN / 2, LIST_LEN / 2);
  work_free(&w);
  assert_int_equal(work_collect(&w, HEAD, want, (void *)(uintptr_t) "000"), 0);
  assert_int_equal(work_collect(&w, HEAD, want_done, 0), 0);
  note(0, DUTY_TODO);
  note(2, DUTY_TODO);
  /* A branch that was taken over goes with the empty list, by itself. */
  note(0, DUTY_TAKEN_OVER);
  assert_int_equal(work_collect(&w, HEAD, want, (void *)(uintptr_t) "102"), 1);
  assert_int_equal(w.n, 1);
  assert_int_equal(w.list_len, 0);
  work_free(&w);
  /* Its own copy comes last: another branch must not stay cut off for it. */
  assert_int_equal(work_collect(&w, HEAD, want, (void *)(uintptr_t) "302"), 1);
  assert_int_equal(w.n, 1);
  assert_int_equal(work_item(&w, 0, &item), 0);
  assert_int_equal(item.chunk, 2);
  assert_int_equal(w.list_len, LIST_LEN / 2);
  work_free(&w);
}

/* 2: only 10.0.0.3. */
static int allow(void *context, const struct entry *e) {
  int allowed = *(const int *)context;
  return allowed == 2 ? e->address[3] == 3 : allowed;
}

static char left_to_retry[LIST_TEXT];

static void left(void *context, const char *target, const char *why) {
  (void)context;
  assert_string_equal(why, "No such file or directory");
  snprintf(left_to_retry, sizeof left_to_retry, "%s", target);
}

static int orders(const char *text) {
  int fd = open("orders", O_RDWR | O_CREAT | O_TRUNC, 0600);
  assert_int_equal(write(fd, text, strlen(text)), strlen(text));
  return fd;
}

/* Takes over what is ordered; no dfrelay is to be found. How many chunks. */
static int takes_of(const char *l, size_t len, const char *target, int fd,
                    int allowed) {
  struct branch b = {.relay = {.id = ID, .relays = 4},
                     .target = target,
                     .list = l + LIST_LEN / 2,
                     .list_len = len - LIST_LEN / 2,
                     .keep = allow,
                     .left = left,
                     .context = &allowed};
  const char *path = getenv("PATH");
  char was[PATH_MAX];
  snprintf(was, sizeof was, "%s", path);
  *left_to_retry = 0;
  setenv("PATH", "/nowhere", 1);
  assert_int_equal(branch_keep(&b, fd), 0);
  setenv("PATH", was, 1);
  return (int)b.chunks;
}

static int takes(const char *target, int fd, int allowed) {
  return takes_of(list, LIST_LEN, target, fd, allowed);
}

static void takes_over(void **state) {
  int fd = orders("committed a\nend\n");
  (void)state;
  assert_int_equal(takeover_single(fd), 0);
  assert_int_equal(takes("10.0.0.9:1", fd, 1), 0);
  assert_int_equal(takes(HEAD, fd, 0), 0);
  assert_string_equal(all(0), "T0T2"); /* nobody may have it: it stays */
  assert_string_equal(left_to_retry, "");
  assert_int_equal(takes(HEAD, fd, 1), 2);
  assert_string_equal(left_to_retry, NEXT);
  assert_string_equal(all(HEAD), "B0B2");
  assert_string_equal(all(NEXT), "T0T1");
  assert_int_equal(takes(HEAD, fd, 1), 0); /* once */
  assert_string_equal(all(NEXT), "T0T1");
  close(fd);
}

static void takes_one_over(void **state) {
  int fd = orders("commit a 2\ncommitted a 2\nend\n");
  (void)state;
  assert_int_equal(takeover_single(fd), 1);
  assert_int_equal(takes(HEAD, fd, 1), 1);
  assert_string_equal(all(HEAD), "T0B2");
  assert_string_equal(all(NEXT), "T0");
  close(fd);
}

/* Whom the rules here do not allow only the target can reach: it is owed the
 * chunk with all of its list. */
static void takes_half_over(void **state) {
  char target[] = HEAD;
  struct retrying t = {.target = target};
  int fd = orders("committed a\nend\n");
  (void)state;
  assert_int_equal(made_with(wide, WIDE_LEN), 0);
  assert_int_equal(takes_of(wide, WIDE_LEN, HEAD, fd, 2), 2);
  assert_string_equal(all(HEAD), "H0H2");
  assert_string_equal(all(NEXT), "T0T1");
  assert_int_equal(takes_of(wide, WIDE_LEN, HEAD, fd, 2), 0); /* once */
  assert_int_equal(retrying_begin(&t), 1);
  assert_int_equal(t.work.n, 2);
  assert_int_equal(t.work.list_len, WIDE_LEN - LIST_LEN / 2);
  assert_int_equal(retrying_ended(&t, 111), 0);
  close(fd);
}

/* 0: goes on at once; halves down to one chunk, which then waits alone. */
static void halves(void **state) {
  char target[] = HEAD;
  struct retrying t = {.target = target};
  (void)state;
  assert_int_equal(retrying_begin(&t), 1);
  assert_int_equal(t.range[0].to, 2);
  assert_int_equal(retrying_ended(&t, RELAY_REFUSED), 1);
  assert_int_equal(t.ranges, 2);
  assert_int_equal(t.range[1].from, 0);
  assert_int_equal(t.range[1].to, 1);
  assert_int_equal(retrying_ended(&t, RELAY_REFUSED), 1);
  assert_int_equal(t.n_refused, 1);
  assert_int_equal(retrying_ended(&t, 0), 0);
  assert_int_equal(t.working, 0);
  assert_int_equal(t.tries, 0);
  assert_int_equal(retrying_begin(&t), 1); /* but not the refused one */
  assert_int_equal(t.work.n, 1);
  assert_int_equal(retrying_ended(&t, 111), 0);
  assert_int_equal(t.tries, 1);
  assert_true(t.next > clock_ms());
  free(t.refused);
}

/* The target's own copy of a branch that was taken over is sent last. */
static void branches_first(void **state) {
  char target[] = HEAD;
  struct retrying t = {.target = target};
  struct work_item item;
  (void)state;
  note(0, DUTY_TAKEN_OVER);
  assert_int_equal(retrying_begin(&t), 1);
  assert_int_equal(t.work.n, 1);
  assert_int_equal(work_item(&t.work, 0, &item), 0);
  assert_int_equal(item.chunk, 2);
  assert_int_equal(retrying_ended(&t, 111), 0);
}

static void backs_off(void **state) {
  static const uint64_t full[] = {0,   15,  30,   60,   120, 240,
                                  480, 960, 1920, 3600, 3600};
  (void)state;
  for (unsigned int i = 1; i < sizeof full / sizeof *full; ++i) {
    uint64_t ms = retrying_backoff(i);
    assert_in_range(ms, full[i] * 750, full[i] * 1000);
  }
}

static void triggers(void **state) {
  char byte;
  int fd;
  (void)state;
  trigger_pull(); /* nobody is there */
  fd = trigger_open();
  assert_true(fd >= 0);
  assert_int_equal(read(fd, &byte, 1), -1);
  assert_int_equal(errno, EAGAIN);
  trigger_pull();
  trigger_pull();
  assert_int_equal(read(fd, &byte, 1), 1);
  assert_int_equal(trigger_clear(fd), 1);
  assert_int_equal(trigger_clear(fd), 0);
  assert_int_equal(read(fd, &byte, 1), -1);
  close(fd);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(finds, made),
      cmocka_unit_test_setup(held, made),
      cmocka_unit_test_setup(swept, made),
      cmocka_unit_test_setup(done_just_now, made),
      cmocka_unit_test_setup(collects, made),
      cmocka_unit_test_setup(not_divided, made),
      cmocka_unit_test_setup(takes_over, made),
      cmocka_unit_test_setup(takes_one_over, made),
      cmocka_unit_test(takes_half_over),
      cmocka_unit_test_setup(halves, made),
      cmocka_unit_test_setup(branches_first, made),
      cmocka_unit_test(backs_off),
      cmocka_unit_test(triggers),
  };
  return cmocka_run_group_tests(tests, in_store, 0);
}
