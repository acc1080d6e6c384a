#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hex.h"

#include <string.h>

static void both_ways(void **state) {
  unsigned char all[256], back[256];
  char text[513];
  (void)state;
  for (int i = 0; i < 256; ++i)
    all[i] = (unsigned char)i;
  hex_fmt(text, all, 256);
  assert_int_equal(strlen(text), 512);
  assert_memory_equal(text, "000102", 6);
  assert_memory_equal(text + 506, "fdfeff", 6);
  assert_int_equal(hex_scan(back, text, 256), 1);
  assert_memory_equal(back, all, 256);
  hex_fmt(text, all, 0);
  assert_string_equal(text, "");
}

static void no_other_digits(void **state) {
  (void)state;
  for (int c = 0; c < 256; ++c) {
    unsigned char out[2];
    char text[4] = {'0', '0', '0', '0'};
    int good = c && strchr("0123456789abcdef", c) != 0;
    for (int i = 0; i < 4; ++i) {
      text[i] = (char)c;
      assert_int_equal(hex_scan(out, text, 2), good);
      text[i] = '0';
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(both_ways),
      cmocka_unit_test(no_other_digits),
  };
  return cmocka_run_group_tests(tests, 0, 0);
}
