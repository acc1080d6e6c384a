#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "layout.h"
#include "listtext.h"

static struct listtext t;
static struct layout l;
static char out[LIST_MAX], text[LISTTEXT_MAX];

static void read_list(const char *s) {
  struct complaint c;

  assert_int_equal(listtext_scan(&t, s, strlen(s), &c), 1);
}

static void written(const char *why, size_t len, const char *want) {
  assert_null(why);
  assert_int_equal(l.fault, LAYOUT_NO_ENTRY);
  assert_null(list_check(out, len));
  len = listtext_fmt(text, out, len);
  assert_int_equal(len, strlen(want));
  assert_memory_equal(text, want, len);
}

static void tree(const char *s, uint32_t fanout, const char *want) {
  size_t len = 0;
  const char *why;

  read_list(s);
  why = layout_tree(&l, t.list, t.len, fanout, out, &len);
  written(why, len, want);
}

static void divide(const char *s, const char *want) {
  size_t len = 0;
  const char *why;

  read_list(s);
  why = layout_divide(&l, t.list, t.len, out, &len);
  written(why, len, want);
}

static void test_tree(void **state) {
  (void)state;
  tree("a:1", 1, "a:1\n");
  tree("a:1", 8192, "a:1\n");
  tree("a:1\nb:1\nc:1", 1, "a:1\nTARGET\nb:1\nTARGET\nc:1\n");
  tree("a:1\nb:1\nc:1\nd:1\ne:1\nf:1\ng:1", 2,
       "a:1\n    c:1\n        g:1\n    d:1\nb:1\n    e:1\n    f:1\n");
  tree("a:1\nb:1\nc:1\nd:1", 3, "a:1\n    d:1\nb:1\nc:1\n");
  tree("a:1\nb:1\nc:1\nd:1", 4, "a:1\nb:1\nc:1\nd:1\n");
}

static void test_divide(void **state) {
  (void)state;
  divide("a:1\nb:1", "a:1\nb:1\n");
  divide("a:1\nb:1\nTARGET\nc:1\nd:1\ne:1\nTARGET\nf:1\ng:1\nh:1\ni:1",
         "a:1\n    c:1\n        f:1\n        i:1\n    e:1\n        h:1\n"
         "b:1\n    d:1\n        g:1\n");
  divide("a:1\nb:1\nTARGET\nc:1\nTARGET\nd:1\ne:1",
         "a:1\n    c:1\n        d:1\n        e:1\nb:1\n");
}

static void test_refused(void **state) {
  size_t len;

  (void)state;
  read_list("a:1\nTARGET\nb:1");
  assert_string_equal(
      layout_tree(&l, t.list, t.len, 2, out, &len),
      "it is in a second set: only a flat list can be laid out anew");
  assert_int_equal(l.fault, 1);
  read_list("a:1\nb:1\n c:1");
  assert_string_equal(layout_tree(&l, t.list, t.len, 2, out, &len),
                      "it has a branch: only a flat list can be laid out anew");
  assert_int_equal(l.fault, 1);
  assert_string_equal(
      layout_divide(&l, t.list, t.len, out, &len),
      "it has a branch: only sets without branches can be divided");
  assert_int_equal(l.fault, 1);
  read_list("a:1\nb:1\nTARGET\nc:1\nTARGET\nB:1");
  assert_string_equal(
      layout_divide(&l, t.list, t.len, out, &len),
      "it stands above already: divided, it would be reached twice");
  assert_int_equal(l.fault, 3);
}

static void numbered(char *p, unsigned int i) {
  memcpy(p, "a000:1\n", 7);
  for (int k = 3; k > 0; k--, i /= 10)
    p[k] = (char)('0' + i % 10);
}

static void test_limits(void **state) {
  static char flat[257 * 7 + 1], sets[18 * 14 + 1];
  size_t len;

  (void)state;
  for (unsigned int i = 0; i < 257; i++)
    numbered(flat + (size_t)i * 7, i);
  read_list(flat);
  assert_string_equal(layout_tree(&l, t.list, t.len, 1, out, &len),
                      "laid out so, there are more than 256 sets in a row");
  assert_int_equal(l.fault, 256);
  flat[256 * 7] = 0;
  read_list(flat);
  assert_null(layout_tree(&l, t.list, t.len, 1, out, &len));
  assert_null(list_check(out, len));

  for (unsigned int i = 0; i < 18; i++) {
    numbered(sets + (size_t)i * 14, i);
    memcpy(sets + (size_t)i * 14 + 7, "TARGET\n", 7);
  }
  sets[18 * 14 - 7] = 0;
  read_list(sets);
  assert_string_equal(layout_divide(&l, t.list, t.len, out, &len),
                      "laid out so, branches are nested deeper than 16");
  assert_int_equal(l.fault, 16);
  sets[17 * 14 - 7] = 0;
  read_list(sets);
  assert_null(layout_divide(&l, t.list, t.len, out, &len));
  assert_null(list_check(out, len));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_tree),
      cmocka_unit_test(test_divide),
      cmocka_unit_test(test_refused),
      cmocka_unit_test(test_limits),
  };
  return cmocka_run_group_tests(tests, 0, 0);
}
