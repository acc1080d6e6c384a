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

#include "setup.h"
#include "stage.h"
#include "stored.h"

#define MD5 "5d41402abc4b2a76b9719d911017c592"
#define OTHER "7d793037a0760186574b0282f2f435e7"
#define FACTS(md5)                                                             \
  "Host: h\nContent-Length: 5\nmd5hash: " md5                                  \
  "\nStamp: @400000006a1b2c3d00000001\nStored: @400000006a1b2c3d00000002\n"

static struct stage stage;
static char h[HEADER_MAX];
static struct header scan;
static const char *why;

static int start(void **state) {
  return in_store(state) < 0 || stage_start(&stage) < 0 ? -1 : 0;
}

static void none(void **state) {
  (void)state;
  assert_int_equal(stored_read(MD5, h, &scan, &why), 0);
  assert_null(why);
}

/* The staged one goes before the public one. */
static void staged_or_public(void **state) {
  char path[STORE_MD5];
  (void)state;
  store_header_dir(path, MD5);
  assert_int_equal(mkdir(path, 0755), 0);
  store_header(path, MD5);
  put_text(path, FACTS(MD5));
  assert_int_equal(stored_read(MD5, h, &scan, &why), strlen(FACTS(MD5)));
  assert_null(why);
  assert_memory_equal(h, FACTS(MD5), strlen(FACTS(MD5)));
  assert_memory_equal(scan.host, "h", scan.host_len);
  assert_int_equal(stage_put(&stage, STAGE_HEADER, MD5, "TTL: 7\n" FACTS(MD5),
                             7 + strlen(FACTS(MD5))),
                   0);
  assert_int_equal(stored_read(MD5, h, &scan, &why), 7 + strlen(FACTS(MD5)));
  assert_true(scan.has_ttl);
}

static void of_another_chunk(void **state) {
  (void)state;
  assert_int_equal(
      stage_put(&stage, STAGE_HEADER, MD5, FACTS(OTHER), strlen(FACTS(OTHER))),
      0);
  assert_int_equal(stored_read(MD5, h, &scan, &why), 0);
  assert_non_null(why);
  assert_string_equal(why, "it is of another chunk");
}

static void not_good(void **state) {
  static char big[HEADER_MAX + 1];
  (void)state;
  assert_int_equal(stage_put(&stage, STAGE_HEADER, MD5, "x\n", 2), 0);
  assert_int_equal(stored_read(MD5, h, &scan, &why), 0);
  assert_non_null(why);
  assert_string_equal(why, "malformed header line");
  assert_int_equal(stage_put(&stage, STAGE_HEADER, MD5, big, sizeof big), 0);
  assert_int_equal(stored_read(MD5, h, &scan, &why), 0);
  assert_non_null(why);
  assert_string_equal(why, "header too long");
}

static void unable(void **state) {
  char path[STORE_MD5];
  (void)state;
  store_header_dir(path, OTHER);
  assert_int_equal(mkdir(path, 0755), 0);
  store_header(path, OTHER);
  assert_int_equal(symlink(path, path), 0);
  assert_int_equal(stored_read(OTHER, h, &scan, &why), -1);
  assert_int_equal(errno, ELOOP);
  assert_null(why);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(none),     cmocka_unit_test(staged_or_public),
      cmocka_unit_test(not_good), cmocka_unit_test(of_another_chunk),
      cmocka_unit_test(unable),
  };
  return cmocka_run_group_tests(tests, start, 0);
}
