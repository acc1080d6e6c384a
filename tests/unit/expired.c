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

#include "expired.h"
#include "setup.h"

#define A "5d41402abc4b2a76b9719d911017c592"
#define B "7d793037a0760186574b0282f2f435e7"
#define HOUR1 ".df/expire/000000003600"
#define HOUR2 ".df/expire/000000007200"

static struct expired_at last;
static char seen[64];
static int64_t next;

static int look(void *context, const char md5[MD5_HEX + 1],
                const struct expired_at *at) {
  assert_ptr_equal(context, seen);
  strncat(seen, md5, 1);
  last = *at;
  return 0;
}

static int stop(void *context, const char md5[MD5_HEX + 1],
                const struct expired_at *at) {
  (void)context;
  (void)md5;
  last = *at;
  return 4;
}

static void at(int64_t now, const char *want) {
  *seen = 0;
  assert_int_equal(expired_each(now, &next, look, seen), 0);
  assert_string_equal(seen, want);
}

static void due(void **state) {
  (void)state;
  at(5000, "");
  put_text(HOUR1, "- " A " 000000003600\n+ " A " 000000003610\n+ " B
                  " 000000003620\n");
  put_text(".df/expire/whole", "");
  at(3599, "");
  at(3610, "");
  assert_true(next == 3611);
  at(3611, "5");
  assert_true(next == 3621);
  assert_true(last.hour == 3600 && last.line == 1);
  at(3621, "57");
  assert_true(next == EXPIRY_NEVER);
  assert_int_equal(expired_each(4000, &next, stop, 0), 4);
  assert_true(last.line == 1);
}

static void done(void **state) {
  (void)state;
  at(7300, "57");
  assert_int_equal(expired_done(&last), 0);
  at(7300, "5");
  assert_int_equal(expired_done(&last), 0);
  at(7200, ""); /* the hour is not over: it may get more lines */
  assert_int_equal(access(HOUR1, F_OK), 0);
  at(7201, "");
  assert_int_equal(access(HOUR1, F_OK), -1);
  assert_int_equal(expired_done(&last), 0);
}

/* What a crash has left of a file. */
static void torn(void **state) {
  (void)state;
  put_text(HOUR2, "+ " A " 00000000x200\n+ " A " 000000007200\n+ 5d41");
  at(7300, "5");
  assert_true(last.line == 1);
  put_text(HOUR2, "+ X" A " 0000000720\n");
  at(7300, "");
  assert_int_equal(unlink(HOUR2), 0);
}

static void unable(void **state) {
  (void)state;
  assert_int_equal(mkdir(HOUR2, 0700), 0);
  assert_int_equal(expired_each(9000, &next, look, seen), -1);
  last.hour = 7200;
  assert_int_equal(expired_done(&last), -1);
  assert_int_equal(rmdir(HOUR2), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(due),
      cmocka_unit_test(done),
      cmocka_unit_test(torn),
      cmocka_unit_test(unable),
  };
  return cmocka_run_group_tests(tests, in_store, 0);
}
