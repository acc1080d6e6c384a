/* waits */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "clock.h"
#include "follow.h"

static struct follow f;
static int orders, orders_out, spool, spool_out;

static int start(void **state) {
  (void)state;
  orders_out = open("orders", O_WRONLY | O_CREAT | O_APPEND, 0600);
  orders = open("orders", O_RDONLY);
  spool_out = open("spool", O_WRONLY | O_CREAT | O_APPEND, 0600);
  spool = open("spool", O_RDONLY);
  follow_start(&f, orders);
  return orders < 0 || spool < 0 ? -1 : 0;
}

static int end(void **state) {
  (void)state;
  if (f.inotify >= 0)
    close(f.inotify);
  close(orders);
  close(orders_out);
  close(spool);
  close(spool_out);
  return 0;
}

static uint64_t wait_ms(int other) {
  uint64_t before = clock_ms();
  follow_wait(&f, other);
  return clock_ms() - before;
}

static void sleeps(int fd, int other) {
  if (fd >= 0)
    assert_int_equal(write(fd, "x", 1), 1);
  assert_true(wait_ms(other) >= 400);
}

/* The wait ends before its own time is over; of three times once at least, so
 * that a busy machine does not decide. */
static void wakes(int fd, int other) {
  int n = 0;
  for (int i = 0; i < 3; ++i) {
    if (fd >= 0)
      assert_int_equal(write(fd, "x", 1), 1);
    n += wait_ms(other) < 400;
  }
  assert_true(n > 0);
}

static void wakes_when_written(void **state) {
  (void)state;
  if (f.inotify < 0)
    return;
  assert_int_equal(f.spool, -1);
  sleeps(-1, -1);
  wakes(orders_out, -1);
  sleeps(spool_out, -1);
  follow_spool(&f, spool);
  wakes(spool_out, -1);
  wakes(orders_out, -1);
  sleeps(-1, -1);
  follow_spool(&f, -1);
  follow_wait(&f, -1); /* the watch's end is an event, too */
  sleeps(spool_out, -1);
  wakes(orders_out, -1);
}

static void instead_of_the_one_before(void **state) {
  int next_out = open("next", O_WRONLY | O_CREAT | O_APPEND, 0600);
  int next = open("next", O_RDONLY);
  (void)state;
  if (f.inotify < 0)
    return;
  follow_spool(&f, spool);
  follow_spool(&f, next);
  follow_wait(&f, -1);
  sleeps(spool_out, -1);
  wakes(next_out, -1);
  close(next);
  close(next_out);
}

static void wakes_by_another(void **state) {
  int n = 0;
  (void)state;
  for (int i = 0; i < 3; ++i) {
    pid_t pid = fork();
    uint64_t took;
    assert_true(pid >= 0);
    if (pid == 0) {
      clock_wait(30);
      _exit(write(orders_out, "x", 1) != 1);
    }
    took = wait_ms(-1);
    n += took < 400;
    waitpid(pid, 0, 0);
    follow_wait(&f, -1);
  }
  assert_true(n > 0 || f.inotify < 0);
}

static void the_other_descriptor(void **state) {
  int p[2];
  (void)state;
  assert_int_equal(pipe(p), 0);
  if (f.inotify >= 0)
    sleeps(-1, p[0]);
  close(p[1]);
  wakes(-1, p[0]);
  close(p[0]);
}

static void without_inotify(void **state) {
  uint64_t before;
  (void)state;
  if (f.inotify >= 0)
    close(f.inotify);
  f.inotify = -1;
  follow_spool(&f, spool);
  follow_spool(&f, -1);
  before = clock_ms();
  for (int i = 0; i < 5; ++i)
    follow_wait(&f, -1);
  assert_in_range(clock_ms() - before, 90, 5000);
}

/* A file that cannot be watched, and no descriptors left. */
static void no_inotify_to_be_had(void **state) {
  struct follow g;
  (void)state;
  follow_start(&g, -1);
  assert_int_equal(g.inotify, -1);
  assert_int_equal(g.spool, -1);
}

static void gone(void **state) {
  int other = open("orders", O_RDONLY), third = open("orders", O_RDONLY);
  (void)state;
  assert_int_equal(follow_gone(orders), 1);
  assert_int_equal(flock(orders_out, LOCK_EX), 0);
  assert_int_equal(follow_gone(orders), 0);
  close(orders_out);
  assert_int_equal(follow_gone(orders), 1);
  assert_int_equal(flock(other, LOCK_SH), 0);
  assert_int_equal(follow_gone(orders), 1);
  close(other);
  /* looking left no lock behind */
  assert_int_equal(flock(third, LOCK_EX | LOCK_NB), 0);
  close(third);
  orders_out = open("orders", O_WRONLY | O_APPEND);
}

int main(void) {
#define TEST(t) cmocka_unit_test_setup_teardown(t, start, end)
  const struct CMUnitTest tests[] = {
      TEST(wakes_when_written),
      TEST(instead_of_the_one_before),
      TEST(wakes_by_another),
      TEST(the_other_descriptor),
      TEST(without_inotify),
      TEST(no_inotify_to_be_had),
      TEST(gone),
  };
  return cmocka_run_group_tests(tests, 0, 0);
}
