#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "whole.h"

static ssize_t read_of(const char *bytes, size_t len, void *p, size_t max) {
  int fd[2];
  ssize_t r;

  assert_int_equal(pipe(fd), 0);
  assert_int_equal(write(fd[1], bytes, len), len);
  close(fd[1]);
  r = whole_read(fd[0], p, max);
  close(fd[0]);
  return r;
}

static void test_sizes(void **state) {
  char p[8] = "#######";

  (void)state;
  assert_int_equal(read_of("", 0, p, 4), 0);
  assert_int_equal(read_of("", 0, p, 0), 0);
  assert_int_equal(read_of("abcd", 4, p, 4), 4);
  assert_memory_equal(p, "abcd#", 5);
  errno = 0;
  assert_int_equal(read_of("abcde", 5, p, 4), -1);
  assert_int_equal(errno, EFBIG);
  assert_memory_equal(p, "abcd#", 5);
}

static void test_error(void **state) {
  char p[8];
  const int fd = open("/", O_RDONLY);

  (void)state;
  assert_int_equal(whole_read(fd, p, 8), -1);
  assert_int_equal(errno, EISDIR);
  close(fd);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_sizes),
      cmocka_unit_test(test_error),
  };
  return cmocka_run_group_tests(tests, 0, 0);
}
