#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "heads.h"
#include "setup.h"

#define A "5d41402abc4b2a76b9719d911017c592"
#define B "5d00000000000000000000000000000f"
#define C "d41d8cd98f00b204e9800998ecf8427e"

static char seen[1024];
static const char *stop_at;

static int see(void *context, const char *name) {
  assert_string_equal(context, "context");
  if (stop_at && !strcmp(name, stop_at)) {
    errno = EDOM;
    return 7;
  }
  strncat(seen, name, sizeof seen - strlen(seen) - 1);
  strncat(seen, " ", sizeof seen - strlen(seen) - 1);
  return 0;
}

static void *context = (void *)(uintptr_t) "context";

static int begin(void **state) {
  (void)state;
  *seen = 0;
  stop_at = 0;
  return 0;
}

static void sorted(void **state) {
  (void)state;
  assert_int_equal(mkdir("d", 0755), 0);
  put_text("d/b", "");
  put_text("d/a", "");
  put_text("d/.hidden", "");
  put_text("d/c", "");
  assert_int_equal(heads_sorted("d", see, context), 0);
  assert_string_equal(seen, "a b c ");
  *seen = 0;
  stop_at = "b";
  assert_int_equal(heads_sorted("d", see, context), 7);
  assert_int_equal(errno, EDOM);
  assert_string_equal(seen, "a ");
  assert_int_equal(heads_sorted("none", see, context), -1);
  assert_int_equal(errno, ENOENT);
}

static void names(void **state) {
  (void)state;
  assert_int_equal(heads_names("d", see, context), 0);
  assert_int_equal(strlen(seen), 6);
  assert_non_null(strstr(seen, "a "));
  assert_non_null(strstr(seen, "b "));
  assert_non_null(strstr(seen, "c "));
  stop_at = "c";
  assert_int_equal(heads_names("d", see, context), 7);
  assert_int_equal(errno, EDOM);
  assert_int_equal(heads_names("none", see, context), -1);
  assert_int_equal(errno, ENOENT);
  assert_int_equal(heads_names("d/a", see, context), -1);
  assert_int_equal(errno, ENOTDIR);
}

/* What is no MD5, or in another's directory, is passed over. */
static void headers(void **state) {
  (void)state;
  assert_int_equal(mkdir("head/5d", 0755), 0);
  assert_int_equal(mkdir("head/d4", 0755), 0);
  assert_int_equal(mkdir("head/xy", 0755), 0);
  put_text("head/00", "a file");
  put_text("head/5d/" A, "");
  put_text("head/5d/" B, "");
  put_text("head/5d/" C, "");
  put_text("head/5d/5d", "");
  put_text("head/5d/" A "0", "");
  put_text("head/5d/5D41402ABC4B2A76B9719D911017C592", "");
  put_text("head/d4/" C, "");
  put_text("head/xy/" A, "");
  assert_int_equal(heads_each(see, context), -1);
  assert_int_equal(errno, ENOTDIR);
  assert_int_equal(unlink("head/00"), 0);
  *seen = 0;
  assert_int_equal(heads_each(see, context), 0);
  assert_int_equal(strlen(seen), 3 * 33);
  assert_non_null(strstr(seen, A " "));
  assert_non_null(strstr(seen, B " "));
  assert_non_null(strstr(seen, C " "));
  stop_at = C;
  assert_int_equal(heads_each(see, context), 7);
  assert_int_equal(errno, EDOM);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(sorted, begin),
      cmocka_unit_test_setup(names, begin),
      cmocka_unit_test_setup(headers, begin),
  };
  return cmocka_run_group_tests(tests, in_store, 0);
}
