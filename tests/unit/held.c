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

#include "commit.h"
#include "held.h"
#include "setup.h"

#define A "5d41402abc4b2a76b9719d911017c592"
#define B "7d793037a0760186574b0282f2f435e7"
#define ID "0123456789abcdef0123456789abcdef"
#define STAMP "@400000006a00000000000000"

static char seen[256];

static int look(void *context, const char md5[MD5_HEX + 1], int is_new) {
  assert_ptr_equal(context, seen);
  strncat(seen, md5, 1);
  if (is_new)
    strcat(seen, "n");
  return 0;
}

static int stop(void *context, const char md5[MD5_HEX + 1], int is_new) {
  (void)is_new;
  (void)context;
  (void)md5;
  return 5;
}

/* A commit of A and B for one target: a byte each. */
static void commit(const char *flags, const char *duty, int published) {
  struct commit_writer w;
  struct commit c;
  assert_int_equal(commit_start(&w, "c.1.0", "s.1", ID, STAMP, "", 0), 0);
  assert_int_equal(commit_add_target(&w, 0, "10.0.0.2:1"), 0);
  assert_int_equal(commit_add_chunk(&w, A, 5, "", "H", 1), 0);
  assert_int_equal(commit_add_chunk(&w, B, 5, "", "H", 1), 0);
  assert_int_equal(commit_finish(&w, flags, duty), 0);
  assert_int_equal(commit_open(&c, "c.1.0"), 1);
  if (published)
    assert_int_equal(commit_mark_published(&c), 0);
  commit_close(&c);
  *seen = 0;
  assert_int_equal(held_each(look, seen), 0);
  assert_int_equal(unlink(".df/commit/c.1.0"), 0);
}

static void held(void **state) {
  (void)state;
  *seen = 0;
  assert_int_equal(held_each(look, seen), 0);
  assert_string_equal(seen, "");
  commit("++", "DD", 0);
  assert_string_equal(seen, "5n7n");
  commit("+-", "DD", 0); /* one was refused */
  assert_string_equal(seen, "5n");
  commit("++", "DT", 1);
  assert_string_equal(seen, "7");
  commit("++", "BD", 1);
  assert_string_equal(seen, "5");
  commit("++", "XD", 1);
  assert_string_equal(seen, "");
}

static void oddities(void **state) {
  (void)state;
  put_text(".df/commit/other", "no commit");
  assert_int_equal(held_each(look, seen), 0);
  assert_int_equal(unlink(".df/commit/other"), 0);
  assert_int_equal(mkdir(".df/commit/dir", 0700), 0);
  assert_int_equal(held_each(look, seen), -1);
  assert_int_equal(errno, EISDIR);
  assert_int_equal(rmdir(".df/commit/dir"), 0);
}

static void stopped(void **state) {
  struct commit_writer w;
  (void)state;
  assert_int_equal(commit_start(&w, "c.1.0", "s.1", ID, STAMP, "", 0), 0);
  assert_int_equal(commit_add_chunk(&w, A, 5, "", "H", 1), 0);
  assert_int_equal(commit_finish(&w, "+", ""), 0);
  assert_int_equal(held_each(stop, 0), 5);
  assert_int_equal(unlink(".df/commit/c.1.0"), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(held),
      cmocka_unit_test(oddities),
      cmocka_unit_test(stopped),
  };
  return cmocka_run_group_tests(tests, in_store, 0);
}
