#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "chunkline.h"

#include <string.h>

static void is(const char *before, const char *name, const char *want) {
  const struct trailer t = {.md5 = "5d41402abc4b2a76b9719d911017c592",
                            .length = UINT64_C(999999999999999999)};
  char space[256];
  buffer b = BUFFER_INIT(0, -1, space, sizeof space);

  chunkline_put(&b, before, name, &t);
  assert_int_equal(b.p, strlen(want));
  assert_memory_equal(space, want, b.p);
}

static void makes_a_line(void **state) {
  (void)state;
  is("", "a b", "5d41402abc4b2a76b9719d911017c592 999999999999999999 a b\n");
  is("1 - h", "",
     "1 - h 5d41402abc4b2a76b9719d911017c592 "
     "999999999999999999 \n");
  is("", "a\nb\177\303\244",
     "5d41402abc4b2a76b9719d911017c592 999999999999999999 a?b?\303\244\n");
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(makes_a_line)};

  return cmocka_run_group_tests(tests, 0, 0);
}
