#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "network.h"

static void networks(void **state) {
  static const char *const of[][2] = {
      {"10.0.0.9", "10.0.0.9"},
      {"::ffff:10.0.0.9", "10.0.0.9"},
      {"::ffff:a00:9", "10.0.0.9"},
      {"2001:db8::9", "2001:db8::"},
      {"2001:db8::1:2:3:4", "2001:db8::"},
      {"2001:DB8:0:1::", "2001:db8:0:1::"},
      {"2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::"},
      {"::1", "::"},
      {"fe80::1%eth0", "fe80::"},
      {"ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255",
       "ffff:ffff:ffff:ffff::"},
  };
  char out[NETWORK_TEXT];
  (void)state;
  for (size_t i = 0; i < sizeof of / sizeof *of; ++i) {
    assert_int_equal(network_of(out, of[i][0]), 1);
    assert_string_equal(out, of[i][1]);
  }
}

static void none(void **state) {
  static const char *const bad[] = {
      "",           "-",
      "%",          "10.0.0",
      "10.0.0.9 ",  "2001:db8::9::",
      "../../x",    "a\nb",
      "localhost",  "[::1]",
      "10.0.0.9:1", "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.2555555"};
  char out[NETWORK_TEXT];
  (void)state;
  for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i)
    assert_int_equal(network_of(out, bad[i]), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(networks),
                                     cmocka_unit_test(none)};
  return cmocka_run_group_tests(tests, 0, 0);
}
