#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <cmocka.h>

#include "entry.h"

static const char *scan(const char *s, struct entry *e) {
  static char buf[LIST_TEXT];

  return entry_scan(s, strlen(s), buf, e);
}

static void comes_back(const char *s, unsigned char kind, const char *host,
                       const char *text) {
  struct entry e;
  char out[LIST_TEXT];

  assert_null(scan(s, &e));
  assert_int_equal(e.kind, kind);
  assert_int_equal(e.branch_len, 0);
  assert_int_equal(entry_host(&e, out), strlen(host));
  assert_string_equal(out, host);
  assert_int_equal(entry_text(&e, out), strlen(text));
  assert_string_equal(out, text);
}

static void test_forms(void **state) {
  (void)state;
  comes_back("1.2.3.4:1", 4, "1.2.3.4", "1.2.3.4:1");
  comes_back("[1::0:2]:65535", 6, "1::2", "[1::2]:65535");
  comes_back("[::]:7", 6, "::", "[::]:7");
  comes_back("[::FFFF:1.2.3.4]:7", 6, "::ffff:1.2.3.4", "[::ffff:1.2.3.4]:7");
  comes_back("A.b-:17478", 0, "A.b-", "A.b-:17478");
  comes_back("1.2.3.4.:1", 0, "1.2.3.4.", "1.2.3.4.:1");
}

/* What stands behind an address must not matter. */
static void test_ip6(void **state) {
  char address[32], back[16], out[LIST_TEXT];
  const struct entry e = {
      .kind = 6, .address = address, .address_len = 16, .port = 1};

  (void)state;
  srand(1);
  for (int i = 0; i < 100000; i++) {
    for (int k = 0; k < 32; k += 2) {
      const int v = k < 16 && (i >> k / 2 & 1) ? 0 : 1 + rand() % 65535;
      address[k] = (char)(v >> 8);
      address[k + 1] = (char)v;
    }
    assert_true(entry_host(&e, out) <= 45);
    assert_int_equal(inet_pton(AF_INET6, out, back), 1);
    assert_memory_equal(back, address, 16);
  }
}

static void test_refused(void **state) {
  static const struct {
    const char *text, *why;
  } bad[] = {
      {"", "the port is missing"},
      {"a", "the port is missing"},
      {"a:", "the port is missing"},
      {"[::1]", "the port is missing"},
      {"[::1]:", "the port is missing"},
      {":1", "the address is missing"},
      {"[]:1", "the address is missing"},
      {"a:0", "the port is not a number from 1 to 65535"},
      {"a:65536", "the port is not a number from 1 to 65535"},
      {"a:1 ", "the port is not a number from 1 to 65535"},
      {"[::1:1", "the bracket is not closed"},
      {"[::1]1:1", "something else than a port follows the bracket"},
      {"::1:1", "an IPv6 address needs brackets"},
      {"2001:db8::1", "an IPv6 address needs brackets"},
      {"[::g]:1", "this is no IPv6 address"},
      {"[::1%lo]:1", "this is no IPv6 address"},
      {"[1.2.3.4]:1", "this is no IPv6 address"},
      {"1.2.3.256:1", "this is no IPv4 address and no host name"},
      {"1.2.3.04:1", "this is no IPv4 address and no host name"},
      {"127.1:1", "this is no IPv4 address and no host name"},
      {"2130706433:1", "this is no IPv4 address and no host name"},
      {"-a:1", "this is no IPv4 address and no host name"},
      {"a:b:1", "this is no IPv4 address and no host name"},
      {"a b:1", "this is no IPv4 address and no host name"},
  };
  struct entry e;
  char buf[LIST_TEXT];

  (void)state;
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    const char *why = scan(bad[i].text, &e);
    assert_non_null(why);
    assert_string_equal(why, bad[i].why);
  }
  assert_non_null(entry_scan("1.2.3.4\0:1", 10, buf, &e));
  assert_non_null(entry_scan("[::1\0]:1", 8, buf, &e));
  assert_non_null(entry_scan("a:1\0", 4, buf, &e));
}

static int valid(const char *s) {
  return list_name_valid(s, strlen(s));
}

static void test_name(void **state) {
  char s[254];

  (void)state;
  memset(s, 'a', sizeof s);
  assert_int_equal(list_name_valid(s, 253), 1);
  assert_int_equal(list_name_valid(s, 254), 0);
  assert_int_equal(list_name_valid("a\0b", 3), 0);
  assert_true(valid("a") && valid("a.") && valid("a..") && valid("9z"));
  assert_true(valid("1.") && valid("a.1b") && valid("1-") && valid("a..b"));
  assert_true(valid("Z.z-0.9-"));
  assert_false(valid("") || valid(".") || valid(".a") || valid("-a"));
  assert_false(valid("1") || valid("a.1") || valid("a_b") || valid("a b"));
  assert_false(valid("a/b") || valid("a@") || valid("a[") || valid("a\200"));
}

static void test_same(void **state) {
  struct entry a = {.kind = 0, .address = "aB", .address_len = 2, .port = 1};
  struct entry b = {.kind = 0, .address = "Ab", .address_len = 2, .port = 1};

  (void)state;
  assert_int_equal(entry_same(&a, &b), 1);
  b.port = 2;
  assert_int_equal(entry_same(&a, &b), 0);
  b = a;
  b.address = "Ac";
  assert_int_equal(entry_same(&a, &b), 0);
  b = a;
  b.address_len = 1;
  assert_int_equal(entry_same(&a, &b), 0);
  a.kind = b.kind = 4;
  a.address_len = b.address_len = 4;
  a.address = "abcd";
  b.address = "abcD";
  assert_int_equal(entry_same(&a, &b), 0);
  b.address = "abcd";
  assert_int_equal(entry_same(&a, &b), 1);
  b.kind = 0;
  assert_int_equal(entry_same(&a, &b), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_forms),   cmocka_unit_test(test_ip6),
      cmocka_unit_test(test_refused), cmocka_unit_test(test_name),
      cmocka_unit_test(test_same),
  };
  return cmocka_run_group_tests(tests, 0, 0);
}
