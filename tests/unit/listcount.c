#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "listcount.h"
#include "listtext.h"

static struct listtext t;
static struct listcount c;

static void read_list(const char *s) {
  struct complaint wrong;

  assert_int_equal(listtext_scan(&t, s, strlen(s), &wrong), 1);
}

static void counts(const char *s, uint32_t hosts, uint32_t hops,
                   uint64_t deliveries) {
  read_list(s);
  assert_null(listcount(&c, t.list, t.len));
  assert_int_equal(c.hosts, hosts);
  assert_int_equal(c.hops, hops);
  assert_int_equal(c.deliveries, deliveries);
}

static void test_count(void **state) {
  (void)state;
  assert_null(listcount(&c, "", 0));
  assert_int_equal(c.hosts + c.hops + c.deliveries, 0);
  counts("a:1", 1, 1, 1);
  counts("a:1\nb:1\nc:1", 3, 1, 3);
  counts("a:1\nA:2", 2, 1, 2);
  counts("a:1\nTARGET\nb:1\nTARGET\nc:1", 3, 3, 3);
  counts("a:1\nb:1\nTARGET\nc:1\nd:1\ne:1", 5, 2, 8);
  counts("a:1\nb:1\nTARGET\nc:1\nd:1\nTARGET\ne:1\nf:1", 6, 3, 10);
  counts("a:1\n b:1\n c:1\nd:1\n e:1", 5, 2, 5);
}

static void test_branch_then_rest(void **state) {
  (void)state;
  counts("a:1\n x:1\n TARGET\n y:1\nb:1\nTARGET\nc:1", 5, 4, 6);
}

static void test_once(void **state) {
  (void)state;
  /* x has the same list from both */
  counts("a:1\n x:1\nb:1\n x:1\nTARGET\nc:1\nd:1", 5, 3, 6);
  /* x has different ones */
  counts("a:1\n x:1\n  y:1\nb:1\n x:1\nTARGET\nc:1", 5, 4, 7);
  /* none to itself, and so no branch of that */
  counts("a:1\nb:1\nTARGET\na:1\nb:1", 2, 2, 4);
  counts("a:1\n A:1\n  x:1\n b:1", 2, 3, 2);
  counts("a:1\n A:1\n  x:1\nb:1\n a:1\n  x:1", 3, 3, 4);
}

static void each(void *context, uint32_t hop, const struct entry *from,
                 const struct entry *to) {
  char *s = context, a[LIST_TEXT] = "-", b[LIST_TEXT];

  if (from)
    entry_text(from, a);
  entry_text(to, b);
  sprintf(s + strlen(s), "%u %s>%s ", hop, a, b);
}

static void test_each(void **state) {
  static const char list[] = "\0\0\0\x12\0\1a\0\1\0\0\0\0\0\1A\0\1\0\0\0\0";
  char buf[LIST_TEXT], said[256] = "";
  struct entry self;

  (void)state;
  c.each = each;
  c.context = said;
  counts("a:1\n x:1\nb:1\nTARGET\nx:1\ny:1", 4, 3, 6);
  assert_string_equal(
      said, "1 ->a:1 1 ->b:1 2 a:1>x:1 3 x:1>y:1 2 b:1>x:1 2 b:1>y:1 ");
  *said = 0;
  assert_null(entry_scan("A:1", 3, buf, &self));
  c.first = &self;
  counts("a:1\nb:1", 1, 1, 1);
  assert_string_equal(said, "1 ->b:1 ");
  c.first = 0;
  *said = 0;
  /* twice in a head: once */
  assert_null(listcount(&c, list, sizeof list - 1));
  assert_string_equal(said, "1 ->a:1 ");
  assert_int_equal(c.deliveries, 1);
  c.each = 0;
}

static void test_sets(void **state) {
  static char text[4 + 256 * 14 + 32];
  size_t at = 4;

  (void)state;
  memcpy(text, "a:1\n", 4);
  for (int i = 0; i < 255; i++, at += 13)
    memcpy(text + at, " b:1\n TARGET\n", 13);
  memcpy(text + at, " c:1\nTARGET\nd:1\n", 17);
  read_list(text);
  assert_string_equal(
      listcount(&c, t.list, t.len),
      "with what is left of the list it would be sent more than 256 sets");
  assert_int_equal(c.entries, 0);
  memcpy(text + at - 8, "TARGET\nd:1\n", 12);
  read_list(text);
  assert_null(listcount(&c, t.list, t.len));
  assert_int_equal(c.hops, 257);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_count), cmocka_unit_test(test_branch_then_rest),
      cmocka_unit_test(test_once),  cmocka_unit_test(test_each),
      cmocka_unit_test(test_sets),
  };
  return cmocka_run_group_tests(tests, 0, 0);
}
