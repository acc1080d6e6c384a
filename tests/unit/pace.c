#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "clock.h"
#include "pace.h"

#include <string.h>
#include <unistd.h>

static struct pace p;

static void has_no_bound_at_first(void **state) {
  char a[] = "one", b[] = "two", got[8] = "";
  struct iovec v[2] = {{a, 3}, {b, 3}};
  int fd[2];

  (void)state;
  memset(&p, 0, sizeof p);
  assert_int_equal(pace_wait(&p), 0);
  assert_int_equal(pace_hold(&p, -1), 0);
  assert_true(pace_room(&p) == SIZE_MAX);
  assert_int_equal(pipe(fd), 0);
  assert_int_equal(pace_write(&p, fd[1], v, 2), 6);
  assert_int_equal(read(fd[0], got, sizeof got), 6);
  assert_string_equal(got, "onetwo");
  assert_int_equal(v[0].iov_len + v[1].iov_len, 0);
  assert_int_equal(pace_wait(&p), 0);
  close(fd[0]);
  close(fd[1]);
}

/* So many bytes take so many microseconds. */
static void takes(uint64_t rate, size_t bytes, uint64_t us) {
  uint64_t before;

  pace_start(&p, rate);
  assert_int_equal(pace_wait(&p), 0);
  before = p.next;
  pace_took(&p, bytes);
  assert_int_equal(p.next - before, us);
}

static void waits_for_what_was_written(void **state) {
  (void)state;
  takes(1000, 100, 100000);
  takes(1048576, 524288, 500000);
  takes(1024, 1048576, 1024000000);
  assert_int_equal(pace_wait(&p), 1000); /* then it is looked at again */
  pace_start(&p, 1048576);
  assert_int_equal(pace_room(&p), 65536);
  pace_start(&p, 1);
  assert_int_equal(pace_room(&p), 1);
}

static void keeps_a_quarter_of_a_second(void **state) {
  (void)state;
  pace_start(&p, 1000);
  p.next -= 5000000;
  assert_int_equal(pace_wait(&p), 0);
  pace_took(&p, 250);
  assert_int_equal(pace_wait(&p), 0);
  pace_took(&p, 100000);
  assert_true(pace_wait(&p) > 0);
}

static void keeps_the_rate(void **state) {
  const uint64_t start = clock_ms();
  char data[4000], got[4000];
  struct iovec v[3] = {{data, 0}, {data, 1}, {data, sizeof data - 1}};
  size_t sum = 0;
  int fd[2];

  (void)state;
  memset(data, 'x', sizeof data);
  assert_int_equal(pipe(fd), 0);
  pace_start(&p, 16000);
  for (size_t n; sum < sizeof data; sum += n) {
    assert_int_equal(pace_hold(&p, -1), 0);
    n = (size_t)pace_write(&p, fd[1], v, 3);
    assert_in_range(n, 1, 1000);
    assert_int_equal(read(fd[0], got, sizeof got), n);
  }
  assert_int_equal(sum, sizeof data);
  assert_true(clock_ms() - start >= 187); /* 3000 bytes, and one slice more */
  close(fd[0]);
  close(fd[1]);
}

static void looks_at_a_descriptor(void **state) {
  int fd[2];

  (void)state;
  assert_int_equal(pipe(fd), 0);
  pace_start(&p, 1000);
  pace_took(&p, 100000);
  assert_int_equal(write(fd[1], "x", 1), 1);
  assert_int_equal(pace_hold(&p, fd[0]), 1);
  close(fd[0]);
  close(fd[1]);
}

static void fails_with_write(void **state) {
  char a[] = "a";
  struct iovec v = {a, 1};

  (void)state;
  pace_start(&p, 1000);
  assert_int_equal(pace_write(&p, -1, &v, 1), -1);
  assert_int_equal(v.iov_len, 1);
  assert_int_equal(pace_wait(&p), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(has_no_bound_at_first),
      cmocka_unit_test(waits_for_what_was_written),
      cmocka_unit_test(keeps_a_quarter_of_a_second),
      cmocka_unit_test(keeps_the_rate),
      cmocka_unit_test(looks_at_a_descriptor),
      cmocka_unit_test(fails_with_write),
  };

  return cmocka_run_group_tests(tests, 0, 0);
}
