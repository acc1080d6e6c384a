#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "jsonread.h"

static void reads(void **state) {
  json_t *j = jsonread("{\"a\":[1,2]}x", 11);
  (void)state;
  assert_non_null(j);
  assert_int_equal(json_array_size(json_object_get(j, "a")), 2);
  json_decref(j);
  assert_null(jsonread("{\"a\":", 5));
  assert_null(jsonread("", 0));
}

/* Objects, three bytes each, need a hundred times that: refused, and what is
 * small can be read after it. */
static void memory_is_bounded(void **state) {
  const size_t n = 1048577;
  char *s = malloc(n);
  json_t *j;
  (void)state;
  assert_non_null(s);
  for (size_t i = 0; i < n; ++i)
    s[i] = "{},"[i % 3];
  s[0] = '[';
  s[1] = '0';
  s[n - 2] = '0';
  s[n - 1] = ']';
  assert_null(jsonread(s, n));
  for (int i = 0; i < 100; ++i) {
    j = jsonread("[{},{}]", 7);
    assert_non_null(j);
    json_decref(j);
  }
  free(s);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reads),
      cmocka_unit_test(memory_is_bounded),
  };
  return cmocka_run_group_tests(tests, 0, 0);
}
