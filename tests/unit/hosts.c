#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "hosts.h"

static struct hosts h, from;

static int add(const char *name) {
  return hosts_add(&h, name, strlen(name));
}

static int start(void **state) {
  (void)state;
  memset(&h, 0, sizeof h);
  memset(&from, 0, sizeof from);
  return 0;
}

static void each_once(void **state) {
  (void)state;
  assert_int_equal(add("10.0.0.1"), 1);
  assert_int_equal(add("10.0.0.1"), 0);
  assert_int_equal(add("2001:db8::1"), 1);
  assert_int_equal(add("2001:DB8:0::1"), 0);
  assert_int_equal(add("host.example"), 1);
  assert_int_equal(add("HOST.example"), 0);
  assert_int_equal(h.n, 3);
  assert_string_equal(h.at[1].name, "2001:db8::1");
}

static void limits(void **state) {
  char name[HOST_MAX + 2];
  (void)state;
  memset(name, 'a', sizeof name);
  assert_int_equal(hosts_add(&h, name, HOST_MAX + 1), 0);
  assert_int_equal(hosts_add(&h, name, HOST_MAX), 1);
  assert_int_equal(strlen(h.at[0].name), HOST_MAX);
  for (int i = 1; i < HOSTS_MAX; ++i) {
    snprintf(name, sizeof name, "h%d", i);
    assert_int_equal(add(name), 1);
  }
  assert_int_equal(add("one-more"), 0);
  assert_int_equal(h.n, HOSTS_MAX);
}

static void of_a_header(void **state) {
  static const char header[] = "Backup-Host: b\nX: y\nHost: a\nbackup-host: c\n"
                               "Backup-Host: given\nBackup-Host: A\n";
  static const char *const want[] = {"given", "a", "b", "c"};
  (void)state;
  add("given");
  hosts_add_header(&h, header, sizeof header - 1);
  assert_int_equal(h.n, 4);
  for (size_t i = 0; i < h.n; ++i)
    assert_string_equal(h.at[i].name, want[i]);
}

static void order(void **state) {
  (void)state;
  assert_int_equal(hosts_next(&h), 0);
  add("a");
  add("b");
  add("c");
  assert_int_equal(hosts_next(&h), 0);
  h.at[0].state = HOST_LATE;
  assert_int_equal(hosts_next(&h), 1);
  h.at[1].state = HOST_FAILED;
  assert_int_equal(hosts_next(&h), 2);
  h.at[2].state = HOST_UNREACHABLE;
  assert_int_equal(hosts_next(&h), 0);
  h.at[0].state = HOST_UNREACHABLE;
  assert_int_equal(hosts_next(&h), h.n);
  hosts_again(&h);
  assert_int_equal(hosts_next(&h), 1);
  assert_int_equal(h.at[0].state, HOST_UNREACHABLE);
}

static void recall(void **state) {
  (void)state;
  hosts_add(&from, "B", 1);
  from.at[0].state = HOST_FAILED;
  hosts_add(&from, "x", 1);
  from.at[1].state = HOST_UNREACHABLE;
  add("a");
  add("b");
  hosts_recall(&h, &from);
  assert_int_equal(h.at[0].state, HOST_NEW);
  assert_int_equal(h.at[1].state, HOST_FAILED);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(each_once, start),
      cmocka_unit_test_setup(limits, start),
      cmocka_unit_test_setup(of_a_header, start),
      cmocka_unit_test_setup(order, start),
      cmocka_unit_test_setup(recall, start),
  };
  return cmocka_run_group_tests(tests, 0, 0);
}
