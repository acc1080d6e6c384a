#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "list.h"
#include "setup.h"
#include "trying.h"

#define TARGET "[2001:db8::1]:17478"

static void is(const char *target, const char *want) {
  char path[STORE_TRY], text[1024];
  struct stat st;
  ssize_t len;
  store_try(path, target);
  len = file_read(path, text, sizeof text - 1);
  assert_true(len >= 0);
  text[len] = 0;
  assert_string_equal(text, want);
  assert_int_equal(lstat(path, &st), 0);
  assert_int_equal(st.st_mode, S_IFREG | 0600);
}

static void counts(void **state) {
  char want[64];
  (void)state;
  for (int i = 1; i <= 12; ++i) {
    assert_int_equal(trying_failed(TARGET, "timed out"), 0);
    snprintf(want, sizeof want, "tries %d\nlast_error timed out\n", i);
    is(TARGET, want);
  }
  assert_int_equal(trying_failed("10.0.0.2:1", "refused"), 0);
  is("10.0.0.2:1", "tries 1\nlast_error refused\n");
  is(TARGET, "tries 12\nlast_error timed out\n");
}

static void last_error_is_the_last_and_printable(void **state) {
  char why[300], want[200];
  (void)state;
  assert_int_equal(trying_failed("a:1", "first"), 0);
  assert_int_equal(trying_failed("a:1", "x\ntries 99\x7f"), 0);
  is("a:1", "tries 2\nlast_error x?tries 99?\n");
  memset(why, 'w', sizeof why - 1);
  why[sizeof why - 1] = 0;
  for (int i = 3; i < 6; ++i)
    assert_int_equal(trying_failed("a:1", why), 0);
  snprintf(want, sizeof want, "tries 5\nlast_error %.100s...\n", why);
  is("a:1", want);
}

static void reads(void **state) {
  char error[PRINTABLE_MAX] = "left", why[300];
  uint64_t tries = 7;
  struct timespec t[2] = {{.tv_sec = time(0) - 1000}, {0}};
  (void)state;
  t[1] = t[0];
  assert_true(trying_read("r:1", &tries, error) == 0);
  assert_true(tries == 0);
  assert_string_equal(error, "");
  for (int i = 0; i < 3; ++i)
    assert_int_equal(trying_failed("r:1", "timed\nout"), 0);
  assert_in_range(trying_read("r:1", &tries, error), 0, 60);
  assert_true(tries == 3);
  assert_string_equal(error, "timed?out");
  assert_int_equal(utimensat(AT_FDCWD, ".df/try/r:1", t, 0), 0);
  assert_in_range(trying_read("r:1", &tries, error), 1000, 1060);
  memset(why, 'w', sizeof why - 1);
  why[sizeof why - 1] = 0;
  assert_int_equal(trying_failed("r:1", why), 0);
  assert_in_range(trying_read("r:1", &tries, error), 0, 60);
  assert_true(tries == 4);
  assert_int_equal(strlen(error), 103);
  trying_reached("r:1");
  assert_true(trying_read("r:1", &tries, error) == 0);
  assert_true(tries == 0);
  assert_string_equal(error, "");
}

static void reached_forgets(void **state) {
  (void)state;
  assert_int_equal(trying_failed("b:1", "w"), 0);
  assert_int_equal(trying_failed("b:2", "w"), 0);
  trying_reached("b:1");
  trying_reached("b:1");
  assert_int_equal(access(".df/try/b:1", F_OK), -1);
  is("b:2", "tries 1\nlast_error w\n");
  assert_int_equal(trying_failed("b:1", "again"), 0);
  is("b:1", "tries 1\nlast_error again\n");
}

static void what_is_none_of_ours(void **state) {
  static const char *const other[] = {"", "tries", "tries \n", "tries x\n",
                                      "tires 7\n"};
  (void)state;
  for (size_t i = 0; i < sizeof other / sizeof *other; ++i) {
    assert_int_equal(
        file_replace(".df/try/c:1", other[i], strlen(other[i]), 0600, 0), 0);
    assert_int_equal(trying_failed("c:1", "w"), 0);
    is("c:1", "tries 1\nlast_error w\n");
  }
}

static void longest_target(void **state) {
  char target[LIST_TEXT];
  (void)state;
  memset(target, 'n', 253);
  memcpy(target + 253, ":65535", 7);
  assert_int_equal(trying_failed(target, "w"), 0);
  is(target, "tries 1\nlast_error w\n");
  trying_reached(target);
  assert_int_equal(access(".df/try/a:1", F_OK), 0);
  assert_int_equal(mkdir(".df/try/d:1", 0700), 0);
  assert_int_equal(trying_failed("d:1", "w"), -1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(counts),
      cmocka_unit_test(last_error_is_the_last_and_printable),
      cmocka_unit_test(reads),
      cmocka_unit_test(reached_forgets),
      cmocka_unit_test(what_is_none_of_ours),
      cmocka_unit_test(longest_target),
  };
  return cmocka_run_group_tests(tests, in_store, 0);
}
