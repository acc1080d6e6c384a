/* waits */
#include <errno.h>
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
#include "setup.h"
#include "slot.h"
#include "twin.h"

#define ID "0123456789abcdef0123456789abcdef"
#define LIST_A "5d41402abc4b2a76b9719d911017c592"
#define LIST_B "d41d8cd98f00b204e9800998ecf8427e"
#define FIRST "@400000006a1b2c3d00000001.4711"
#define SECOND "@400000006a1b2c3d00000002.4712"

static void first_and_second(void **state) {
  struct twin a, b, c;
  (void)state;
  assert_int_equal(twin_start(&a, ID, LIST_A, FIRST), 0);
  assert_true(a.fd >= 0);
  assert_int_equal(a.died, 0);
  assert_int_equal(twin_start(&b, ID, LIST_A, SECOND), 0);
  assert_int_equal(b.fd, -1);
  assert_string_equal(b.first_stream, FIRST);
  assert_int_equal(b.same_list, 1);
  assert_int_equal(b.died, 0);
  assert_int_equal(twin_start(&c, ID, LIST_B, SECOND), 0);
  assert_int_equal(c.fd, -1);
  assert_int_equal(c.same_list, 0);
  assert_string_equal(c.first_stream, FIRST);
  twin_done(&b); /* not its own */
  assert_int_equal(access(".df/id/" ID, F_OK), 0);
  assert_int_equal(twin_look(&c), 0);
  assert_int_equal(c.fd, -1);
  twin_done(&a);
  assert_int_equal(a.fd, -1);
  assert_int_equal(access(".df/id/" ID, F_OK), -1);
  assert_int_equal(twin_look(&b), 0);
  assert_true(b.fd >= 0);
  assert_int_equal(b.died, 0);
  assert_int_equal(twin_look(&c), 0);
  assert_int_equal(c.fd, -1);
  assert_string_equal(c.first_stream, SECOND);
  twin_done(&b);
}

/* Its line is waited for, where it has no more than the lock yet. */
static void first_begins(void **state) {
  struct twin b;
  int status, fd = lock_take(".df/id/" ID);
  pid_t pid;
  (void)state;
  assert_true(fd >= 0);
  pid = fork();
  assert_true(pid >= 0);
  if (pid == 0) {
    clock_wait(5);
    _exit(dprintf(fd, "%018d %s %s\n", 0, LIST_A, FIRST) < 0);
  }
  assert_int_equal(twin_start(&b, ID, LIST_A, SECOND), 0);
  assert_int_equal(b.fd, -1);
  assert_int_equal(b.same_list, 1);
  assert_string_equal(b.first_stream, FIRST);
  assert_int_equal(waitpid(pid, &status, 0), pid);
  assert_int_equal(status, 0);
  assert_int_equal(unlink(".df/id/" ID), 0);
  close(fd);
}

static void other_ids_are_no_twins(void **state) {
  struct twin a, b;
  (void)state;
  assert_int_equal(twin_start(&a, ID, LIST_A, FIRST), 0);
  assert_int_equal(twin_start(&b, LIST_B, LIST_A, SECOND), 0);
  assert_true(a.fd >= 0 && b.fd >= 0);
  twin_done(&a);
  twin_done(&b);
}

/* A child takes the id and dies of a signal. */
static pid_t child_first(void) {
  struct twin t;
  char c;
  int p[2];
  pid_t pid;
  assert_int_equal(pipe(p), 0);
  pid = fork();
  assert_true(pid >= 0);
  if (pid == 0) {
    if (twin_start(&t, ID, LIST_A, FIRST) < 0 || t.fd < 0)
      _exit(1);
    twin_progress(&t, 12345);
    if (write(p[1], "x", 1) != 1)
      _exit(1);
    for (;;)
      pause();
  }
  close(p[1]);
  assert_int_equal(read(p[0], &c, 1), 1);
  close(p[0]);
  return pid;
}

static void killed(pid_t pid) {
  int status;
  assert_int_equal(kill(pid, SIGKILL), 0);
  assert_int_equal(waitpid(pid, &status, 0), pid);
}

static void the_first_dies(void **state) {
  struct twin b, c;
  pid_t pid = child_first();
  (void)state;
  assert_int_equal(twin_start(&b, ID, LIST_A, SECOND), 0);
  assert_int_equal(b.fd, -1);
  assert_int_equal(b.died, 0);
  killed(pid);
  assert_int_equal(twin_look(&b), 0);
  assert_true(b.fd >= 0);
  assert_int_equal(b.died, 1);
  assert_int_equal(b.same_list, 1);
  assert_string_equal(b.first_stream, FIRST);
  assert_int_equal(twin_start(&c, ID, LIST_A, SECOND), 0);
  assert_int_equal(c.fd, -1);
  assert_string_equal(c.first_stream, SECOND);
  twin_done(&b);
  pid = child_first();
  killed(pid);
  assert_int_equal(twin_start(&b, ID, LIST_B, SECOND), 0);
  assert_true(b.fd >= 0);
  assert_int_equal(b.died, 1);
  twin_done(&b);
  assert_int_equal(twin_start(&b, ID, LIST_B, SECOND), 0);
  assert_int_equal(b.died, 0);
  twin_done(&b);
}

/* A look after a sample's time (a second) takes the rate anew. */
static void sample(struct twin *first, struct twin *t, uint64_t bytes) {
  uint64_t before = t->seen_at, end = clock_ms() + 20000;
  while (t->seen_at == before) {
    twin_progress(first, bytes);
    assert_int_equal(twin_look(t), 0);
    assert_int_equal(t->fd, -1);
    assert_true(clock_ms() < end);
    clock_wait(10);
  }
  assert_true(t->seen == bytes);
}

static void how_fast(void **state) {
  struct twin a, b;
  (void)state;
  assert_int_equal(twin_start(&a, ID, LIST_A, FIRST), 0);
  assert_int_equal(twin_start(&b, ID, LIST_A, SECOND), 0);
  assert_int_equal(b.fast, 1);
  assert_int_equal(twin_look(&b), 0);
  assert_int_equal(b.fast, 1); /* too early to tell */
  sample(&a, &b, 500000);
  assert_int_equal(b.fast, 0);
  sample(&a, &b, 500000 + UINT64_C(10000000000));
  assert_int_equal(b.fast, 1);
  sample(&a, &b, 500001 + UINT64_C(10000000000));
  assert_int_equal(b.fast, 0);
  twin_progress(&b, 77);
  twin_progress(&a, 999999999999999999);
  assert_int_equal(twin_look(&b), 0);
  assert_string_equal(b.first_stream, FIRST);
  twin_done(&a);
}

/* What was not stored as a whole leaves the id as one that died does. */
static void given_back(void **state) {
  struct twin a, b;
  (void)state;
  assert_int_equal(twin_start(&a, ID, LIST_A, FIRST), 0);
  assert_int_equal(twin_start(&b, ID, LIST_A, SECOND), 0);
  twin_give_back(&b);
  assert_int_equal(twin_look(&b), 0);
  assert_int_equal(b.fd, -1);
  twin_give_back(&a);
  assert_int_equal(a.fd, -1);
  assert_int_equal(access(".df/id/" ID, F_OK), 0);
  twin_done(&a);
  assert_int_equal(access(".df/id/" ID, F_OK), 0);
  assert_int_equal(twin_look(&b), 0);
  assert_true(b.fd >= 0);
  assert_int_equal(b.died, 1);
  twin_done(&b);
}

static void other_failures(void **state) {
  struct twin a;
  (void)state;
  assert_int_equal(rename(".df/id", ".df/away"), 0);
  assert_int_equal(twin_start(&a, ID, LIST_A, FIRST), -1);
  assert_int_equal(errno, ENOENT);
  assert_int_equal(rename(".df/away", ".df/id"), 0);
}

/* Ten at once: never two, and each comes to its turn. */
static void one_at_a_time(void **state) {
  pid_t pid[10];
  int status;
  (void)state;
  for (int i = 0; i < 10; ++i) {
    uint64_t end = clock_ms() + 60000;
    struct twin t;
    pid[i] = fork();
    assert_true(pid[i] >= 0);
    if (pid[i])
      continue;
    if (twin_start(&t, ID, LIST_A, FIRST) < 0)
      _exit(1);
    while (t.fd < 0) {
      if (twin_look(&t) < 0 || clock_ms() > end)
        _exit(2);
      clock_wait(1);
    }
    if (t.died || mkdir("alone", 0700) < 0)
      _exit(3);
    clock_wait(3);
    rmdir("alone");
    twin_done(&t);
    _exit(0);
  }
  for (int i = 0; i < 10; ++i) {
    assert_int_equal(waitpid(pid[i], &status, 0), pid[i]);
    assert_int_equal(status, 0);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(first_and_second),
      cmocka_unit_test(first_begins),
      cmocka_unit_test(other_ids_are_no_twins),
      cmocka_unit_test(the_first_dies),
      cmocka_unit_test(how_fast),
      cmocka_unit_test(given_back),
      cmocka_unit_test(other_failures),
      cmocka_unit_test(one_at_a_time),
  };
  return cmocka_run_group_tests(tests, in_store, 0);
}
