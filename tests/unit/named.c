#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "named.h"

static struct named n;

static int add(const char *line) {
  struct order o;
  assert_int_equal(order_scan(line, strlen(line), &o), 1);
  return named_add(&n, &o);
}

static void one_commit_at_a_time(void **state) {
  (void)state;
  named_clear(&n);
  assert_int_equal(add("commit a 2"), 1);
  assert_int_equal(n.has_duty, 0);
  assert_int_equal(add("committed b"), 0);
  assert_int_equal(add("committed a 2"), 1);
  assert_int_equal(add("committed a 1023"), 1);
  assert_string_equal(n.commit, "a");
  assert_int_equal(n.has_duty, 1);
  for (int i = 0; i < COMMIT_CHUNKS; ++i) {
    assert_int_equal(n.send[i], i == 2);
    assert_int_equal(n.duty[i], i == 2 || i == 1023);
  }
  named_clear(&n);
  assert_int_equal(add("committed b"), 1);
  for (int i = 0; i < COMMIT_CHUNKS; ++i)
    assert_int_equal(n.duty[i], 1);
}

static void no_such_chunk(void **state) {
  (void)state;
  named_clear(&n);
  assert_int_equal(add("commit a 1024"), -1);
  assert_int_equal(errno, EPROTO);
  assert_int_equal(add("committed a 1024"), -1);
  assert_int_equal(n.has_duty, 0);
  assert_string_equal(n.commit, "");
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(one_commit_at_a_time),
                                     cmocka_unit_test(no_such_chunk)};
  return cmocka_run_group_tests(tests, 0, 0);
}
