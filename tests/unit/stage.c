#include "stage.h"
#include "file.h"
#include "header.h"
#include "heads.h"
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

#include "synced.h"

#define A "5d41402abc4b2a76b9719d911017c592"

static struct stage s;
static char text[HEADER_MAX];

static int start(void **state) {
  (void)state;
  return store_open() || stage_start(&s) < 0 ? -1 : 0;
}

static int end(void **state) {
  (void)state;
  stage_end(&s);
  return 0;
}

static void is(enum stage_kind kind, const char *name, const char *want) {
  ssize_t len = stage_read(kind, name, text, sizeof text);
  assert_int_equal(len, strlen(want));
  assert_memory_equal(text, want, (size_t)len);
}

static void places(void **state) {
  struct stat st;
  char path[STAGE_PATH];
  (void)state;
  assert_int_equal(stage_read(STAGE_HEADER, A, text, sizeof text), -1);
  assert_int_equal(errno, ENOENT);
  synced_forget();
  assert_int_equal(stage_put(&s, STAGE_HEADER, A, "old", 3), 0);
  assert_int_equal(stage_put(&s, STAGE_HEADER, A, "x", 1), 0);
  assert_int_equal(stage_put(&s, STAGE_TICKET, "k", "t", 1), 0);
  assert_int_equal(stage_put(&s, STAGE_LINK, "k", "old", 3), 0);
  assert_int_equal(stage_put(&s, STAGE_LINK, "k", "l", 1), 0);
  assert_int_equal(synced(".df/publish/header/" A), 1);
  assert_int_equal(synced(".df/publish/ticket/k"), 3);
  is(STAGE_HEADER, A, "x");
  stage_path(path, STAGE_HEADER, A);
  assert_int_equal(lstat(path, &st), -1);
  synced_forget();
  assert_int_equal(stage_apply(&s), 0);
  assert_string_equal(synced_log, "head/5d\nhead\nhead/key\nkey\n");
  assert_int_equal(lstat(path, &st), 0);
  assert_int_equal(st.st_mode, S_IFREG | 0644);
  assert_int_equal(lstat("head/key/k", &st), 0);
  assert_int_equal(lstat("key/k", &st), 0);
  assert_true(S_ISLNK(st.st_mode));
  is(STAGE_HEADER, A, "x");
  is(STAGE_LINK, "k", "l");
  assert_int_equal(stage_put(&s, STAGE_LINK, "k", "new", 3), 0);
  assert_int_equal(stage_apply(&s), 0);
  is(STAGE_LINK, "k", "new");
  assert_int_equal(stage_apply(&s), 0);
}

static void forgets_what_was_left(void **state) {
  (void)state;
  assert_int_equal(stage_put(&s, STAGE_TICKET, "left", "t", 1), 0);
  assert_int_equal(file_replace(".df/publish/status", "", 0, 0644, 0), 0);
  stage_end(&s);
  assert_int_equal(stage_start(&s), 0);
  assert_int_equal(access(".df/publish/status", F_OK), -1);
  assert_int_equal(stage_apply(&s), 0);
  assert_int_equal(stage_read(STAGE_TICKET, "left", text, sizeof text), -1);
}

static void limits(void **state) {
  char name[256], max[STAGE_PATH];
  (void)state;
  memset(name, 'n', 255);
  name[255] = 0;
  assert_int_equal(stage_put(&s, STAGE_LINK, name, "l", 1), 0);
  assert_int_equal(stage_put(&s, STAGE_TICKET, name, "t", 1), 0);
  assert_int_equal(stage_apply(&s), 0);
  is(STAGE_LINK, name, "l");
  stage_path(max, STAGE_TICKET, name);
  assert_int_equal(strlen(max), 264);
  assert_int_equal(file_replace(max, text, sizeof text, 0644, 0), 0);
  assert_int_equal(stage_read(STAGE_TICKET, name, text, 100), -1);
  assert_int_equal(errno, EFBIG);
}

static void put(const char *name) {
  if (stage_put(&s, STAGE_HEADER, name, name, 32) < 0)
    fail_msg("%s: %s", name, strerror(errno));
}

static int count(void *context, const char *name) {
  assert_int_equal(strlen(name), 32);
  return ++*(int *)context == 150 ? 7 : 0;
}

/* More than are synced one by one, in many directories. */
static void many(void **state) {
  char name[40];
  int n = 0;
  (void)state;
  for (int i = 0; i < 100; ++i) {
    snprintf(name, sizeof name, "%02x%030x", i, i);
    put(name);
  }
  synced_forget();
  assert_int_equal(stage_apply(&s), 0);
  assert_string_equal(synced_log, ".df/publish/.\n.df/publish/.\n"
                                  ".df/publish/.\n.df/publish/.\n");
  for (int i = 0; i < 100; ++i) {
    snprintf(name, sizeof name, "%02x%030x", i, i);
    is(STAGE_HEADER, name, name);
  }
  assert_int_equal(file_replace("head/00/.hidden", "", 0, 0644, 0), 0);
  assert_int_equal(file_replace("head/00/" A, "", 0, 0644, 0), 0);
  assert_int_equal(heads_each(count, &n), 0);
  assert_int_equal(n, 101);
  n = 100;
  assert_int_equal(heads_each(count, &n), 7);
  assert_int_equal(heads_names("nowhere", count, &n), -1);
}

/* What a killed run has placed is durable before anything is told of it. */
static void recovers(void **state) {
  (void)state;
  synced_forget();
  assert_int_equal(stage_recover(&s), 0);
  assert_int_equal(synced(".df/publish/."), 1);
  synced_fails = 1;
  assert_int_equal(stage_recover(&s), -1);
  assert_int_equal(errno, EIO);
  synced_fails = 0;
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup_teardown(f, start, end)
  const struct CMUnitTest tests[] = {TEST(places), TEST(forgets_what_was_left),
                                     TEST(limits), TEST(many), TEST(recovers)};
  return cmocka_run_group_tests(tests, 0, 0);
}
