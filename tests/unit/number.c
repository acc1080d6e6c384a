#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "number.h"

static int scan(const char *s, uint64_t *u) {
  return number_scan(s, strlen(s), u);
}

static void test_scan(void **state) {
  static const char *const bad[] = {"",   " 1",  "1 ",  "+1",
                                    "-1", "1.0", "0x1", "a",
                                    "1k", "/",   ":",   "1234567890123456789"};
  uint64_t u = 7;

  (void)state;
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    assert_int_equal(scan(bad[i], &u), 0);
  assert_int_equal(number_scan("1\0", 2, &u), 0);
  assert_int_equal(u, 7);
  assert_int_equal(scan("0", &u), 1);
  assert_int_equal(u, 0);
  assert_int_equal(scan("007", &u), 1);
  assert_int_equal(u, 7);
  assert_int_equal(number_scan("129", 2, &u), 1);
  assert_int_equal(u, 12);
  assert_int_equal(scan("999999999999999999", &u), 1);
  assert_true(u == 999999999999999999);
}

static void test_arg(void **state) {
  uint64_t u = 7;

  (void)state;
  assert_int_equal(number_arg("4", 5, 6, &u), 0);
  assert_int_equal(number_arg("x", 0, 9, &u), 0);
  assert_int_equal(number_arg("7", 5, 6, &u), 0);
  assert_int_equal(u, 7);
  assert_int_equal(number_arg("5", 5, 6, &u), 1);
  assert_int_equal(u, 5);
  assert_int_equal(number_arg("6", 5, 6, &u), 1);
  assert_int_equal(u, 6);
}

static void test_size(void **state) {
  static const char *const bad[] = {"",   "k",  "1K",       "1kk", "1 k", "1b",
                                    "k1", "-1", "8388608T", "1m",  "1g",  "1t"};
  uint64_t u = 7;

  (void)state;
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    assert_int_equal(number_size(bad[i], &u), 0);
  assert_int_equal(u, 7);
  assert_int_equal(number_size("0", &u), 1);
  assert_int_equal(u, 0);
  assert_int_equal(number_size("3k", &u), 1);
  assert_int_equal(u, 3072);
  assert_int_equal(number_size("64M", &u), 1);
  assert_int_equal(u, 67108864);
  assert_int_equal(number_size("2G", &u), 1);
  assert_true(u == (uint64_t)2 << 30);
  assert_int_equal(number_size("8388607T", &u), 1);
  assert_true(u == (uint64_t)8388607 << 40);
}

static void test_rate(void **state) {
  uint64_t u = 7;

  (void)state;
  assert_int_equal(number_rate("1023", &u), 0);
  assert_int_equal(number_rate("0", &u), 0);
  assert_int_equal(number_rate("x", &u), 0);
  assert_int_equal(u, 7);
  assert_int_equal(number_rate("1k", &u), 1);
  assert_int_equal(u, 1024);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_scan),
      cmocka_unit_test(test_arg),
      cmocka_unit_test(test_size),
      cmocka_unit_test(test_rate),
  };
  return cmocka_run_group_tests(tests, 0, 0);
}
