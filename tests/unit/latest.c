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

#include "latest.h"

#define A "5d41402abc4b2a76b9719d911017c592"
#define B "7d793037a0760186574b0282f2f435e7"
#define C "9dd4e461268c8034f5c8564e155c67a6"
#define LINE(md5) "{\"md5\":\"" md5 "\"}\n"

static struct latest l;

static int begin(void **state) {
  (void)state;
  l = (struct latest){.n = 0};
  return 0;
}

static int end(void **state) {
  (void)state;
  latest_free(&l);
  return 0;
}

static int collect(const char *delta, size_t at) {
  const struct text t = {delta, strlen(delta)};
  return latest_collect(&l, &t, at);
}

static int has(const char *record) {
  const struct text t = {record, strlen(record)};
  unsigned char md5[LATEST_MD5];
  if (latest_md5(&t, md5) < 0)
    return -1;
  return latest_find(&l, md5) != 0;
}

/* Each chunk once, in the order of the MD5s, at its last line. */
static void last_line_counts(void **state) {
  const size_t line = strlen(LINE(A));
  (void)state;
  assert_int_equal(collect(LINE(C) LINE(A) LINE(B) LINE(A) LINE(C), 0), 0);
  assert_int_equal(l.n, 3);
  assert_int_equal(l.record[0].md5[0], 0x5d);
  assert_int_equal(l.record[0].at, 3 * line);
  assert_int_equal(l.record[1].at, 2 * line);
  assert_int_equal(l.record[2].md5[15], 0xa6);
  assert_int_equal(l.record[2].at, 4 * line);
}

static void from_a_byte_on(void **state) {
  (void)state;
  assert_int_equal(collect(LINE(C) LINE(A), strlen(LINE(C))), 0);
  assert_int_equal(l.n, 1);
  assert_int_equal(l.record[0].at, strlen(LINE(C)));
  assert_int_equal(has(LINE(A)), 1);
  assert_int_equal(has("{\"x\":1,\"md5\":\"" A "\",\"y\":2}"), 1);
  assert_int_equal(has(LINE(C)), 0);
}

static void nothing_new(void **state) {
  (void)state;
  assert_int_equal(collect("", 0), 0);
  assert_int_equal(l.n, 0);
  assert_int_equal(has(LINE(A)), 0);
  assert_int_equal(collect(LINE(A), strlen(LINE(A))), 0);
  assert_int_equal(l.n, 0);
}

static void no_records(void **state) {
  static const char *const bad[] = {
      "x\n",
      "{\"md5\":\"5d41\"}\n",
      "{\"md5\":{}}\n",
      "{\"md5\":\"xd41402abc4b2a76b9719d911017c592\"}\n",
      "{\"md5\":\"5x41402abc4b2a76b9719d911017c592\"}\n",
      "\n"};
  (void)state;
  for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i) {
    errno = 0;
    assert_int_equal(collect(bad[i], 0), -1);
    assert_int_equal(errno, EPROTO);
    errno = 0;
    assert_int_equal(has(bad[i]), -1);
    assert_int_equal(errno, EPROTO);
  }
}

static void digits(void **state) {
  unsigned char md5[LATEST_MD5];
  (void)state;
  assert_int_equal(latest_scan(A, md5), 0);
  assert_int_equal(md5[0], 0x5d);
  assert_int_equal(md5[15], 0x92);
  errno = 0;
  assert_int_equal(latest_scan("5d41402abc4b2a76b9719d911017c59", md5), -1);
  assert_int_equal(errno, EPROTO);
}

/* More of them than there is room for at first, backwards. */
static void many(void **state) {
  static char delta[1000 * 64];
  char record[64];
  size_t len = 0;
  (void)state;
  for (int i = 999; i >= 0; --i)
    len += (size_t)snprintf(delta + len, sizeof delta - len,
                            "{\"md5\":\"%032x\"}\n", 7 * i);
  assert_int_equal(collect(delta, 0), 0);
  assert_int_equal(l.n, 1000);
  for (int i = 0; i < 7000; ++i) {
    snprintf(record, sizeof record, "{\"md5\":\"%032x\"}", i);
    assert_int_equal(has(record), i % 7 == 0);
  }
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)
  const struct CMUnitTest tests[] = {
      TEST(last_line_counts), TEST(from_a_byte_on), TEST(nothing_new),
      TEST(no_records),       TEST(digits),         TEST(many),
  };
  return cmocka_run_group_tests(tests, 0, 0);
}
