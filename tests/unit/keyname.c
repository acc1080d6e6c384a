#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "keyname.h"

#include <string.h>

static void is(const char *key, size_t len, const char *name) {
  char out[KEYNAME_MAX + 1];

  assert_int_equal(keyname_encode(out, key, len), strlen(name));
  assert_string_equal(out, name);
}

static void encodes(void **state) {
  (void)state;
  is("monday", 6, "monday");
  is("backups/monday", 14, "backups=2Fmonday");
  is(".", 1, "=2E");
  is("..", 2, "=2E.");
  is(".df", 3, "=2Edf");
  is("a.b", 3, "a.b");
  is("AZaz09-_.,+@~", 13, "AZaz09-_.,+@~");
  is("=", 1, "=3D");
  is("a b", 3, "a=20b");
  is("\0", 1, "=00");
  is("\xc3\xa4\xff", 3, "=C3=A4=FF");
  is("!\"#$%&'()*:;<>?[\\]^`{|}", 23,
     "=21=22=23=24=25=26=27=28=29=2A=3A=3B=3C=3E=3F=5B=5C=5D=5E=60=7B=7C=7D");
}

static void keeps_limits(void **state) {
  char out[KEYNAME_MAX + 1], key[300];

  (void)state;
  memset(key, 'a', sizeof key);
  assert_int_equal(keyname_encode(out, key, 255), 255);
  assert_int_equal(keyname_encode(out, key, 256), 0);
  memset(key, '/', sizeof key);
  assert_int_equal(keyname_encode(out, key, 85), 255);
  assert_int_equal(keyname_encode(out, key, 86), 0);
  assert_int_equal(keyname_encode(out, "", 0), 0);
}

static void checks_keys(void **state) {
  char key[513];

  (void)state;
  assert_null(key_check("a b", 3));
  assert_null(key_check("\xff", 1));
  assert_string_equal(key_check("", 0), "it is empty");
  assert_string_equal(key_check(" a", 2), "it begins with a space or a tab");
  assert_string_equal(key_check("\ta", 2), "it begins with a space or a tab");
  assert_string_equal(key_check("a\n", 2), "it has a control byte in it");
  assert_string_equal(key_check("a\x7f", 2), "it has a control byte in it");
  memset(key, 'a', sizeof key);
  assert_null(key_check(key, 255));
  assert_string_equal(key_check(key, 512),
                      "its encoded name is longer than 255 bytes");
  assert_string_equal(key_check(key, 513), "it is longer than 512 bytes");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(encodes),
      cmocka_unit_test(keeps_limits),
      cmocka_unit_test(checks_keys),
  };

  return cmocka_run_group_tests(tests, 0, 0);
}
