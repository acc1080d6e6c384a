#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "netstring.h"

#include <string.h>

static void writes(void **state) {
  char out[32];

  (void)state;
  assert_int_equal(netstring_put(out, "", 0), 3);
  assert_memory_equal(out, "0:,", 3);
  assert_int_equal(netstring_put(out, "hello world!", 12), 16);
  assert_memory_equal(out, "12:hello world!,", 16);
  assert_int_equal(netstring_head(out, 99999999), NETSTRING_HEAD);
  assert_memory_equal(out, "99999999:", 9);
}

static long scan(const char *s, size_t max) {
  const char *bytes;
  size_t len;

  return netstring_scan(s, strlen(s), max, &bytes, &len);
}

static void scans(void **state) {
  const char *s = "5:hello,rest", *bytes = 0;
  size_t len = 0, i;

  (void)state;
  assert_int_equal(netstring_scan(s, strlen(s), 5, &bytes, &len), 8);
  assert_ptr_equal(bytes, s + 2);
  assert_int_equal(len, 5);
  for (i = 0; i < 8; i++)
    assert_int_equal(netstring_scan(s, i, 5, &bytes, &len), 0);
  assert_int_equal(scan("0:,", 0), 3);
  assert_int_equal(scan("10:0123456789,", 10), 14);
}

static void refuses(void **state) {
  (void)state;
  assert_int_equal(scan("6:", 5), -1);
  assert_int_equal(scan("6", 5), -1);
  assert_int_equal(scan("00:,", 5), -1);
  assert_int_equal(scan("05:", 5), -1);
  assert_int_equal(scan(":,", 5), -1);
  assert_int_equal(scan("-1:", 5), -1);
  assert_int_equal(scan("+1:a,", 5), -1);
  assert_int_equal(scan(" 1:a,", 5), -1);
  assert_int_equal(scan("1 :a,", 5), -1);
  assert_int_equal(scan("1:ab", 5), -1);
  assert_int_equal(scan("0:0", 5), -1);
  assert_int_equal(scan("0000000001:a,", 5), -1);
  assert_int_equal(scan("123456789", (size_t)-1), -1);
  assert_int_equal(scan("99999999999999999999:", (size_t)-1), -1);
  assert_int_equal(scan("12345678:", (size_t)-1), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(writes),
      cmocka_unit_test(scans),
      cmocka_unit_test(refuses),
  };

  return cmocka_run_group_tests(tests, 0, 0);
}
