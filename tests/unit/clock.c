#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "clock.h"

static uint64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static void is_monotonic_in_ms(void **state) {
  (void)state;
  for (int i = 0; i < 1000; ++i) {
    uint64_t before = now(), got = clock_ms(), after = now();
    assert_true(before <= got && got <= after);
  }
}

static void waits_that_long(void **state) {
  uint64_t start = clock_ms(), took;
  (void)state;
  clock_wait(30);
  took = clock_ms() - start;
  assert_in_range(took, 29, 10000);
  start = clock_ms();
  for (int i = 0; i < 100; ++i)
    clock_wait(0);
  assert_true(clock_ms() - start < 10000);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(is_monotonic_in_ms),
      cmocka_unit_test(waits_that_long),
  };
  return cmocka_run_group_tests(tests, 0, 0);
}
