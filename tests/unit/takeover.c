#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "commit.h"
#include "setup.h"
#include "takeover.h"

#define STORED "@400000006a1b2c3d00000001"
#define ID "0123456789abcdef0123456789abcdef"
#define HEADER "Host: 10.0.0.1\nStamp: " STORED "\n"
#define TARGET "10.0.0.2:17478"

/* 10.0.0.2, then 10.0.0.3 in the second set; and that set with another host. */
static const char list[] = "\0\0\0\v\4\n\0\0\2DF\0\0\0\0"
                           "\0\0\0\v\4\n\0\0\3DF\0\0\0";
static const char other[] = "\0\0\0\v\4\n\0\0\4DF\0\0\0";
#define REST (list + 15)
#define REST_LEN (sizeof list - 15)

static unsigned char named[COMMIT_CHUNKS];
static char name[COMMIT_NAME];
static uint32_t place[COMMIT_CHUNKS];

/* A commit of two chunks, the second is named. */
static int made(void **state) {
  struct commit_writer w;
  (void)state;
  if (commit_start(&w, "a", "stream", ID, STORED, list, sizeof list) < 0 ||
      commit_add_target(&w, 0, TARGET) < 0)
    return -1;
  for (int i = 0; i < 2; ++i) {
    char md5[MD5_HEX + 1];
    snprintf(md5, sizeof md5, "%032d", i);
    if (commit_add_chunk(&w, md5, 5, "", HEADER, strlen(HEADER)) < 0)
      return -1;
  }
  named[1] = 1;
  return commit_finish(&w, "++", "TT");
}

static long take(const char *target, const char *l, size_t len, int half) {
  static struct targets heirs;
  struct takeover t = {target, "mine", l, len, &heirs, half};
  targets_scan(&heirs, l, len);
  return takeover_commit(&t, "a", named, name, place);
}

static void is(const char *commit, uint32_t i, char duty) {
  struct commit c;
  assert_int_equal(commit_open(&c, commit), 1);
  assert_int_equal(commit_duty(&c, 0, i), duty);
  commit_close(&c);
}

static void takes(void **state) {
  (void)state;
  assert_int_equal(take(TARGET, REST, REST_LEN, 0), 1);
  assert_int_equal(place[0], TAKEOVER_NOT);
  assert_int_equal(place[1], 0);
  is("a", 0, DUTY_TODO);
  is("a", 1, DUTY_TAKEN_OVER);
  is(name, 0, DUTY_TODO);
  assert_int_equal(take(TARGET, REST, REST_LEN, 0), 0); /* once */
  assert_int_equal(names_in(".df/commit"), 2);
}

static void half(void **state) {
  (void)state;
  assert_int_equal(take(TARGET, REST, REST_LEN, 1), 1);
  is("a", 1, DUTY_HALF);
}

/* The same target is owed something else, or nothing. */
static void not_its_list(void **state) {
  (void)state;
  assert_int_equal(take(TARGET, other, sizeof other, 0), 0);
  assert_int_equal(take(TARGET, REST, 0, 0), 0);
  assert_int_equal(take("10.0.0.3:17478", REST, REST_LEN, 0), 0);
  is("a", 1, DUTY_TODO);
  assert_int_equal(names_in(".df/commit"), 1);
}

static int gone(void **state) {
  char path[128];
  (void)state;
  snprintf(path, sizeof path, ".df/commit/%s", name);
  unlink(path);
  *name = 0;
  return unlink(".df/commit/a");
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup_teardown(f, made, gone)
  const struct CMUnitTest tests[] = {
      TEST(takes),
      TEST(half),
      TEST(not_its_list),
  };
  return cmocka_run_group_tests(tests, in_store, 0);
}
