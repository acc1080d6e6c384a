#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "names.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static struct names n;
static int out;

static void start(void) {
  int p[2];

  assert_int_equal(pipe(p), 0);
  out = p[1];
  names_start(&n, p[0]);
}

static void put(const char *s, size_t len) {
  assert_int_equal(write(out, s, len), len);
}

static void next(const char *name) {
  assert_int_equal(names_next(&n), 1);
  assert_string_equal(n.name, name);
}

static void end(void) {
  assert_int_equal(names_next(&n), 0);
  assert_int_equal(names_next(&n), 0);
  close(n.fd);
}

static void reads_names(void **state) {
  (void)state;
  start();
  put("a\0b c\n\0\0d", 9);
  close(out);
  next("a");
  next("b c\n");
  next("");
  next("d");
  end();
}

static void reads_nothing(void **state) {
  (void)state;
  start();
  close(out);
  end();
}

static void keeps_the_limit(void **state) {
  static char name[PATH_MAX + 100];

  (void)state;
  start();
  memset(name, 'a', sizeof name);
  put(name, PATH_MAX - 1);
  put("\0", 1);
  put(name, PATH_MAX);
  put("\0", 1);
  put(name, PATH_MAX + 100);
  put("\0b", 3);
  close(out);
  assert_int_equal(names_next(&n), 1);
  assert_int_equal(strlen(n.name), PATH_MAX - 1);
  assert_int_equal(names_next(&n), -1);
  assert_int_equal(errno, ENAMETOOLONG);
  assert_int_equal(names_next(&n), -1);
  assert_int_equal(strlen(n.name), PATH_MAX - 1);
  next("b");
  end();
}

static void says_errors(void **state) {
  (void)state;
  names_start(&n, -1);
  assert_int_equal(names_next(&n), -1);
  assert_int_equal(errno, EBADF);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reads_names),
      cmocka_unit_test(reads_nothing),
      cmocka_unit_test(keeps_the_limit),
      cmocka_unit_test(says_errors),
  };

  return cmocka_run_group_tests(tests, 0, 0);
}
