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

#include "file.h"
#include "keys.h"
#include "setup.h"
#include "stored.h"
#include "taking.h"

#define A "5d41402abc4b2a76b9719d911017c592"
#define B "7d793037a0760186574b0282f2f435e7"
#define ID "0123456789abcdef0123456789abcdef"
#define T(n) "@400000006a0000" n "00000000"

static struct stage stage;
static struct changes changes;
static struct leaving leaving;
static struct taking taking;
static char warned[256];

static void warn(const char *a, const char *md5, const char *b, const char *c) {
  snprintf(warned, sizeof warned, "%s%.4s%s%s", a, md5, b, c);
}

static int start(void **state) {
  (void)state;
  if (system("rm -rf md5/?? head/?? head/key/* key/* .df/commit/* "
             ".df/going/*/*") ||
      stage_start(&stage))
    return -1;
  memset(&changes, 0, sizeof changes);
  memset(&leaving, 0, sizeof leaving);
  *warned = 0;
  taking = (struct taking){
      .stage = &stage, .changes = &changes, .leaving = &leaving, .warn = warn};
  return 0;
}

static int end(void **state) {
  (void)state;
  free(changes.md5);
  free(leaving.chunk);
  stage_end(&stage);
  return 0;
}

static void data(const char *md5, const char *text) {
  char path[STORE_MD5];
  store_data_dir(path, md5);
  assert_int_not_equal(file_mkdir(path, 0755), -1);
  store_data(path, md5);
  put_text(path, text);
}

/* A commit of two chunks of five bytes, the second void if so told. */
static int take(const char *a, const char *b, int is_void, int published) {
  struct commit_writer w;
  struct commit c;
  int r;
  assert_int_equal(commit_start(&w, "c.1.0", "s.1", ID, T("20"), "", 0), 0);
  assert_int_equal(commit_add_chunk(&w, A, 5, "", a, strlen(a)), 0);
  assert_int_equal(commit_add_chunk(&w, B, 5, "", b, strlen(b)), 0);
  assert_int_equal(commit_finish(&w, is_void ? "+-" : "++", "DD"), 0);
  assert_int_equal(commit_open(&c, "c.1.0"), 1);
  r = taking_commit(&taking, &c, published);
  commit_close(&c);
  assert_int_equal(unlink(".df/commit/c.1.0"), 0);
  return r;
}

static void has(const char *md5, const char *line) {
  char h[HEADER_MAX + 1];
  struct header scan;
  ssize_t len = taking_stored(&taking, md5, h, &scan);
  assert_true(len > 0);
  h[len] = 0;
  assert_non_null(strstr(h, line));
}

static void changed(const char *md5, size_t n) {
  char is[MD5_HEX + 1];
  changes_sort(&changes);
  assert_int_equal(changes.n, n);
  for (size_t i = 0; i < n; ++i) {
    changes_get(&changes, i, is);
    if (!strcmp(is, md5))
      return;
  }
  assert_int_equal(n, 0);
}

static void headers_and_keys(void **state) {
  (void)state;
  data(A, "hello");
  data(B, "world");
  assert_int_equal(take("Key: k\nHost: h\nStamp: " T("01") "\n",
                        "Key: k\nHost: h\nStamp: " T("02") "\n", 0, 0),
                   0);
  assert_string_equal(warned, "");
  has(A, "Key: k\n");
  has(B, "Stored: " T("20") "\n");
  changed(A, 2);
  assert_int_equal(stage_apply(&stage), 0);
  assert_int_equal(keys_owns("k", B), 1);
  changes.n = 0;
  assert_int_equal(take("Key: k\nHost: h\nStamp: " T("01") "\n",
                        "Key: k\nHost: h\nStamp: " T("02") "\n", 0, 0),
                   0);
  changed(A, 0); /* the same again */
}

static void published(void **state) {
  static const char h[] = "Host: h\nStamp: " T("01") "\n";
  struct header scan;
  char text[HEADER_MAX];
  (void)state;
  data(A, "hello");
  data(B, "world");
  assert_int_equal(take(h, h, 1, 0), 0);
  assert_int_equal(taking_stored(&taking, B, text, &scan), 0);
  assert_int_equal(stage_apply(&stage), 0);
  changes.n = 0;
  assert_int_equal(take(h, h, 0, 1), 0);
  changed(A, 0);
  taking.anew = 1; /* a lost header is made again */
  assert_int_equal(take(h, h, 0, 1), 0);
  changed(B, 1);
}

static void stored(const char *md5, const char *lines) {
  char path[STORE_MD5], h[500];
  snprintf(h, sizeof h,
           "%sHost: h\nContent-Length: 5\nmd5hash: %s\nStamp: " T(
               "01") "\nStored: " T("20") "\n",
           lines, md5);
  store_header_dir(path, md5);
  assert_int_not_equal(file_mkdir(path, 0755), -1);
  store_header(path, md5);
  put_text(path, h);
}

/* A push that has not been published yet wins; a life that is not over; what is
 * good again. The others go. */
static void who_leaves(void **state) {
  static const char h[] = "Key: k\nHost: h\nStamp: " T("02") "\n";
  (void)state;
  data(A, "hello");
  data(B, "world");
  stored(A, "Key: old\nCache-Time: 1\n");
  stored(B, "Cache-Time: 1\n");
  assert_int_equal(going_set(GOING_ASKED, A, GOING_EXPIRED), 0);
  assert_int_equal(going_set(GOING_ASKED, B, GOING_EXPIRED), 0);
  assert_int_equal(leaving_load(&leaving), 0);
  assert_int_equal(take(h, h, 1, 0), 0);
  assert_null(leaving_find(&leaving, A));
  assert_int_equal(taking_leave(&taking), 0);
  assert_non_null(leaving_find(&leaving, B));
  changed(A, 2);
  changed(B, 2);
  assert_int_equal(stage_apply(&stage), 0);
  assert_int_equal(keys_owns("k", A), 1);
  assert_int_equal(keys_owns("old", A), 1);
}

static void whose_life_is_not_over(void **state) {
  (void)state;
  data(A, "hello");
  data(B, "world");
  stored(A, "Key: old\n");
  stored(B, "Cache-Time: 1\n");
  assert_int_equal(going_set(GOING_ASKED, A, GOING_EXPIRED), 0);
  assert_int_equal(going_set(GOING_ASKED, B, GOING_BACK), 0);
  assert_int_equal(going_set(GOING_UNLISTED, B, GOING_CORRUPT), 0);
  assert_int_equal(leaving_load(&leaving), 0);
  assert_int_equal(taking_leave(&taking), 0);
  assert_null(leaving_find(&leaving, A));
  assert_null(leaving_find(&leaving, B));
  changed(A, 2);
  changed(B, 2);
  stored(A, "");
  stage_start(&stage);
  leaving.n = 0;
  changes.n = 0;
  assert_int_equal(going_set(GOING_ASKED, A, GOING_REMOVED), 0);
  assert_int_equal(leaving_load(&leaving), 0);
  assert_int_equal(taking_leave(&taking), 0);
  assert_non_null(leaving_find(&leaving, A)); /* the owner's will */
}

static void oddities(void **state) {
  static const char h[] = "Host: h\nStamp: " T("01") "\n";
  char key[600], text[HEADER_MAX];
  struct header scan;
  (void)state;
  data(A, "hello");
  assert_int_equal(take(h, h, 0, 0), 0);
  assert_string_equal(warned,
                      "chunk 7d79 is not published: its data is not there");
  *warned = 0;
  assert_int_equal(take(h, h, 0, 1), 0);
  assert_string_equal(warned, "");
  snprintf(key, sizeof key, "Key: %0300d\nHost: h\nStamp: " T("02") "\n", 1);
  data(B, "world");
  assert_int_equal(take(h, key, 0, 0), 0);
  assert_string_equal(warned, "key of 7d79 is not taken: its name is too long");
  assert_int_equal(take(h, "Host: h\n", 0, 0), 0);
  assert_non_null(strstr(warned, "chunk 7d79 of a commit is not published: "));
  assert_int_equal(stage_put(&stage, STAGE_HEADER, A, "broken", 6), 0);
  assert_int_equal(taking_stored(&taking, A, text, &scan), 0);
  assert_non_null(strstr(warned, "stored header of 5d41 is not used: "));
}

static void no_room(void **state) {
  char h[HEADER_MAX + 1];
  int n = snprintf(h, sizeof h, "Host: h\nKey: a\n");
  (void)state;
  for (int i = 0; i < 250; ++i)
    n += snprintf(h + n, sizeof h - (size_t)n, "X: %d\n", i);
  snprintf(h + n, sizeof h - (size_t)n, "Stamp: " T("01") "\n");
  data(A, "hello");
  data(B, "world");
  assert_int_equal(take(h, h, 1, 0), 0);
  for (int i = 0; !*warned && i < 10; ++i) {
    snprintf(h, sizeof h, "Host: h\nKey: %d\nStamp: " T("00") "\n", i);
    assert_int_equal(take(h, h, 1, 0), 0);
  }
  assert_string_equal(warned,
                      "no room in the stored header of 5d41: 1 lines dropped");
}

static void failures(void **state) {
  static const char h[] = "Host: h\nStamp: " T("01") "\n";
  (void)state;
  data(A, "hello");
  assert_int_equal(mkdir("head/5d", 0755), 0);
  assert_int_equal(mkdir("head/5d/" A, 0755), 0);
  assert_int_equal(take(h, h, 1, 0), -1);
  assert_string_equal(taking.what, "read the header of ");
  assert_string_equal(taking.md5, A);
  assert_int_equal(rmdir("head/5d/" A), 0);
  assert_int_equal(rmdir(".df/publish/header"), 0);
  assert_int_equal(take(h, h, 1, 0), -1);
  assert_string_equal(taking.what, "write the header of ");
  assert_int_equal(mkdir(".df/publish/header", 0700), 0);
  assert_int_equal(rmdir(".df/publish/ticket"), 0);
  assert_int_equal(take("Key: k\nHost: h\nStamp: " T("01") "\n", h, 1, 0), -1);
  assert_string_equal(taking.what, "take the key of ");
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup_teardown(f, start, end)
  const struct CMUnitTest tests[] = {
      TEST(headers_and_keys),
      TEST(published),
      TEST(oddities),
      TEST(who_leaves),
      TEST(whose_life_is_not_over),
      TEST(no_room),
      TEST(failures),
  };
  return cmocka_run_group_tests(tests, in_store, 0);
}
