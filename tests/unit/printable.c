#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "printable.h"

static void shows(const char *s, size_t len, const char *want) {
  char out[PRINTABLE_MAX];

  memset(out, '#', sizeof out);
  assert_ptr_equal(printable(out, s, len), out);
  assert_string_equal(out, want);
}

static void test_bytes(void **state) {
  (void)state;
  shows("", 0, "");
  shows("!a~", 3, "!a~");
  shows("a b c", 5, "a b c");
  shows("a  b", 4, "a??b");
  shows(" a ", 3, "?a?");
  shows(" ", 1, "?");
  shows("a\0b\n\033\177\200\377", 8, "a?b?????");
  shows("a \nb", 4, "a??b");
}

static void test_cut(void **state) {
  char s[200], want[PRINTABLE_MAX];

  (void)state;
  memset(s, 'x', sizeof s);
  memset(want, 'x', 100);
  want[100] = 0;
  shows(s, 100, want);
  memcpy(want + 100, "...", 4);
  shows(s, 101, want);
  shows(s, 200, want);
  s[99] = want[99] = ' ';
  shows(s, 200, want);
  want[99] = '?';
  want[100] = 0;
  shows(s, 100, want);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_bytes),
      cmocka_unit_test(test_cut),
  };
  return cmocka_run_group_tests(tests, 0, 0);
}
