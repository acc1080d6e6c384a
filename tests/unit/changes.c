#include "changes.h"
#include "file.h"
#include "store.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "synced.h"

#define A "5d41402abc4b2a76b9719d911017c592"
#define B "7d793037a0760186574b0282f2f435e7"

static int start(void **state) {
  (void)state;
  unlink(CHANGES_FILE);
  return store_open() ? -1 : 0;
}

static void keeps_each_once(void **state) {
  struct changes c = {0}, d = {0};
  char md5[MD5_HEX + 1];
  (void)state;
  assert_int_equal(changes_load(&d), 0);
  for (int i = 0; i < 200; ++i)
    assert_int_equal(changes_add(&c, i % 3 ? B : A), 0);
  assert_int_equal(changes_add(&c, "5D"), -1);
  changes_sort(&c);
  assert_int_equal(c.n, 2);
  changes_get(&c, 0, md5);
  assert_string_equal(md5, A);
  changes_get(&c, 1, md5);
  assert_string_equal(md5, B);
  synced_forget();
  assert_int_equal(changes_save(&c), 0);
  assert_int_equal(synced(".df"), 2);
  assert_int_equal(changes_load(&d), 1);
  assert_int_equal(d.n, 2);
  assert_int_equal(d.all, 0);
  assert_memory_equal(c.md5, d.md5, 32);
  c.all = 1;
  assert_int_equal(changes_save(&c), 0);
  assert_int_equal(changes_load(&d), 1);
  assert_int_equal(d.n, 4);
  assert_int_equal(d.all, 1);
  free(c.md5);
  free(d.md5);
}

static void none(void **state) {
  struct changes c = {.all = 1};
  (void)state;
  changes_sort(&c);
  assert_int_equal(changes_save(&c), 0);
  c.all = 0;
  assert_int_equal(changes_load(&c), 1);
  assert_int_equal(c.all, 1);
  assert_int_equal(c.n, 0);
}

static void broken(void **state) {
  static const char *const bad[] = {"x", A, A "\n" B, A "\nall\n",
                                    "zz41402abc4b2a76b9719d911017c592\n"};
  (void)state;
  for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i) {
    struct changes c = {0};
    assert_int_equal(
        file_replace(CHANGES_FILE, bad[i], strlen(bad[i]), 0600, 0), 0);
    assert_int_equal(changes_load(&c), -1);
    assert_int_equal(errno, EPROTO);
    free(c.md5);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(keeps_each_once, start),
      cmocka_unit_test_setup(none, start),
      cmocka_unit_test_setup(broken, start),
  };
  return cmocka_run_group_tests(tests, 0, 0);
}
