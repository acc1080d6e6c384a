/* waits */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "clock.h"
#include "input.h"
#include "setup.h"

#define ID "0123456789abcdef0123456789abcdef"
#define LIST "5d41402abc4b2a76b9719d911017c592"

static char buf[300000];
static int to, from;

static int open_pipe(void **state) {
  int p[2];
  (void)state;
  if (pipe(p) < 0)
    return -1;
  from = p[0];
  to = p[1];
  return 0;
}

static int close_pipe(void **state) {
  (void)state;
  close(from);
  close(to);
  return 0;
}

/* Called before a read that would wait. */
static int idle(void *context) {
  int *n = context;
  if (--*n < 0) {
    errno = ENOSPC;
    return -1;
  }
  assert_int_equal(write(to, "late", 4), 4);
  return 0;
}

static void reads(void **state) {
  int n = 1;
  struct input in = {.fd = from, .timeout = 9, .idle = idle, .context = &n};
  (void)state;
  assert_int_equal(write(to, "hello", 5), 5);
  assert_int_equal(input_read(&in, buf, 3), 3);
  assert_memory_equal(buf, "hel", 3);
  assert_int_equal(input_read(&in, buf, 9), 2);
  assert_int_equal(n, 1); /* nothing had to wait so far */
  assert_int_equal(input_read(&in, buf, 9), 4);
  assert_memory_equal(buf, "late", 4);
  assert_int_equal(n, 0);
  assert_true(in.bytes == 9);
  errno = 0;
  assert_int_equal(input_read(&in, buf, 9), -1);
  assert_int_equal(errno, ENOSPC);
  close(to);
  n = 5;
  assert_int_equal(input_read(&in, buf, 9), 0);
  assert_int_equal(n, 5);
  assert_true(in.bytes == 9);
  in.fd = -1;
  in.idle = 0;
  in.timeout = 1;
  assert_int_equal(input_read(&in, buf, 9), -1);
}

static void times_out(void **state) {
  struct input in = {.fd = from, .timeout = 1};
  uint64_t before = clock_ms(), took;
  (void)state;
  errno = 0;
  assert_int_equal(input_read(&in, buf, 9), -1);
  assert_int_equal(errno, ETIMEDOUT);
  took = clock_ms() - before;
  assert_in_range(took, 990, 15000);
  assert_int_equal(in.slow, 0);
}

/* Between two chunks the sender may be committing: twenty times as long. */
static void patient_between_chunks(void **state) {
  struct input in = {.fd = from, .timeout = 1, .between = 1};
  int status;
  pid_t pid = fork();
  (void)state;
  if (pid == 0) {
    clock_wait(1500);
    _exit(write(to, "x", 1) != 1);
  }
  assert_int_equal(input_read(&in, buf, 9), 1);
  assert_true(in.waited_ms == 0);
  waitpid(pid, &status, 0);
}

/* As if all but the last moment of a minute were over. */
static void least_rate(void **state) {
  int n = 9;
  struct input in = {.fd = from, .timeout = 9, .idle = idle, .context = &n};
  (void)state;
  in.waited_ms = 60000;
  in.waited_from = 1000;
  in.bytes = 1000 + 59 * INPUT_LEAST;
  errno = 0;
  assert_int_equal(input_read(&in, buf, 9), -1);
  assert_int_equal(errno, ETIMEDOUT);
  assert_int_equal(in.slow, 1);
  assert_int_equal(read(from, buf, 9), 4);
  in.slow = 0;
  in.between = 1; /* the sender may take its time */
  assert_int_equal(input_read(&in, buf, 9), 4);
  in.between = 0;
  in.waited_ms = 60000;
  in.waited_from = 1000;
  in.bytes = 1000 + 62 * INPUT_LEAST;
  assert_int_equal(input_read(&in, buf, 9), 4);
  assert_int_equal(in.slow, 0);
  assert_in_range(in.waited_ms, 0, 59999);
  assert_true(in.waited_from == 1000 + 62 * INPUT_LEAST);
  in.waited_ms = 10000; /* no minute yet */
  in.bytes = in.waited_from = 0;
  assert_int_equal(input_read(&in, buf, 9), 4);
  assert_true(in.waited_ms >= 10000);
}

static void waiting_counts(void **state) {
  struct input in = {.fd = from, .timeout = 9};
  int status;
  pid_t pid = fork();
  (void)state;
  assert_true(pid >= 0);
  if (pid == 0) {
    clock_wait(300);
    _exit(write(to, "x", 1) != 1);
  }
  assert_int_equal(input_read(&in, buf, 9), 1);
  assert_in_range(in.waited_ms, 50, 8999);
  waitpid(pid, &status, 0);
}

/* Time in which the bytes were there already is our own. */
static void only_waiting_counts(void **state) {
  struct input in = {.fd = from, .timeout = 9, .waited_ms = 59990};
  (void)state;
  for (int i = 0; i < 50; ++i) {
    assert_int_equal(write(to, "x", 1), 1);
    clock_wait(1);
    assert_int_equal(input_read(&in, buf, 9), 1);
  }
  assert_true(in.waited_ms == 59990);
}

static void interrupted(int sig) {
  (void)sig;
}

static void signals_do_not_end_it(void **state) {
  struct sigaction sa = {.sa_handler = interrupted};
  struct input in = {.fd = from, .timeout = 9};
  int status;
  pid_t parent = getpid(), pid;
  (void)state;
  sigaction(SIGUSR1, &sa, 0);
  pid = fork();
  if (pid == 0) {
    for (int i = 0; i < 20; ++i) {
      kill(parent, SIGUSR1);
      clock_wait(2);
    }
    _exit(write(to, "x", 1) != 1);
  }
  assert_int_equal(input_read(&in, buf, 9), 1);
  waitpid(pid, &status, 0);
}

static void the_first_notes_its_bytes(void **state) {
  struct input in = {.fd = from, .timeout = 9};
  struct twin a, b;
  char line[18];
  FILE *f;
  (void)state;
  assert_int_equal(twin_start(&a, ID, LIST, "a"), 0);
  assert_int_equal(twin_start(&b, ID, LIST, "b"), 0);
  in.twin = &a;
  assert_int_equal(write(to, buf, 5000), 5000);
  assert_int_equal(input_read(&in, buf, sizeof buf), 5000);
  f = fopen(".df/id/" ID, "r");
  assert_non_null(f);
  assert_int_equal(fread(line, 1, sizeof line, f), sizeof line);
  fclose(f);
  assert_memory_equal(line, "000000000000005000", 18);
  twin_done(&a);
}

/* About 64 KiB a second, and full speed as soon as the first is through. */
static void a_later_twin_is_paced(void **state) {
  struct twin a, b;
  struct input in = {.fd = from, .timeout = 9, .waited_ms = 50000};
  uint64_t before, took;
  size_t got = 0;
  (void)state;
  assert_int_equal(twin_start(&a, ID, LIST, "a"), 0);
  assert_int_equal(twin_start(&b, ID, LIST, "b"), 0);
  in.twin = &b;
  assert_int_equal(write(to, buf, 60000), 60000);
  before = clock_ms();
  for (int i = 0; i < 5; ++i) {
    ssize_t r = input_read(&in, buf, sizeof buf);
    assert_in_range(r, 1, INPUT_PACE / 10);
    got += (size_t)r;
  }
  took = clock_ms() - before;
  assert_in_range(took, 490, 60000);
  assert_true(got * 1000 <= INPUT_PACE * (took + 10));
  assert_true(in.waited_ms == 0); /* the pace is ours, not the client's */
  b.fast = 0;                     /* the first is slow */
  b.seen_at = clock_ms();
  assert_true(input_read(&in, buf, 20000) > INPUT_PACE / 10);
  assert_int_equal(b.fd, -1);
  b.fast = 1;
  b.seen_at = clock_ms();
  twin_done(&a);
  assert_true(input_read(&in, buf, 20000) > INPUT_PACE / 10);
  assert_true(b.fd >= 0);
  twin_done(&b);
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup_teardown(f, open_pipe, close_pipe)
  const struct CMUnitTest tests[] = {
      TEST(reads),
      TEST(times_out),
      TEST(patient_between_chunks),
      TEST(least_rate),
      TEST(waiting_counts),
      TEST(only_waiting_counts),
      TEST(signals_do_not_end_it),
      TEST(the_first_notes_its_bytes),
      TEST(a_later_twin_is_paced),
  };
  return cmocka_run_group_tests(tests, in_store, 0);
}
