#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "template.h"

static const struct template_value values[] = {
    {'a', "user"}, {'b', ""}, {'c', "%a"}};

static ssize_t fill(char *out, size_t max, const char *text) {
  return template_fill(out, max, text, values, 3);
}

static void test_fill(void **state) {
  char out[16];
  (void)state;
  assert_int_equal(fill(out, 16, ""), 0);
  assert_string_equal(out, "");
  assert_int_equal(fill(out, 16, "as %a, %b."), 10);
  assert_string_equal(out, "as user, .");
  assert_int_equal(fill(out, 16, "%a%a"), 8);
  assert_string_equal(out, "useruser");
  assert_int_equal(fill(out, 16, "%%%c"), 3);
  assert_string_equal(out, "%%a"); /* a value is not filled in itself */
}

static void test_wrong(void **state) {
  char out[16] = "###############";
  (void)state;
  assert_int_equal(fill(out, 16, "%x"), -1);
  assert_int_equal(fill(out, 16, "a %"), -1);
  assert_int_equal(fill(out, 5, "%a"), 4);
  memset(out, '#', sizeof out);
  assert_int_equal(fill(out, 4, "%a"), -1);
  assert_int_equal(out[4], '#');
  assert_int_equal(fill(out, 4, "1234"), -1);
  assert_int_equal(fill(out, 4, "123"), 3);
  assert_int_equal(fill(out, 0, ""), -1);
  assert_int_equal(out[4], '#');
}

static void test_plain(void **state) {
  static const char *const good[] = {"/srv/a-b_c.d", "2001:db8::1", "10.0.0.1",
                                     "www-data", "a,b+c@d"};
  static const char *const bad[] = {"",    "-a",  "a b",     "a'b",
                                    "$a",  "a\n", "a;b",     "a\"",
                                    "a\\", "a%b", "\xc3\xa4"};
  (void)state;
  for (size_t i = 0; i < sizeof good / sizeof *good; ++i)
    assert_int_equal(template_plain(good[i]), 1);
  for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i)
    assert_int_equal(template_plain(bad[i]), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_fill),
      cmocka_unit_test(test_wrong),
      cmocka_unit_test(test_plain),
  };
  return cmocka_run_group_tests(tests, 0, 0);
}
