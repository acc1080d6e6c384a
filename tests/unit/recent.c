#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "recent.h"
#include "store.h"

#define LIST "d41d8cd98f00b204e9800998ecf8427e"
#define OTHER "5d41402abc4b2a76b9719d911017c592"

static void remembers(void **state) {
  struct recent a, b, c;
  struct stat st;
  (void)state;
  assert_null(store_open());
  recent_key(&a, "Host: a\n", 8, LIST);
  recent_key(&b, "Host: b\n", 8, LIST);
  recent_key(&c, "Host: a\n", 8, OTHER);
  assert_int_equal(recent_seen(&a), 0);
  recent_add(&a);
  assert_int_equal(recent_seen(&a), 1);
  assert_int_equal(recent_seen(&b), 0);
  assert_int_equal(recent_seen(&c), 0);
  for (unsigned int i = 0; i < 1000; ++i) {
    char header[32];
    int len = snprintf(header, sizeof header, "Host: %u\n", i);
    recent_key(&b, header, (size_t)len, LIST);
    recent_add(&b);
    assert_int_equal(recent_seen(&b), 1);
  }
  assert_int_equal(stat(".df/recent", &st), 0);
  assert_true(st.st_size <= RECENT_SLOTS * 8);
}

/* A newer one in the same slot takes the place. */
static void forgets(void **state) {
  struct recent a = {"0123456789abcdef"}, b = {"fedcba9889abcdef"};
  (void)state;
  recent_add(&a);
  recent_add(&b);
  assert_int_equal(recent_seen(&a), 0);
  assert_int_equal(recent_seen(&b), 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(remembers),
                                     cmocka_unit_test(forgets)};
  return cmocka_run_group_tests(tests, 0, 0);
}
