#include "merge.h"
#include "pushes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define MD5 "5d41402abc4b2a76b9719d911017c592"
#define NO_LIST "d41d8cd98f00b204e9800998ecf8427e"
#define T(n) "@400000006a0000" n "00000000"

static struct header_text now;
static unsigned int dropped;

/* Merges a push into what there is. */
static void push(const char *header) {
  struct merge_push p = {.header = header,
                         .header_len = strlen(header),
                         .md5 = MD5,
                         .length = 5,
                         .sha256 = "",
                         .stored = T("70"),
                         .list_md5 = NO_LIST};
  struct header_text old = now;
  assert_null(merge(&now, old.s, old.len, &p, &dropped));
}

static void none(void) {
  now.len = 0;
}

static void is(const char *want) {
  struct header h;
  assert_null(header_scan(now.s, now.len, HEADER_STORED, &h));
  if (now.len != strlen(want) || memcmp(now.s, want, now.len))
    fail_msg("is:\n%.*s\nshould be:\n%s", (int)now.len, now.s, want);
}

/* How many lines have this value. */
static unsigned int count(const char *name, const char *value) {
  struct field f;
  size_t pos = 0;
  unsigned int n = 0;
  while (header_next(now.s, now.len, &pos, &f) == 1)
    n += field_is(&f, name) &&
         (!value || (f.value_len == strlen(value) &&
                     !memcmp(f.value, value, f.value_len)));
  return n;
}

static const char first[] =
    "Key: k1\nHost: 10.0.0.1\nBackup-Host: 10.0.0.2\nCache-Time: 100\n"
    "TTL: 7\nX-a: one\nData: none\nStamp: " T("10") "\n";
static const char second[] =
    "Key: k2\nHost: 10.0.0.3\nBackup-Host: 10.0.0.2\nBackup-Host: b.example\n"
    "Cache-Time: 50\nX-b: two\nStamp: " T("20") "\n";

static void new_chunk(void **state) {
  (void)state;
  none();
  push(first);
  is("Host: 10.0.0.1\nContent-Length: 5\nCache-Time: 100\nTTL: 7\n"
     "md5hash: " MD5 "\nStamp: " T("10") "\nStored: " T(
         "70") "\nX-a: one\n"
               "Key: k1\nBackup-Host: 10.0.0.2\nTaken: " T("10") " " NO_LIST
                                                                 "\n");
}

static const char both[] =
    "Host: 10.0.0.3\nContent-Length: 5\nCache-Time: 84\n"
    "md5hash: " MD5 "\nStamp: " T("20") "\nStored: " T(
        "70") "\nX-b: two\n"
              "Key: k1\nKey: k2\nBackup-Host: 10.0.0.1\nBackup-Host: 10.0.0.2\n"
              "Backup-Host: b.example\nTaken: " T(
                  "20") " " NO_LIST "\nTaken: " T("10") " " NO_LIST "\n";

/* Keys and hosts added, Host, TTL and other lines of the newer, the older Host
 * a backup, the later end of life: 0x10 seconds have passed, 84 are left. */
static void newer_push(void **state) {
  (void)state;
  none();
  push(first);
  push(second);
  is(both);
  push(second);
  is(both);
  push(first);
  is(both);
}

static void older_push(void **state) {
  (void)state;
  none();
  push(second);
  push(first);
  is("Host: 10.0.0.3\nContent-Length: 5\nCache-Time: 84\n"
     "md5hash: " MD5 "\nStamp: " T("20") "\nStored: " T(
         "70") "\nX-b: two\n"
               "Key: k2\nKey: k1\nBackup-Host: 10.0.0.2\nBackup-Host: "
               "b.example\n"
               "Backup-Host: 10.0.0.1\nTaken: " T(
                   "20") " " NO_LIST "\nTaken: " T("10") " " NO_LIST "\n");
}

static void no_end_of_life(void **state) {
  (void)state;
  none();
  push(first);
  push("Host: h\nStamp: " T("05") "\n");
  assert_int_equal(count("Cache-Time", 0), 0);
  none();
  push("Host: h\nStamp: " T("05") "\n");
  push(first);
  assert_int_equal(count("Cache-Time", 0), 0);
  none();
  push("Host: h\nCache-Time: 999999999999999999\nStamp: " T("05") "\n");
  push(first);
  assert_int_equal(count("Cache-Time", "999999999999999988"), 1);
  none();
  push("Host: h\nCache-Time: 3\nStamp: @000000000000000000000000\n");
  push(first);
  assert_int_equal(count("Cache-Time", "100"), 1);
}

static void hosts_once(void **state) {
  (void)state;
  none();
  push("Host: h.example\nBackup-Host: a\nBackup-Host: A\nBackup-Host: "
       "H.example\n"
       "Stamp: " T("05") "\n");
  assert_int_equal(count("Backup-Host", 0), 1);
  push("Host: a\nStamp: " T("06") "\n");
  assert_int_equal(count("Host", "a"), 1);
  assert_int_equal(count("Backup-Host", "h.example"), 1);
  assert_int_equal(count("Backup-Host", 0), 1);
}

/* Of equal Stamps the result is the same in both orders. */
static void equal_stamps(void **state) {
  static const char x[] = "Host: h\nTTL: 3\nX: 1\nStamp: " T("05") "\n";
  static const char y[] = "Host: h\nTTL: 3\nX: 2\nStamp: " T("05") "\n";
  struct header_text xy;
  (void)state;
  none();
  push(x);
  push(y);
  xy = now;
  none();
  push(y);
  push(x);
  assert_int_equal(xy.len, now.len);
  assert_memory_equal(xy.s, now.s, xy.len);
}

/* Lines of a stored header that a sender makes up are not believed. */
static void foreign_lines(void **state) {
  (void)state;
  none();
  push("Host: h\nStored: " T("01") "\nTaken: " T(
      "77") " " NO_LIST "\nStamp: " T("05") "\n");
  assert_int_equal(count("Taken", 0), 1);
  assert_int_equal(count("Stored", T("70")), 1);
}

static void taken_lines(void **state) {
  char h[200];
  (void)state;
  none();
  for (int i = 40; i--;) {
    snprintf(h, sizeof h, "Host: h\nStamp: @400000006a0000%02x00000000\n", i);
    push(h);
  }
  assert_int_equal(count("Taken", 0), 32);
  assert_int_equal(count("Taken", T("08") " " NO_LIST), 1);
  assert_int_equal(count("Taken", T("07") " " NO_LIST), 0);
}

static void limits_of_lines(void **state) {
  char h[200];
  struct header_text full;
  (void)state;
  none();
  for (int i = 0; i < 300; ++i) {
    snprintf(h, sizeof h,
             "Key: key%d\nHost: h\nStamp: @400000006a0000%02x00000000\n", i,
             i / 2);
    push(h);
    assert_true(now.lines <= HEADER_LINES);
    if (i < 200)
      assert_int_equal(dropped, 0);
  }
  assert_int_equal(dropped, 1);
  assert_true(count("Key", 0) >= 230);
  assert_int_equal(count("Key", "key0"), 1);
  assert_true(count("Taken", 0) >= 8);
  full = now;
  push(h);
  assert_memory_equal(full.s, now.s, now.len);
}

static void limits_of_bytes(void **state) {
  static char h[HEADER_MAX + 1];
  static char key[KEY_MAX + 1];
  (void)state;
  none();
  for (int i = 0; i < 40; ++i) {
    memset(key, 'a' + i % 26, KEY_MAX);
    key[0] = (char)('A' + i / 26);
    snprintf(h, sizeof h, "Key: %s\nHost: h\nStamp: " T("05") "\n", key);
    push(h);
  }
  assert_int_equal(dropped, 1);
  assert_true(count("Key", 0) >= 29);
  assert_true(now.len <= HEADER_MAX);
  /* one line as long as it may be: the rest still stands */
  none();
  memset(h, 'x', HEADER_MAX);
  memcpy(h, "Host: h\nStamp: " T("05") "\nX: ", 44);
  h[HEADER_MAX - 1] = '\n';
  push(h);
  assert_int_equal(dropped, 1);
  assert_int_equal(count("Taken", 0), 1);
}

static void alike(void **state) {
  static const char a[] =
      "Host: a\nStored: @400000006a00000112345678\nTaken: x\n";
  static const char b[] =
      "Host: a\nStored: @400000006a00000187654321\nTaken: x\n";
  static const char c[] =
      "Host: a\nStored: @400000006a00000212345678\nTaken: x\n";
  static const char d[] =
      "Host: a\nStored: @400000006a00000112345678\nTaken: y\n";
  static const char e[] =
      "Host: b\nStored: @400000006a00000112345678\nTaken: x\n";
  const size_t len = sizeof a - 1;
  (void)state;
  assert_int_equal(merge_alike(a, len, a, len), 1);
  assert_int_equal(merge_alike(a, len, a, len - 1), 0);
  assert_int_equal(merge_alike(a, len, b, len), 1);
  assert_int_equal(merge_alike(a, len, c, len), 0);
  assert_int_equal(merge_alike(a, len, d, len), 0);
  assert_int_equal(merge_alike(a, len, e, len), 0);
  assert_int_equal(merge_alike(a, 40, b, 40), 0); /* cut in the label */
  assert_int_equal(merge_alike("X: Stored: 1", 12, "X: Stored: 2", 12), 0);
}

static void broken(void **state) {
  struct header_text out;
  struct merge_push p = {.header = "Host: h\n", .header_len = 8, .md5 = MD5};
  (void)state;
  assert_string_equal(merge(&out, 0, 0, &p, &dropped), "header without Stamp");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(new_chunk),       cmocka_unit_test(newer_push),
      cmocka_unit_test(older_push),      cmocka_unit_test(no_end_of_life),
      cmocka_unit_test(hosts_once),      cmocka_unit_test(equal_stamps),
      cmocka_unit_test(foreign_lines),   cmocka_unit_test(taken_lines),
      cmocka_unit_test(limits_of_lines), cmocka_unit_test(limits_of_bytes),
      cmocka_unit_test(broken),          cmocka_unit_test(alike),
  };
  return cmocka_run_group_tests(tests, 0, 0);
}
