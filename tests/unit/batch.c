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

#include "batch.h"
#include "commit.h"
#include "setup.h"

#define A "5d41402abc4b2a76b9719d911017c592"
#define B "7d793037a0760186574b0282f2f435e7"
#define ID "0123456789abcdef0123456789abcdef"
#define STAMP "@400000006a00000000000000"

static struct batch b;

static void held(void **state) {
  const struct expired_at at = {.hour = 3600, .line = 7};
  struct commit_writer w;
  (void)state;
  assert_int_equal(batch_hold(&b), 0);
  assert_int_equal(commit_start(&w, "c.1.0", "s.1", ID, STAMP, "", 0), 0);
  assert_int_equal(commit_add_chunk(&w, B, 5, "", "H", 1), 0);
  assert_int_equal(commit_finish(&w, "+", ""), 0);
  assert_int_equal(batch_add(&b, B, &at, 1), 0);
  assert_int_equal(batch_add(&b, A, 0, 2), 0);
  assert_int_equal(batch_add(&b, B, 0, 3), 0);
  assert_int_equal(batch_hold(&b), 1);
  assert_string_equal(b.chunk[0].md5, A);
  assert_int_equal(b.chunk[0].held, 0);
  assert_int_equal(b.chunk[1].held, 1);
  assert_int_equal(b.chunk[2].held, 1);
  assert_int_equal(b.chunk[1].at.line + b.chunk[2].at.line, 7);
  assert_true(b.chunk[1].bytes + b.chunk[2].bytes == 4);
  /* Those that were held are passed over in the next one. */
  batch_clear(&b);
  batch_add(&b, B, 0, 0);
  batch_add(&b, B, 0, 0);
  assert_int_equal(b.n, 0);
  batch_add(&b, A, 0, 0);
  assert_int_equal(b.n, 1);
  assert_int_equal(unlink(".df/commit/c.1.0"), 0);
}

static void full(void **state) {
  int r = 0, n = 0;
  (void)state;
  b.skip = 0;
  batch_clear(&b);
  while (!r) {
    r = batch_add(&b, A, 0, 0);
    ++n;
  }
  assert_int_equal(n, BATCH_MAX);
  assert_int_equal(batch_add(&b, A, 0, 0), 1);
  assert_int_equal(batch_hold(&b), BATCH_MAX);
  assert_int_equal(rename(".df/commit", ".df/away"), 0);
  assert_int_equal(batch_hold(&b), -1);
  assert_int_equal(rename(".df/away", ".df/commit"), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(held),
      cmocka_unit_test(full),
  };
  return cmocka_run_group_tests(tests, in_store, 0);
}
