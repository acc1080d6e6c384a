#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "setup.h"
#include "verified.h"

static struct verified v;

static void reads(const char *text, const char *want) {
  put_text(".df/verified", text);
  memset(&v, 'x', sizeof v);
  assert_int_equal(verified_read(&v), 0);
  assert_string_equal(v.last, want);
}

static void there_and_back(void **state) {
  (void)state;
  assert_int_equal(verified_read(&v), 0);
  assert_string_equal(v.last, "");
  assert_true(v.began > 1700000000);
  v.began = 12345;
  strcpy(v.last, "5d41402abc4b2a76b9719d911017c592");
  assert_int_equal(verified_write(&v), 0);
  verified_begin(&v);
  assert_int_equal(verified_read(&v), 0);
  assert_string_equal(v.last, "5d41402abc4b2a76b9719d911017c592");
  assert_true(v.began == 12345);
}

static void nonsense(void **state) {
  (void)state;
  reads("1 -\n", "-");
  reads("1 \n", "");
  reads("", "");
  reads("1", "");
  reads("x 5d\n", "");
  reads("1 ../../x\n", "");
  reads("1 5d41402abc4b2a76b9719d911017c5925\n", "");
  reads(
      "1 5d41402abc4b2a76b9719d911017c592 and more than there is room for....",
      "");
}

static void unable(void **state) {
  (void)state;
  assert_int_equal(unlink(".df/verified"), 0);
  assert_int_equal(mkdir(".df/verified", 0700), 0);
  assert_int_equal(verified_read(&v), -1);
  assert_int_equal(verified_write(&v), -1);
  assert_int_equal(rmdir(".df/verified"), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(there_and_back),
      cmocka_unit_test(nonsense),
      cmocka_unit_test(unable),
  };
  return cmocka_run_group_tests(tests, in_store, 0);
}
