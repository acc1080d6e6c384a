#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "targets.h"

static char list[LIST_MAX];
static size_t len, set_at;
static struct targets t;

static void u32(size_t at, size_t u) {
  for (int i = 3; i >= 0; --i, u >>= 8)
    list[at + (size_t)i] = (char)u;
}

static void set(void) {
  set_at = len;
  len += 4;
}

/* An entry of the set that was begun last. */
static void entry(const char *text, const char *branch, size_t branch_len) {
  char buf[LIST_TEXT];
  struct entry e;
  assert_null(entry_scan(text, strlen(text), buf, &e));
  list[len++] = (char)e.kind;
  if (!e.kind)
    list[len++] = (char)e.address_len;
  memcpy(list + len, e.address, e.address_len);
  len += e.address_len;
  list[len++] = (char)(e.port >> 8);
  list[len++] = (char)e.port;
  u32(len, branch_len);
  len += 4;
  memcpy(list + len, branch, branch_len);
  len += branch_len;
  u32(set_at, len - set_at - 4);
}

static void scan(void) {
  assert_null(list_check(list, len));
  targets_scan(&t, list, len);
}

static void is(uint32_t i, uint16_t place, const char *text) {
  struct entry e;
  char out[LIST_TEXT];
  assert_true(i < t.n);
  targets_entry(&t, i, &e);
  entry_text(&e, out);
  assert_string_equal(out, text);
  assert_int_equal(t.t[i].entry, place);
}

static int start(void **state) {
  (void)state;
  len = 0;
  return 0;
}

static void an_empty_list(void **state) {
  (void)state;
  scan();
  assert_int_equal(t.n, 0);
  assert_int_equal(t.rest_len, 0);
}

static void the_head_and_the_rest(void **state) {
  size_t rest;
  char branch[15];
  struct entry e;
  (void)state;
  set();
  entry("10.9.9.9:9", "", 0);
  memcpy(branch, list, sizeof branch);
  len = 0;
  set();
  entry("10.0.0.1:1", "", 0);
  entry("[2001:db8::1]:2", branch, sizeof branch);
  entry("host.example:3", "", 0);
  rest = len;
  set();
  entry("10.0.0.4:4", "", 0);
  set();
  entry("10.0.0.5:5", "", 0);
  scan();
  assert_int_equal(t.n, 3);
  is(0, 0, "10.0.0.1:1");
  is(1, 1, "[2001:db8::1]:2");
  is(2, 2, "host.example:3");
  targets_entry(&t, 1, &e);
  assert_int_equal(e.branch_len, sizeof branch);
  assert_memory_equal(e.branch, branch, sizeof branch);
  assert_ptr_equal(t.rest, list + rest);
  assert_int_equal(t.rest_len, len - rest);
}

/* The first of those that are the same is used. */
static void each_once(void **state) {
  (void)state;
  set();
  entry("10.0.0.1:1", "", 0);
  entry("host.example:1", "", 0);
  entry("10.0.0.1:1", "", 0);
  entry("10.0.0.1:2", "", 0);
  entry("HOST.example:1", "", 0);
  entry("[::10.0.0.1]:1", "", 0);
  entry("10.0.0.1:1", "", 0);
  entry("host.example:2", "", 0);
  scan();
  assert_int_equal(t.n, 5);
  is(0, 0, "10.0.0.1:1");
  is(1, 1, "host.example:1");
  is(2, 3, "10.0.0.1:2");
  is(4, 7, "host.example:2");
}

/* As many as there may be, and as many of the same. */
static void the_most(void **state) {
  char text[32];
  (void)state;
  for (int same = 0; same < 2; ++same) {
    len = 0;
    set();
    for (int i = 0; i < LIST_ENTRIES; ++i) {
      uint32_t u = same ? 0 : (uint32_t)i * 2654435761u;
      snprintf(text, sizeof text, "10.%u.%u.%u:7", (unsigned)(u >> 24),
               (unsigned)(u >> 16 & 255), (unsigned)(u >> 8 & 255));
      entry(text, "", 0);
    }
    scan();
    assert_int_equal(t.n, same ? 1 : LIST_ENTRIES);
    for (uint32_t i = 0; i < t.n; ++i)
      assert_int_equal(t.t[i].entry, i);
    is(t.n - 1, (uint16_t)(t.n - 1), same ? "10.0.0.0:7" : text);
  }
}

static int odd_port(void *context, const struct entry *e) {
  ++*(int *)context;
  return e->port % 2;
}

static int none(void *context, const struct entry *e) {
  (void)context;
  (void)e;
  return 0;
}

static void filters(void **state) {
  char text[32];
  int asked = 0;
  (void)state;
  set();
  for (int i = 1; i <= 7; ++i) {
    snprintf(text, sizeof text, "10.0.0.9:%d", i);
    entry(text, "", 0);
  }
  scan();
  targets_filter(&t, odd_port, &asked);
  assert_int_equal(asked, 7);
  assert_int_equal(t.n, 4);
  is(0, 0, "10.0.0.9:1");
  is(1, 2, "10.0.0.9:3");
  is(3, 6, "10.0.0.9:7");
  targets_filter(&t, none, 0);
  assert_int_equal(t.n, 0);
  scan();
  targets_filter(&t, none, 0);
  assert_int_equal(t.n, 0);
}

static int same(const char *text, const char *ip, uint16_t port) {
  char buf[LIST_TEXT];
  struct entry e;
  assert_null(entry_scan(text, strlen(text), buf, &e));
  return entry_is(&e, ip, port);
}

static void is_this_address(void **state) {
  (void)state;
  assert_int_equal(same("10.0.0.1:7", "10.0.0.1", 7), 1);
  assert_int_equal(same("10.0.0.1:7", "10.0.0.1", 8), 0);
  assert_int_equal(same("10.0.0.1:7", "10.0.0.2", 7), 0);
  assert_int_equal(same("10.0.0.1:7", "", 7), 0);
  assert_int_equal(same("10.0.0.1:7", 0, 7), 0);
  assert_int_equal(same("10.0.0.1:7", "10.0.0.1 ", 7), 0);
  assert_int_equal(same("[2001:db8::1]:7", "2001:0DB8:0:0::1", 7), 1);
  assert_int_equal(same("[2001:db8::1]:7", "2001:db8::2", 7), 0);
  assert_int_equal(same("[2001:db8::1]:7", "10.0.0.1", 7), 0);
  assert_int_equal(same("[::ffff:10.0.0.1]:7", "10.0.0.1", 7), 1);
  assert_int_equal(same("host.example:7", "host.example", 7), 0);
  assert_int_equal(same("[::]:7", "", 7), 0);
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup(f, start)
  const struct CMUnitTest tests[] = {
      TEST(an_empty_list), TEST(the_head_and_the_rest),
      TEST(each_once),     TEST(the_most),
      TEST(filters),       TEST(is_this_address),
  };
  return cmocka_run_group_tests(tests, 0, 0);
}
