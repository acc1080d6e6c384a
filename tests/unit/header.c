#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "header.h"

#include <string.h>

#define STAMP "Stamp: @400000006760e4800000000a\n"
#define MD5 "5d41402abc4b2a76b9719d911017c592"
#define SHA "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
#define BASE "Host: 10.0.0.1\n" STAMP
#define STORED                                                                 \
  BASE "Content-Length: 5\nmd5hash: " MD5                                      \
       "\nStored: @400000006760e4800000000b\n"

static const char *scan(const char *s, enum header_kind kind) {
  struct header h;

  return header_scan(s, strlen(s), kind, &h);
}

#define good(s) assert_null(scan(s, HEADER_STREAM))
#define bad(s, why) assert_string_equal(scan(s, HEADER_STREAM), why)

static void walks_lines(void **state) {
  static const char h[] = "A: b\nC:\t d e\nF:\n";
  struct field f;
  size_t pos = 0;

  (void)state;
  assert_int_equal(header_next(h, strlen(h), &pos, &f), 1);
  assert_true(field_is(&f, "a"));
  assert_false(field_is(&f, "ab"));
  assert_memory_equal(f.value, "b", f.value_len);
  assert_int_equal(f.line_len, 5);
  assert_int_equal(header_next(h, strlen(h), &pos, &f), 1);
  assert_int_equal(f.value_len, 3);
  assert_memory_equal(f.value, "d e", 3);
  assert_int_equal(header_next(h, strlen(h), &pos, &f), 1);
  assert_int_equal(f.value_len, 0);
  assert_int_equal(header_next(h, strlen(h), &pos, &f), 0);
}

static void scans_all_lines(void **state) {
  static const char s[] = "kEY:  \tmonday\nHOST: h.example\n" STAMP
                          "Content-Length: 5\nCache-Time: 0\n"
                          "TTL: 999999999999999999\nmd5hash: " MD5
                          "\nSHA-256: " SHA "\nData: none\nX-Colour:blue\n"
                          "Backup-Host: 2001:db8::1\n";
  struct header h;

  (void)state;
  assert_null(header_scan(s, strlen(s), HEADER_STREAM, &h));
  assert_int_equal(h.key_len, 6);
  assert_memory_equal(h.key, "monday", 6);
  assert_memory_equal(h.host, "h.example", h.host_len);
  assert_string_equal(h.stamp, "@400000006760e4800000000a");
  assert_string_equal(h.md5, MD5);
  assert_string_equal(h.sha256, SHA);
  assert_true(h.has_length && h.length == 5);
  assert_true(h.has_cache_time && h.cache_time == 0);
  assert_true(h.has_ttl && h.ttl == 999999999999999999);
  assert_int_equal(h.data_none, 1);
}

static void scans_the_least(void **state) {
  struct header h;

  (void)state;
  assert_null(header_scan(BASE, strlen(BASE), HEADER_STREAM, &h));
  assert_null(h.key);
  assert_false(h.has_length || h.has_cache_time || h.has_ttl || h.data_none);
  assert_string_equal(h.md5, "");
  assert_string_equal(h.sha256, "");
}

static void refuses_form(void **state) {
  (void)state;
  bad("", "empty header");
  bad(BASE "X: y", "malformed header line");
  bad(BASE "X\n", "malformed header line");
  bad(BASE ": y\n", "malformed header line");
  bad(BASE "X : y\n", "malformed header line");
  bad(BASE "X\x80: y\n", "malformed header line");
  bad(BASE "\n", "malformed header line");
  bad(BASE "X: a\tb\n", "malformed header line");
  bad(BASE "X: a\rb\n", "malformed header line");
  bad(BASE "X: a\x7f\n", "malformed header line");
  good(BASE "X: a\xff\n");
  good(BASE "!x~: y\n");
}

static void refuses_nul(void **state) {
  static const char s[] = BASE "X: a\0b\n";
  struct header h;

  (void)state;
  assert_string_equal(header_scan(s, sizeof s - 1, HEADER_STREAM, &h),
                      "malformed header line");
}

static void refuses_repeats(void **state) {
  (void)state;
  bad(BASE "Key: a\nKey: b\n", "more than one key");
  bad(BASE "Host: a\n", "line twice in header");
  bad(BASE STAMP, "line twice in header");
  bad(BASE "TTL: 1\nttl: 1\n", "line twice in header");
  bad(BASE "Cache-Time: 1\nCache-Time: 1\n", "line twice in header");
  bad(BASE "Content-Length: 1\nContent-Length: 1\n", "line twice in header");
  bad(BASE "md5hash: " MD5 "\nmd5hash: " MD5 "\n", "line twice in header");
  bad(BASE "SHA-256: " SHA "\nSHA-256: " SHA "\n", "line twice in header");
  bad(BASE "Data: none\nData: none\n", "line twice in header");
  good(BASE "X: 1\nX: 1\nBackup-Host: a\nBackup-Host: a\n");
}

static void refuses_values(void **state) {
  (void)state;
  bad(STAMP, "header without Host");
  bad("Host: a\n", "header without Stamp");
  bad(BASE "Key:\n", "key is empty or too long");
  bad("Host: a_b\n" STAMP, "bad Host");
  bad(BASE "Backup-Host:\n", "bad Backup-Host");
  bad(BASE "TTL: 1234567890123456789\n", "bad number in header");
  bad(BASE "TTL: +1\n", "bad number in header");
  bad(BASE "TTL: 1 \n", "bad number in header");
  bad(BASE "md5hash: 5D41402ABC4B2A76B9719D911017C592\n", "bad md5hash");
  bad(BASE "md5hash: " MD5 "0\n", "bad md5hash");
  bad(BASE "SHA-256: " MD5 "\n", "bad SHA-256");
  bad(BASE "Data: some\n", "bad Data line");
  bad("Host: a\nStamp: @400000006760e4800000000A\n", "bad Stamp");
}

static void keeps_limits(void **state) {
  char s[HEADER_MAX + 64];
  struct header h;
  size_t len = strlen(BASE);
  unsigned int i;

  (void)state;
  memcpy(s, BASE, len);
  for (i = 2; i < HEADER_LINES; i++, len += 4)
    memcpy(s + len, "X:1\n", 4);
  assert_null(header_scan(s, len, HEADER_STREAM, &h));
  memcpy(s + len, "X:1\n", 4);
  assert_string_equal(header_scan(s, len + 4, HEADER_STREAM, &h),
                      "too many header lines");
  len = strlen(BASE);
  memset(s + len, 'x', sizeof s - len);
  memcpy(s + len, "X: ", 3);
  s[HEADER_MAX - 1] = '\n';
  assert_null(header_scan(s, HEADER_MAX, HEADER_STREAM, &h));
  s[HEADER_MAX - 1] = 'x';
  s[HEADER_MAX] = '\n';
  assert_string_equal(header_scan(s, HEADER_MAX + 1, HEADER_STREAM, &h),
                      "header too long");
}

static void limits_the_key(void **state) {
  char s[1024] = BASE "Key: ";
  const size_t at = strlen(s);
  struct header h;

  (void)state;
  memset(s + at, 'k', KEY_MAX + 2);
  s[at + KEY_MAX] = '\n';
  assert_null(header_scan(s, at + KEY_MAX + 1, HEADER_STREAM, &h));
  assert_int_equal(h.key_len, KEY_MAX);
  s[at + KEY_MAX] = 'k';
  s[at + KEY_MAX + 1] = '\n';
  assert_string_equal(header_scan(s, at + KEY_MAX + 2, HEADER_STREAM, &h),
                      "key is empty or too long");
}

static void scans_stored(void **state) {
  struct header h;

  (void)state;
  assert_null(header_scan(STORED "Key: a\nKey: b\n",
                          strlen(STORED "Key: a\nKey: b\n"), HEADER_STORED,
                          &h));
  assert_int_equal(*h.key, 'a');
  assert_string_equal(scan(BASE, HEADER_STORED),
                      "header without Content-Length");
  assert_string_equal(scan(BASE "Content-Length: 1\n", HEADER_STORED),
                      "header without md5hash");
  assert_string_equal(
      scan(BASE "Content-Length: 1\nmd5hash: " MD5 "\n", HEADER_STORED),
      "header without Stored");
  assert_string_equal(scan(STORED "Stored: x\n", HEADER_STORED),
                      "line twice in header");
  assert_null(
      scan(BASE "Content-Length: 1\nmd5hash: " MD5 "\n", HEADER_TICKET));
  assert_null(scan(STORED "Key: a\nKey: b\n", HEADER_TICKET));
  assert_string_equal(scan(STORED "Data: none\n", HEADER_TICKET),
                      "Data line in a stored header");
  assert_string_equal(scan(BASE "Stored: x\n", HEADER_STORED),
                      "bad Stored line");
  assert_string_equal(scan(STORED "Data: none\n", HEADER_STORED),
                      "Data line in a stored header");
}

static const char *trailer(const char *s) {
  struct trailer t;

  return trailer_scan(s, strlen(s), &t);
}

static void scans_trailers(void **state) {
  struct trailer t = {.length = 5}, u;
  char s[TRAILER_MAX];
  size_t len;

  (void)state;
  strcat(t.md5, MD5);
  len = trailer_fmt(s, &t);
  assert_string_equal(s, "Content-Length: 5\nmd5hash: " MD5 "\n");
  assert_int_equal(len, strlen(s));
  assert_null(trailer_scan(s, len, &u));
  assert_string_equal(u.sha256, "");
  strcat(t.sha256, SHA);
  len = trailer_fmt(s, &t);
  assert_null(trailer_scan(s, len, &u));
  assert_string_equal(u.md5, MD5);
  assert_string_equal(u.sha256, SHA);
  assert_int_equal(u.length, 5);
}

static void refuses_trailers(void **state) {
  (void)state;
  assert_string_equal(trailer("Content-Length: 5\n"),
                      "trailer without md5hash");
  assert_string_equal(trailer("md5hash: " MD5 "\n"),
                      "trailer without Content-Length");
  assert_string_equal(trailer("Content-Length: 5\nX: y\n"),
                      "unknown line in trailer");
  assert_string_equal(trailer("Content-Length: 5\nContent-Length: 5\n"),
                      "line twice in trailer");
  assert_string_equal(trailer("Content-Length: five\n"),
                      "bad number in trailer");
  assert_string_equal(trailer("md5hash: 5\n"), "bad md5hash in trailer");
  assert_string_equal(trailer("SHA-256: 5\n"), "bad SHA-256 in trailer");
  assert_string_equal(trailer("Content-Length: 5"), "malformed trailer line");
}

static int host(const char *s) {
  return host_valid(s, strlen(s));
}

static void knows_hosts(void **state) {
  char name[HOST_MAX + 2];

  (void)state;
  assert_true(host("10.0.0.1") && host("::") && host("2001:DB8::a"));
  assert_true(host("::ffff:10.0.0.1") && host("a") && host("a-b.example"));
  assert_false(host("") || host("10.0.0") || host("10.0.0.256"));
  assert_false(host("fe80::1%eth0") || host("[::1]") || host("-a"));
  assert_false(host("a b") || host("a/b") || host("127.1") || host("::g"));
  assert_false(host_valid("a\0b", 3));
  memset(name, 'a', sizeof name);
  assert_true(host_valid(name, HOST_MAX));
  assert_false(host_valid(name, HOST_MAX + 1));
}

static void builds_within_limits(void **state) {
  static struct header_text t;
  static char value[HEADER_MAX];
  unsigned int i;

  (void)state;
  assert_true(header_add_number(&t, "TTL", 0));
  assert_true(header_add_number(&t, "TTL", UINT64_MAX));
  assert_true(header_add_line(&t, "A: b\n", 5));
  assert_int_equal(t.len, 38);
  assert_memory_equal(t.s, "TTL: 0\nTTL: 18446744073709551615\nA: b\n", 38);
  t.len = t.lines = 0;
  memset(value, 'v', sizeof value);
  assert_false(header_add(&t, "X", value, HEADER_MAX - 3));
  assert_int_equal(t.len, 0);
  assert_true(header_add(&t, "X", value, HEADER_MAX - 4));
  assert_int_equal(t.len, HEADER_MAX);
  assert_int_equal(t.s[HEADER_MAX - 1], '\n');
  assert_false(header_add_line(&t, "\n", 1));
  t.len = t.lines = 0;
  for (i = 0; i < HEADER_LINES; i++)
    assert_true(header_add(&t, "X", "", 0));
  assert_false(header_add(&t, "X", "", 0));
  assert_false(header_add_line(&t, "X:\n", 3));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(walks_lines),     cmocka_unit_test(scans_all_lines),
      cmocka_unit_test(scans_the_least), cmocka_unit_test(refuses_form),
      cmocka_unit_test(refuses_nul),     cmocka_unit_test(refuses_repeats),
      cmocka_unit_test(refuses_values),  cmocka_unit_test(keeps_limits),
      cmocka_unit_test(limits_the_key),  cmocka_unit_test(scans_stored),
      cmocka_unit_test(scans_trailers),  cmocka_unit_test(refuses_trailers),
      cmocka_unit_test(knows_hosts),     cmocka_unit_test(builds_within_limits),
  };

  return cmocka_run_group_tests(tests, 0, 0);
}
