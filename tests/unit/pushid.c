#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "pushid.h"

#define ID "0123456789abcdef0123456789abcdef"

/* Each of the 32 digits takes each of the 16 values, none much too often. */
static void random_digits(void **state) {
  static char ids[400][STREAM_ID + 1];
  static unsigned int seen[STREAM_ID][16];
  unsigned int pairs = 0;
  (void)state;
  for (int i = 0; i < 400; ++i) {
    memset(ids[i], 'x', sizeof ids[i]);
    assert_int_equal(pushid_make(ids[i]), 0);
    assert_int_equal(strlen(ids[i]), STREAM_ID);
    assert_int_equal(pushid_valid(ids[i]), 1);
    for (int j = 0; j < STREAM_ID; j += 2)
      pairs += ids[i][j] == ids[i][j + 1];
    for (int j = 0; j < i; ++j)
      assert_string_not_equal(ids[i], ids[j]);
    for (int j = 0; j < STREAM_ID; ++j) {
      const char *d = strchr("0123456789abcdef", ids[i][j]);
      assert_non_null(d);
      ++seen[j][ids[i][j] <= '9' ? ids[i][j] - '0' : ids[i][j] - 'a' + 10];
    }
  }
  assert_in_range(pairs, 100, 1600); /* of 6400 */
  for (int j = 0; j < STREAM_ID; ++j)
    for (int d = 0; d < 16; ++d)
      assert_in_range(seen[j][d], 1, 100);
}

static void valid(void **state) {
  (void)state;
  assert_int_equal(pushid_valid(ID), 1);
  assert_int_equal(pushid_valid(""), 0);
  assert_int_equal(pushid_valid(&ID[1]), 0);
  assert_int_equal(pushid_valid(ID "0"), 0);
  assert_int_equal(pushid_valid("0123456789ABCDEF0123456789abcdef"), 0);
  assert_int_equal(pushid_valid("0123456789abcdefg123456789abcdef"), 0);
  assert_int_equal(pushid_valid("0123456789abcdef0123456789abcde/"), 0);
  assert_int_equal(pushid_valid("0123456789abcdef0123456789abcde\n"), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(random_digits),
      cmocka_unit_test(valid),
  };
  return cmocka_run_group_tests(tests, 0, 0);
}
