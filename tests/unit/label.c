#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "label.h"

#include <string.h>
#include <time.h>

static void writes(void **state) {
  char s[LABEL_LEN + 1];

  (void)state;
  label_fmt(s, 0, 0);
  assert_string_equal(s, "@400000000000000a00000000");
  label_fmt(s, 1734403190, 10);
  assert_string_equal(s, "@400000006760e4800000000a");
  label_fmt(s, -11, 999999999);
  assert_string_equal(s, "@3fffffffffffffff3b9ac9ff");
  label_fmt(s, 4294967296, 0);
  assert_string_equal(s, "@400000010000000a00000000");
}

static void scans(void **state) {
  int64_t t = 1;

  (void)state;
  assert_true(label_scan("@400000006760e4800000000a", 25, &t));
  assert_int_equal(t, 1734403190);
  assert_true(label_scan("@3fffffffffffffff3b9ac9ff", 25, &t));
  assert_int_equal(t, -11);
  assert_true(label_scan("@ffffffffffffffff00000000", 25, &t));
  assert_true(t == INT64_MAX);
  assert_true(label_scan("@000000000000000000000000", 25, &t));
  assert_true(t < -4000000000000000000);
  assert_true(label_scan("@400000006760e4800000000a", 25, 0));
}

static void refuses(void **state) {
  (void)state;
  assert_false(label_scan("@400000006760e4800000000", 24, 0));
  assert_false(label_scan("@400000006760e4800000000a0", 26, 0));
  assert_false(label_scan("400000006760e4800000000a0", 25, 0));
  assert_false(label_scan("@400000006760E4800000000a", 25, 0));
  assert_false(label_scan("@400000006760e48000000g0a", 25, 0));
  assert_false(label_scan("@400000006760e480000000\0a", 25, 0));
  assert_false(label_scan("", 0, 0));
}

static void never_repeats(void **state) {
  char before[LABEL_LEN + 1], s[LABEL_LEN + 1];
  int64_t t;
  int i;

  (void)state;
  label_now(before);
  for (i = 0; i < 100000; i++) {
    label_now(s);
    assert_true(strcmp(before, s) < 0);
    memcpy(before, s, sizeof s);
  }
  assert_true(label_scan(s, LABEL_LEN, &t));
  assert_in_range(time(0) - t, 0, 2);
}

static void after(void **state) {
  char s[LABEL_LEN + 1];
  (void)state;
  label_fmt(s, 1700000000, 5);
  assert_true(label_after(s, 0) == 1700000000);
  assert_true(label_after(s, 86400) == 1700086400);
  assert_true(label_after(s, UINT64_C(999999999999999999)) ==
              INT64_C(1000000001699999999));
  assert_true(label_after(s, UINT64_MAX) == INT64_MAX);
  label_fmt(s, INT64_MAX - 4611686018427387914, 0);
  assert_true(label_after(s, (UINT64_C(1) << 62) + 99) == INT64_MAX);
}

static void writes_dates(void **state) {
  char s[21];

  (void)state;
  label_iso(s, 0);
  assert_string_equal(s, "1970-01-01T00:00:00Z");
  label_iso(s, 1795435200);
  assert_string_equal(s, "2026-11-23T12:00:00Z");
  label_iso(s, 951782400);
  assert_string_equal(s, "2000-02-29T00:00:00Z");
  label_iso(s, 2147483648);
  assert_string_equal(s, "2038-01-19T03:14:08Z");
  label_iso(s, -1);
  assert_string_equal(s, "1969-12-31T23:59:59Z");
  label_iso(s, INT64_MAX);
  assert_string_equal(s, "9999-12-31T23:59:59Z");
  label_iso(s, INT64_MIN);
  assert_string_equal(s, "0000-01-01T00:00:00Z");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(writes),       cmocka_unit_test(scans),
      cmocka_unit_test(refuses),      cmocka_unit_test(never_repeats),
      cmocka_unit_test(writes_dates), cmocka_unit_test(after),
  };

  return cmocka_run_group_tests(tests, 0, 0);
}
