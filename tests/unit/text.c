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
#include "text.h"

/* A whole file, one that is empty, none, and what is no file. */
static void maps(void **state) {
  struct text t;
  (void)state;
  put_text("f", "one\ntwo");
  assert_int_equal(text_map("f", &t), 1);
  assert_int_equal(t.len, 7);
  assert_memory_equal(t.p, "one\ntwo", 7);
  text_unmap(&t);
  put_text("e", "");
  assert_int_equal(text_map("e", &t), 1);
  assert_int_equal(t.len, 0);
  text_unmap(&t);
  assert_int_equal(text_map("none", &t), 0);
  assert_int_equal(t.len, 0);
  text_unmap(&t);
  assert_int_equal(symlink("f", "l"), 0);
  assert_int_equal(text_map("l", &t), -1);
  assert_int_equal(errno, ELOOP);
  assert_int_equal(text_map(".df", &t), -1);
  assert_int_equal(t.len, 0);
}

/* A line that has not come to its end is none yet. */
static void lines(void **state) {
  const struct text t = {"one\n\nthree\nfo", 13};
  struct text line;
  size_t pos = 0;
  (void)state;
  assert_int_equal(text_line(&t, &pos, &line), 1);
  assert_int_equal(line.len, 3);
  assert_memory_equal(line.p, "one", 3);
  assert_int_equal(text_line(&t, &pos, &line), 1);
  assert_int_equal(line.len, 0);
  assert_int_equal(text_line(&t, &pos, &line), 1);
  assert_memory_equal(line.p, "three", line.len);
  assert_int_equal(pos, 11);
  assert_int_equal(text_line(&t, &pos, &line), 0);
  assert_int_equal(pos, 11);
  pos = 13;
  assert_int_equal(text_line(&t, &pos, &line), 0);
  pos = 1000;
  assert_int_equal(text_line(&t, &pos, &line), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(maps),
      cmocka_unit_test(lines),
  };
  return cmocka_run_group_tests(tests, in_store, 0);
}
