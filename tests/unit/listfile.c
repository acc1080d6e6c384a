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

#include "listfile.h"
#include "setup.h"

#define ENTRY "\4\12\0\0\1\x44\x46\0\0\0\0"
#define LIST "\0\0\0\13" ENTRY

static char list[LIST_MAX], big[LIST_MAX + 5];
static size_t len;

static const char *read_bytes(const void *p, size_t n) {
  assert_int_equal(file_replace("f", p, n, 0644, 0), 0);
  errno = EINTR;
  len = 4711;
  return listfile_read("f", list, &len);
}

static void refused(const void *p, size_t n, const char *want) {
  const char *why = read_bytes(p, n);
  assert_non_null(why);
  assert_string_equal(why, want);
  assert_int_equal(errno, 0);
}

static void good(void **state) {
  (void)state;
  assert_null(read_bytes(LIST_MAGIC LIST, 4 + sizeof LIST - 1));
  assert_int_equal(len, sizeof LIST - 1);
  assert_memory_equal(list, LIST, len);
  assert_null(read_bytes(LIST_MAGIC, 4));
  assert_int_equal(len, 0);
}

static void no_list(void **state) {
  (void)state;
  refused("", 0, "it is no replicate list (genrep makes one)");
  refused("DFR", 3, "it is no replicate list (genrep makes one)");
  refused("DFR2" LIST, 4 + sizeof LIST - 1,
          "it is no replicate list (genrep makes one)");
  refused(LIST_MAGIC LIST, 4 + sizeof LIST - 2,
          "a set is longer than the list that it is in");
}

/* The longest: read whole, then looked at; a byte more is said at once. */
static void the_longest(void **state) {
  (void)state;
  memcpy(big, LIST_MAGIC, 4);
  refused(big, sizeof big - 1, "a set is empty");
  assert_int_equal(len, LIST_MAX);
  refused(big, sizeof big, "it is longer than a list may be");
}

static void unable(void **state) {
  const char *why;
  (void)state;
  why = listfile_read("none", list, &len);
  assert_non_null(why);
  assert_string_equal(why, "unable to open it");
  assert_int_equal(errno, ENOENT);
  why = listfile_read(".df", list, &len);
  assert_non_null(why);
  assert_string_equal(why, "unable to read it");
  assert_int_equal(errno, EISDIR);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(good),
      cmocka_unit_test(no_list),
      cmocka_unit_test(the_longest),
      cmocka_unit_test(unable),
  };
  return cmocka_run_group_tests(tests, in_store, 0);
}
