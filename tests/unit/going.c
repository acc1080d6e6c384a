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

#include <fcntl.h>
#include <time.h>

#include "going.h"
#include "setup.h"

#define A "5d41402abc4b2a76b9719d911017c592"
#define B "7d793037a0760186574b0282f2f435e7"

static int count(void *context, const char *md5) {
  int *n = context;
  assert_true(!strcmp(md5, A) || !strcmp(md5, B));
  return ++*n == 3 ? 7 : 0;
}

static void marks(void **state) {
  char why[GOING_REASON];
  int n = 0;
  (void)state;
  assert_int_equal(going_get(GOING_ASKED, A, why), 0);
  assert_int_equal(going_set(GOING_ASKED, A, GOING_EXPIRED), 0);
  assert_int_equal(going_set(GOING_ASKED, A, GOING_REMOVED), 0);
  assert_int_equal(going_get(GOING_ASKED, A, why), 1);
  assert_string_equal(why, "removed");
  assert_int_equal(going_get(GOING_UNLISTED, A, why), 0);
  assert_int_equal(going_set(GOING_ASKED, B, GOING_EXPIRED), 0);
  put_text(".df/going/asked/other", "x");
  assert_int_equal(going_each(GOING_ASKED, count, &n), 0);
  assert_int_equal(n, 2);
  assert_int_equal(going_each(GOING_ASKED, count, &n), 7);
  assert_int_equal(going_clear(GOING_ASKED, A), 0);
  assert_int_equal(going_clear(GOING_ASKED, A), 0);
  assert_int_equal(going_get(GOING_ASKED, A, why), 0);
  assert_int_equal(going_clear(GOING_ASKED, B), 0);
  for (int s = 0; s < GOING_STAGES; ++s)
    assert_int_equal(going_sync((enum going_stage)s), 0);
}

static void age(void **state) {
  const struct timespec then[2] = {{.tv_sec = time(0) - 100},
                                   {.tv_sec = time(0) - 100}};
  const struct timespec later[2] = {{.tv_sec = time(0) + 5000},
                                    {.tv_sec = time(0) + 5000}};
  long s;
  (void)state;
  assert_int_equal(going_age(GOING_OUT, A, &s), 0);
  assert_int_equal(going_set(GOING_OUT, A, GOING_EXPIRED), 0);
  assert_int_equal(going_age(GOING_OUT, A, &s), 1);
  assert_in_range(s + 1, 0, 60);
  assert_int_equal(
      utimensat(AT_FDCWD, ".df/going/out/" A, then, AT_SYMLINK_NOFOLLOW), 0);
  assert_int_equal(going_age(GOING_OUT, A, &s), 1);
  assert_in_range(s, 100, 160);
  assert_int_equal(
      utimensat(AT_FDCWD, ".df/going/out/" A, later, AT_SYMLINK_NOFOLLOW), 0);
  assert_int_equal(going_age(GOING_OUT, A, &s), 1);
  assert_true(s < 0);
}

static void unable(void **state) {
  char why[GOING_REASON];
  long s;
  int n = 0;
  (void)state;
  assert_int_equal(rename(".df/going/asked", ".df/away"), 0);
  put_text(".df/going/asked", "");
  assert_int_equal(going_set(GOING_ASKED, A, GOING_EXPIRED), -1);
  assert_int_equal(going_get(GOING_ASKED, A, why), -1);
  assert_int_equal(going_age(GOING_ASKED, A, &s), -1);
  assert_int_equal(going_clear(GOING_ASKED, A), -1);
  assert_int_equal(going_sync(GOING_ASKED), -1);
  assert_int_equal(going_each(GOING_ASKED, count, &n), -1);
  assert_int_equal(unlink(".df/going/asked"), 0);
  assert_int_equal(rename(".df/away", ".df/going/asked"), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(marks),
      cmocka_unit_test(age),
      cmocka_unit_test(unable),
  };
  return cmocka_run_group_tests(tests, in_store, 0);
}
