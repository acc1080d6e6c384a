#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "md5set.h"

#include <stdlib.h>
#include <string.h>

/* The MD5 number i: scattered, so that they do not come in order. */
static const unsigned char *md5(unsigned int i) {
  static unsigned char m[MD5SET_BYTES];
  memset(m, 0, sizeof m);
  for (int b = 0; b < 4; ++b)
    m[b == 3 ? 15 : b] = (unsigned char)(i * 2654435761u >> 8 * b);
  return m;
}

static int has(const struct md5set *s, unsigned int i) {
  size_t at = 0;
  return md5set_find(s->md5s, s->n, &at, md5(i));
}

static void empty(void **state) {
  struct md5set s = {0};
  (void)state;
  assert_int_equal(md5set_settle(&s), 0);
  assert_int_equal(s.n, 0);
  assert_int_equal(has(&s, 1), 0);
  assert_int_equal(md5set_put(&s, md5(1), 0), 0);
  assert_int_equal(md5set_settle(&s), 0);
  assert_int_equal(s.n, 0);
  md5set_free(&s);
}

static void the_last_word_counts(void **state) {
  struct md5set s = {0};
  (void)state;
  md5set_put(&s, md5(1), 1);
  md5set_put(&s, md5(1), 0);
  md5set_put(&s, md5(2), 0);
  md5set_put(&s, md5(2), 1);
  md5set_put(&s, md5(2), 1);
  assert_int_equal(md5set_settle(&s), 0);
  assert_int_equal(s.n, 1);
  assert_int_equal(has(&s, 1), 0);
  assert_int_equal(has(&s, 2), 1);
  md5set_put(&s, md5(2), 1);
  md5set_put(&s, md5(2), 0);
  md5set_put(&s, md5(1), 1);
  assert_int_equal(md5set_settle(&s), 0);
  assert_int_equal(s.n, 1);
  assert_int_equal(has(&s, 1), 1);
  md5set_free(&s);
}

/* Against a table, over many times the room for changes. */
static void many(void **state) {
  enum { KINDS = 100000, PUTS = 400000 };
  static unsigned char is[KINDS];
  struct md5set s = {0};
  size_t n = 0;
  unsigned int seed = 1;
  (void)state;
  for (int i = 0; i < PUTS; ++i) {
    unsigned int k;
    seed = seed * 1103515245 + 12345;
    k = (seed >> 8) % KINDS;
    is[k] = seed >> 30 != 0;
    assert_int_equal(md5set_put(&s, md5(k), is[k]), 0);
    if (i == PUTS / 2 || i == PUTS / 2 + 1)
      assert_int_equal(md5set_settle(&s), 0);
  }
  assert_int_equal(md5set_settle(&s), 0);
  assert_int_equal(md5set_is_sorted(s.md5s, s.n), 1);
  for (unsigned int k = 0; k < KINDS; ++k) {
    n += is[k];
    if (k % 100 == 0)
      assert_int_equal(has(&s, k), is[k]);
  }
  assert_int_equal(s.n, n);
  for (unsigned int k = 0; k < KINDS; ++k)
    assert_int_equal(md5set_put(&s, md5(k), 0), 0);
  assert_int_equal(md5set_settle(&s), 0);
  assert_int_equal(s.n, 0);
  md5set_free(&s);
}

static void order(void **state) {
  unsigned char m[3 * MD5SET_BYTES] = {0};
  size_t at = 0;
  (void)state;
  m[MD5SET_BYTES - 1] = 1;
  m[2 * MD5SET_BYTES - 1] = 2;
  m[3 * MD5SET_BYTES - 1] = 3;
  assert_int_equal(md5set_is_sorted(m, 3), 1);
  assert_int_equal(md5set_is_sorted(m, 0), 1);
  assert_int_equal(md5set_find(m, 3, &at, m + MD5SET_BYTES), 1);
  assert_int_equal(at, 1);
  assert_int_equal(md5set_find(m, 3, &at, m + 2 * MD5SET_BYTES), 1);
  m[2 * MD5SET_BYTES - 1] = 1; /* the same twice */
  assert_int_equal(md5set_is_sorted(m, 3), 0);
  m[2 * MD5SET_BYTES - 1] = 4;
  assert_int_equal(md5set_is_sorted(m, 3), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(empty),
      cmocka_unit_test(the_last_word_counts),
      cmocka_unit_test(many),
      cmocka_unit_test(order),
  };
  return cmocka_run_group_tests(tests, 0, 0);
}
