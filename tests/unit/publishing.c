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

#include "publishing.h"
#include "setup.h"

/* A dfpublish that writes down how it was run. */
static const char fake[] = "#!/bin/sh\n"
                           "echo \"$# $*\" >> ran\n"
                           "exit 111\n";

static int start(void **state) {
  char dir[4000], path[4100];
  if (mkdir("bin", 0755) < 0 || !getcwd(dir, sizeof dir) || in_store(state) < 0)
    return -1;
  snprintf(path, sizeof path, "%s/bin:/usr/bin:/bin", dir);
  return setenv("PATH", path, 1);
}

static void not_to_be_run(void **state) {
  (void)state;
  assert_int_equal(publishing_run(), -1);
  assert_int_equal(errno, ENOENT);
}

/* It is over when this returns; how it went is its own affair. */
static void waits(void **state) {
  char text[64];
  (void)state;
  assert_int_equal(
      file_replace("../bin/dfpublish", fake, strlen(fake), 0755, 0), 0);
  assert_int_equal(publishing_run(), 0);
  assert_int_equal(file_read("ran", text, sizeof text), 5);
  assert_memory_equal(text, "1 -c\n", 5);
  assert_int_equal(publishing_run(), 0);
  assert_int_equal(file_read("ran", text, sizeof text), 10);
}

static void all(void **state) {
  static const char good[] = "#!/bin/sh\necho \"$#\" > ran\n";
  char text[64];
  (void)state;
  assert_int_equal(publishing_all(), 0);
  assert_int_equal(
      file_replace("../bin/dfpublish", good, strlen(good), 0755, 0), 0);
  assert_int_equal(publishing_all(), 1);
  assert_int_equal(file_read("ran", text, sizeof text), 2);
  assert_memory_equal(text, "0\n", 2);
  assert_int_equal(unlink("../bin/dfpublish"), 0);
  assert_int_equal(publishing_all(), -1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(not_to_be_run),
      cmocka_unit_test(waits),
      cmocka_unit_test(all),
  };
  return cmocka_run_group_tests(tests, start, 0);
}
