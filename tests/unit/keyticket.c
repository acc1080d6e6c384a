#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "keyticket.h"

#define MD5 "5d41402abc4b2a76b9719d911017c592"
#define STAMP "@400000006a1b2c3d00000001"
#define FACTS "Content-Length: 5\nmd5hash: " MD5 "\nStamp: " STAMP "\n"
#define STORED "Stored: @400000006a1b2c3d00000002\n"
#define TAKEN "Taken: " STAMP " " MD5 "\n"

static struct header_text t;

static void is(const char *want) {
  assert_int_equal(t.len, strlen(want));
  assert_memory_equal(t.s, want, t.len);
}

static void of_a_stored_header(void **state) {
  static const char stored[] =
      "Key: a\nKEY: b\nHost: h\nBackup-Host: i\n" FACTS "X: y\n" STORED TAKEN;
  (void)state;
  assert_int_equal(keyticket_make(&t, stored, strlen(stored), "b", 1), 1);
  is("Key: b\nHost: h\nBackup-Host: i\n" FACTS "X: y\n" STORED);
  assert_int_equal(keyticket_make(&t, stored, strlen(stored), "c d", 3), 1);
  is("Key: c d\nHost: h\nBackup-Host: i\n" FACTS "X: y\n" STORED);
}

static struct merge_push push(const char *header) {
  return (struct merge_push){.header = header,
                             .header_len = strlen(header),
                             .md5 = MD5,
                             .length = 5,
                             .sha256 = "",
                             .stored = "@400000006a1b2c3d00000002",
                             .list_md5 = MD5};
}

static void of_a_push(void **state) {
  struct merge_push p = push("Key: k\nHost: h\nTTL: 7\nStamp: " STAMP "\n");
  struct header h;
  (void)state;
  assert_int_equal(keyticket_of_push(&t, &p), 1);
  assert_null(header_scan(t.s, t.len, HEADER_STORED, &h));
  assert_int_equal(h.key_len, 1);
  assert_memory_equal(h.key, "k", 1);
  assert_string_equal(h.md5, MD5);
  assert_true(h.has_ttl && h.ttl == 7 && h.length == 5);
  assert_int_equal(merge_has(t.s, t.len, "Taken", STAMP " " MD5, 58), 0);
  p = push("Host: h\nStamp: " STAMP "\n");
  assert_int_equal(keyticket_of_push(&t, &p), 0);
}

/* A key so long that the rest does not fit behind it. */
static void no_room(void **state) {
  static char key[HEADER_MAX];
  static struct header_text full;
  (void)state;
  memset(key, 'k', sizeof key);
  full.len = full.lines = 0;
  assert_int_equal(header_add(&full, "X", key, HEADER_MAX - 100), 1);
  assert_int_equal(keyticket_make(&t, full.s, full.len, key, 91), 0);
  assert_int_equal(keyticket_make(&t, full.s, full.len, key, 90), 1);
  assert_int_equal(t.len, HEADER_MAX);
  assert_int_equal(keyticket_make(&t, full.s, full.len, key, HEADER_MAX), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(of_a_stored_header),
      cmocka_unit_test(of_a_push),
      cmocka_unit_test(no_room),
  };
  return cmocka_run_group_tests(tests, 0, 0);
}
