#include "keys.h"
#include "file.h"
#include "going.h"
#include "header.h"
#include "stage.h"
#include "store.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define A "5d41402abc4b2a76b9719d911017c592"
#define B "7d793037a0760186574b0282f2f435e7"
#define C "9dd4e461268c8034f5c8564e155c67a6"
#define T(n) "@400000006a0000" n "00000000"

static struct stage stage;
static struct keys_move move;

static void data(const char *md5) {
  char path[STORE_MD5];
  store_data_dir(path, md5);
  assert_int_not_equal(file_mkdir(path, 0755), -1);
  store_data(path, md5);
  assert_int_equal(file_replace(path, "12345", 5, 0644, 0), 0);
}

static int start(void **state) {
  (void)state;
  if (store_open())
    return -1;
  data(A);
  data(B);
  data(C);
  unlink("key/k");
  unlink("head/key/k");
  going_clear(GOING_UNLISTED, B);
  return stage_start(&stage);
}

static int end(void **state) {
  (void)state;
  stage_end(&stage);
  return 0;
}

static int take(const char *md5, const char *stamp) {
  char h[500];
  int n = snprintf(h, sizeof h,
                   "Key: k\nHost: h\nContent-Length: 5\nmd5hash: %s\n"
                   "Stamp: %s\nStored: " T("70") "\n",
                   md5, stamp);
  return keys_take(&stage, h, (size_t)n, &move);
}

static void owned_by(const char *md5) {
  char h[HEADER_MAX], line[64];
  ssize_t len;
  assert_int_equal(stage_apply(&stage), 0);
  assert_int_equal(keys_owns("k", md5), 1);
  len = file_read("head/key/k", h, sizeof h - 1);
  assert_true(len > 0);
  h[len] = 0;
  snprintf(line, sizeof line, "md5hash: %s\n", md5);
  assert_non_null(strstr(h, line));
}

static void newest_owns(void **state) {
  (void)state;
  assert_int_equal(take(A, T("10")), 1);
  assert_string_equal(move.from, "");
  assert_string_equal(move.to, A);
  assert_int_equal(keys_owns("k", A), 0); /* not public yet */
  owned_by(A);
  assert_int_equal(take(A, T("10")), 0);
  assert_int_equal(stage.files, 0);
  assert_int_equal(take(B, T("20")), 1);
  assert_string_equal(move.from, A);
  assert_string_equal(move.to, B);
  assert_int_equal(take(C, T("15")), 0); /* the staged ticket counts */
  owned_by(B);
  assert_int_equal(keys_owns("k", A), 0);
  assert_int_equal(take(A, T("10")), 0);
  owned_by(B);
  assert_int_equal(take(A, T("30")), 1);
  owned_by(A);
}

static void order_does_not_matter(void **state) {
  static const char *const md5[] = {A, B, C};
  static const char *const stamp[] = {T("10"), T("20"), T("20")};
  static const int orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                  {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
  (void)state;
  for (int i = 0; i < 12; ++i) {
    unlink("key/k");
    unlink("head/key/k");
    for (int n = 0; n < 3; ++n) {
      int which = orders[i / 2][n];
      assert_int_not_equal(take(md5[which], stamp[which]), -1);
      if (i % 2)
        assert_int_equal(stage_apply(&stage), 0);
    }
    owned_by(C); /* of equal Stamps the greater MD5 */
  }
}

/* Killed between ticket and link. */
static void link_follows_ticket(void **state) {
  (void)state;
  take(A, T("10"));
  take(B, T("20"));
  owned_by(B);
  unlink("key/k");
  assert_int_equal(symlink("../md5/5d/" A, "key/k"), 0);
  assert_int_equal(take(B, T("20")), 1);
  assert_string_equal(move.from, A);
  owned_by(B);
  unlink("key/k");
  assert_int_equal(symlink("nonsense", "key/k"), 0);
  assert_int_equal(take(A, T("10")), 1);
  assert_string_equal(move.from, "");
  assert_string_equal(move.to, B);
  owned_by(B);
}

static void gone_owner_is_none(void **state) {
  char path[STORE_MD5];
  (void)state;
  take(B, T("20"));
  owned_by(B);
  store_data(path, B);
  unlink(path);
  assert_int_equal(take(A, T("10")), 1);
  owned_by(A);
}

/* A stored header that is newer than the push under k. */
static const char header[] =
    "Key: k\nKey: new\nHost: h\nContent-Length: 5\nmd5hash: " B
    "\nStamp: " T("40") "\nStored: " T("70") "\n";

static void give_back(void) {
  assert_int_equal(going_clear(GOING_UNLISTED, B), 0);
  assert_int_equal(keys_return(&stage, B, header, sizeof header - 1), 0);
}

static void corrupt(void) {
  take(B, T("20"));
  owned_by(B);
  assert_int_equal(going_set(GOING_UNLISTED, B, GOING_CORRUPT), 0);
  assert_int_equal(keys_leave(B, header, sizeof header - 1, 1), 1);
  assert_int_equal(access("key/k", F_OK), -1);
}

/* The data may be the rotten one: no link to it, whoever is older. */
static void corrupt_owner_counts(void **state) {
  char h[HEADER_MAX];
  ssize_t len;
  (void)state;
  unlink("head/key/new");
  corrupt();
  assert_int_equal(take(A, T("10")), 0);
  assert_int_equal(keys_check(&stage, "k"), 1);
  assert_int_equal(stage.files, 0);
  give_back();
  owned_by(B);
  assert_int_equal(keys_owns("new", B), 1);
  len = file_read("head/key/k", h, sizeof h - 1);
  assert_true(len > 0);
  h[len] = 0;
  assert_non_null(strstr(h, T("20"))); /* that of the push */
}

static void newer_takes_from_corrupt(void **state) {
  (void)state;
  corrupt();
  assert_int_equal(take(A, T("30")), 1);
  owned_by(A);
  give_back();
  owned_by(A);
}

static void corrupt_goes(void **state) {
  (void)state;
  corrupt();
  assert_int_equal(keys_leave(B, header, sizeof header - 1, 0), 1);
  assert_int_equal(access("head/key/k", F_OK), -1);
  corrupt();
  assert_int_equal(keys_leave(B, 0, 0, 0), 1);
  assert_int_equal(access("head/key/k", F_OK), -1);
}

static void broken_ticket_is_none(void **state) {
  (void)state;
  assert_int_equal(file_replace("head/key/k", "x", 1, 0644, 0), 0);
  assert_int_equal(take(A, T("10")), 1);
  owned_by(A);
}

static void check(void **state) {
  char h[300];
  char path[STORE_MD5];
  (void)state;
  take(A, T("10"));
  owned_by(A);
  assert_int_equal(keys_check(&stage, "k"), 1);
  assert_int_equal(stage.files, 0);
  unlink("key/k");
  assert_int_equal(keys_check(&stage, "k"), 1);
  owned_by(A);
  /* no ticket: the stored header speaks for the link, if it has the key */
  unlink("head/key/k");
  store_header_dir(path, A);
  assert_int_not_equal(file_mkdir(path, 0755), -1);
  store_header(path, A);
  snprintf(h, sizeof h,
           "Host: h\nContent-Length: 5\nmd5hash: " A
           "\nStamp: " T("10") "\nStored: " T("70") "\nKey: other\nKey: k\n");
  assert_int_equal(file_replace(path, h, strlen(h), 0644, 0), 0);
  assert_int_equal(keys_check(&stage, "k"), 1);
  owned_by(A);
  unlink("head/key/k");
  assert_int_equal(file_replace(path, h, strlen(h) - 7, 0644, 0), 0);
  assert_int_equal(keys_check(&stage, "k"), 0);
  assert_int_equal(lstat("key/k", &(struct stat){0}), -1);
}

static void no_name(void **state) {
  char h[800];
  int n;
  (void)state;
  n = snprintf(h, sizeof h,
               "Key: %0300d\nHost: h\nContent-Length: 5\nmd5hash: " A
               "\nStamp: " T("10") "\nStored: " T("70") "\n",
               1);
  assert_int_equal(keys_take(&stage, h, (size_t)n, &move), -1);
  assert_int_equal(errno, EINVAL);
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup_teardown(f, start, end)
  const struct CMUnitTest tests[] = {
      TEST(newest_owns),
      TEST(order_does_not_matter),
      TEST(link_follows_ticket),
      TEST(gone_owner_is_none),
      TEST(corrupt_owner_counts),
      TEST(newer_takes_from_corrupt),
      TEST(corrupt_goes),
      TEST(broken_ticket_is_none),
      TEST(check),
      TEST(no_name),
  };
  return cmocka_run_group_tests(tests, 0, 0);
}
