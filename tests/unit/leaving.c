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

#include "keys.h"
#include "leaving.h"
#include "setup.h"
#include "synced.h"

#define A "5d41402abc4b2a76b9719d911017c592"
#define B "7d793037a0760186574b0282f2f435e7"
#define C "9dd4e461268c8034f5c8564e155c67a6"

static struct leaving l;
static const char *about;

static int start(void **state) {
  (void)state;
  memset(&l, 0, sizeof l);
  return system("rm -rf md5/?? head/?? head/key/* key/* .df/going/*/*");
}

static int end(void **state) {
  (void)state;
  free(l.chunk);
  return 0;
}

/* A chunk with the key k. */
static void chunk(const char *md5, const char *k) {
  char path[STORE_MD5 + 16], h[500], to[STORE_MD5 + 3] = "../";
  store_data_dir(path, md5);
  assert_int_not_equal(file_mkdir(path, 0755), -1);
  store_data(path, md5);
  put_text(path, "12345");
  snprintf(h, sizeof h,
           "Key: %s\nHost: h\nContent-Length: 5\nmd5hash: %s\n"
           "Stamp: @400000006a00000100000000\n"
           "Stored: @400000006a00000100000000\n",
           k, md5);
  store_header_dir(path, md5);
  assert_int_not_equal(file_mkdir(path, 0755), -1);
  store_header(path, md5);
  put_text(path, h);
  snprintf(path, sizeof path, "head/key/%s", k);
  put_text(path, h);
  snprintf(path, sizeof path, "key/%s", k);
  store_data(to + 3, md5);
  assert_int_equal(symlink(to, path), 0);
}

static int is(enum going_stage stage, const char *md5) {
  char why[GOING_REASON];
  return going_get(stage, md5, why);
}

static void found(void **state) {
  (void)state;
  assert_int_equal(leaving_load(&l), 0);
  assert_int_equal(l.n, 0);
  assert_null(leaving_find(&l, A));
  assert_int_equal(leaving_any(&l), 0);
  assert_int_equal(going_set(GOING_UNLISTED, B, GOING_EXPIRED), 0);
  assert_int_equal(going_set(GOING_ASKED, A, GOING_REMOVED), 0);
  assert_int_equal(going_set(GOING_OUT, A, GOING_EXPIRED), 0);
  assert_int_equal(leaving_load(&l), 0);
  assert_int_equal(l.n, 2);
  assert_string_equal(leaving_find(&l, A)->reason, "removed");
  assert_int_equal(leaving_asked(leaving_find(&l, A)), 1);
  assert_int_equal(leaving_asked(leaving_find(&l, B)), 0);
  assert_int_equal(leaving_any(&l), 1);
  leaving_find(&l, A)->stays = 1;
  assert_null(leaving_find(&l, A));
  assert_int_equal(leaving_any(&l), 0);
  assert_int_equal(leaving_apply(&l), 0);
  assert_int_equal(is(GOING_ASKED, A), 0);
  assert_int_equal(is(GOING_OUT, A), 0);
  assert_int_equal(is(GOING_UNLISTED, B), 1);
}

static void records_have_gone(void **state) {
  (void)state;
  chunk(A, "a");
  chunk(B, "b");
  assert_int_equal(going_set(GOING_ASKED, A, GOING_EXPIRED), 0);
  assert_int_equal(going_set(GOING_ASKED, B, GOING_CORRUPT), 0);
  assert_int_equal(leaving_load(&l), 0);
  synced_forget();
  assert_int_equal(leaving_finish(&l, &about), 0);
  assert_int_equal(synced("key"), 1);
  assert_int_equal(synced("head/key"), 2);
  assert_int_equal(synced(".df/going/unlisted"), 3);
  assert_int_equal(synced(".df/going/asked"), 4);
  assert_int_equal(is(GOING_ASKED, A), 0);
  assert_int_equal(is(GOING_UNLISTED, A), 1);
  assert_int_equal(is(GOING_UNLISTED, B), 1);
  assert_int_equal(keys_owns("a", A), 1);
  assert_int_equal(keys_owns("b", B), 0);
  assert_int_equal(access("head/key/b", F_OK), 0); /* it may come back */
  assert_int_equal(access("head/7d/" B, F_OK), 0);
}

/* Keys and headers; a key that is another's stays. */
static void out(void **state) {
  (void)state;
  chunk(A, "a");
  chunk(B, "b");
  chunk(C, "c");
  assert_int_equal(going_set(GOING_OUT, A, GOING_EXPIRED), 0);
  assert_int_equal(going_set(GOING_OUT, B, GOING_EXPIRED), 0);
  assert_int_equal(going_set(GOING_OUT, C, GOING_EXPIRED), 0);
  assert_int_equal(leaving_load(&l), 0);
  leaving_find(&l, B)->stays = 1;
  synced_forget();
  assert_int_equal(leaving_finish(&l, &about), 0);
  assert_int_equal(synced("key"), 1);
  assert_int_equal(synced("head/key"), 2);
  assert_int_equal(synced("head/5d"), 3);
  assert_int_equal(synced("head/9d"), 4);
  assert_int_equal(access("head/5d/" A, F_OK), -1);
  assert_int_equal(keys_owns("a", A), 0);
  assert_int_equal(access("md5/5d/" A, F_OK), 0);
  assert_int_equal(access("head/7d/" B, F_OK), 0);
  assert_int_equal(keys_owns("b", B), 1);
  assert_int_equal(is(GOING_OUT, A), 1);
  assert_int_equal(leaving_finish(&l, &about), 0); /* again */
}

/* What has no good header: its keys are looked for. */
static void broken(void **state) {
  (void)state;
  chunk(A, "a");
  chunk(B, "b");
  put_text("head/5d/" A, "broken");
  assert_int_equal(going_set(GOING_OUT, A, GOING_REMOVED), 0);
  assert_int_equal(leaving_load(&l), 0);
  assert_int_equal(leaving_finish(&l, &about), 0);
  assert_int_equal(keys_owns("a", A), 0);
  assert_int_equal(keys_owns("b", B), 1);
  assert_int_equal(access("head/5d/" A, F_OK), -1);
}

static void unable(void **state) {
  (void)state;
  assert_int_equal(going_set(GOING_OUT, A, GOING_EXPIRED), 0);
  assert_int_equal(leaving_load(&l), 0);
  assert_int_equal(mkdir("head/5d", 0755), 0);
  assert_int_equal(mkdir("head/5d/" A, 0755), 0);
  assert_int_equal(leaving_finish(&l, &about), -1);
  assert_string_equal(about, A);
  assert_int_equal(rename(".df/going/out", ".df/away"), 0);
  assert_int_equal(leaving_load(&l), -1);
  assert_int_equal(rename(".df/away", ".df/going/out"), 0);
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup_teardown(f, start, end)
  const struct CMUnitTest tests[] = {
      TEST(found),  TEST(records_have_gone), TEST(out), TEST(broken),
      TEST(unable),
  };
  return cmocka_run_group_tests(tests, in_store, 0);
}
