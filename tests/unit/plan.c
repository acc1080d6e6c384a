#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "listtext.h"
#include "plan.h"

#include <stdio.h>
#include <string.h>

static struct plan p;
static struct listtext t;
static char said[1024];
static buffer b = BUFFER_INIT(0, -1, said, sizeof said);
static const struct trailer trailer = {.md5 = "M", .length = 5};

static void is(const char *ip, const char *port, const char *list,
               const char *want) {
  struct complaint wrong;
  size_t at = 0;

  t.len = 0;
  if (*list)
    assert_int_equal(listtext_scan(&t, list, strlen(list), &wrong), 1);
  b.p = 0;
  plan_start(&p, "host", ip, port, t.list, t.len);
  assert_null(plan_put(&p, &b, "name", &trailer));
  /* Each line goes on like this. */
  for (const char *end; *want; want = end + 1) {
    end = strchr(want, '\n');
    assert_memory_equal(said + at, want, end - want);
    at += (size_t)(end - want);
    assert_memory_equal(said + at, " M 5 name\n", 10);
    at += 10;
  }
  assert_int_equal(b.p, at);
}

static void tells_the_first_hop(void **state) {
  (void)state;
  is(0, 0, "", "1 - host\n");
  is("10.0.0.1", 0, "", "1 - host\n");
  is("10.0.0.1", "17478", "", "1 - 10.0.0.1:17478\n");
  is("2001:db8::1", "17478", "", "1 - [2001:db8::1]:17478\n");
}

static void tells_the_others(void **state) {
  (void)state;
  is(0, 0, "a:1\nb:2\nTARGET\n[::1]:3",
     "1 - host\n2 host a:1\n2 host b:2\n3 a:1 [::1]:3\n3 b:2 [::1]:3\n");
  is(0, 0, "a:1\n b:2\n  c:3", "1 - host\n2 host a:1\n3 a:1 b:2\n4 b:2 c:3\n");
  is(0, 0, "a:1\n b:1\nc:1\nTARGET\nd:1\nTARGET\ne:1",
     "1 - host\n2 host a:1\n2 host c:1\n3 a:1 b:1\n4 b:1 d:1\n3 c:1 d:1\n"
     "4 d:1 e:1\n");
}

static void leaves_out_a_host_itself(void **state) {
  (void)state;
  is("10.0.0.1", "1", "10.0.0.1:1\n10.0.0.1:2",
     "1 - 10.0.0.1:1\n2 10.0.0.1:1 10.0.0.1:2\n");
  is("::ffff:10.0.0.1", "1", "10.0.0.1:1", "1 - [::ffff:10.0.0.1]:1\n");
  is("not an address", "1", "a:1",
     "1 - not an address:1\n"
     "2 not an address:1 a:1\n");
}

static void says_where_a_list_ends(void **state) {
  static char text[256 * 13 + 64];
  struct complaint wrong;
  size_t at = (size_t)sprintf(text, "a:1\n");

  (void)state;
  for (int i = 0; i < 255; i++)
    at += (size_t)sprintf(text + at, " b:1\n TARGET\n");
  sprintf(text + at, " c:1\nTARGET\nd:1\n");
  assert_int_equal(listtext_scan(&t, text, strlen(text), &wrong), 1);
  plan_start(&p, "host", 0, 0, t.list, t.len);
  b.p = 0;
  assert_non_null(plan_put(&p, &b, "name", &trailer));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(tells_the_first_hop),
      cmocka_unit_test(tells_the_others),
      cmocka_unit_test(leaves_out_a_host_itself),
      cmocka_unit_test(says_where_a_list_ends),
  };

  return cmocka_run_group_tests(tests, 0, 0);
}
