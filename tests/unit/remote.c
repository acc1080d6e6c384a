#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "remote.h"

#include <stdlib.h>

static void takes_a_good_name_first(void **state) {
  (void)state;
  unsetenv("TCPREMOTEHOST");
  unsetenv("TCPREMOTEIP");
  assert_null(remote_host());
  setenv("TCPREMOTEIP", "", 1);
  assert_null(remote_host());
  setenv("TCPREMOTEIP", "::1", 1);
  assert_string_equal(remote_host(), "::1");
  setenv("TCPREMOTEHOST", "h_x", 1);
  assert_string_equal(remote_host(), "::1");
  setenv("TCPREMOTEHOST", "h.example", 1);
  assert_string_equal(remote_host(), "h.example");
}

static void takes_nothing_for_empty(void **state) {
  (void)state;
  setenv("TCPREMOTEPORT", "", 1);
  assert_null(remote_environment("TCPREMOTEPORT"));
  setenv("TCPREMOTEPORT", "1", 1);
  assert_string_equal(remote_environment("TCPREMOTEPORT"), "1");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(takes_a_good_name_first),
      cmocka_unit_test(takes_nothing_for_empty),
  };

  return cmocka_run_group_tests(tests, 0, 0);
}
