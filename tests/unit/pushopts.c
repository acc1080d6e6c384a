#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pushopts.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct pushopts o;
static char *words[32];

/* Reads a line of arguments, in words. */
static int read_line(const char *line) {
  static char text[256];
  int n = 0;

  snprintf(text, sizeof text, "pushdf %s", line);
  for (char *w = strtok(text, " "); w; w = strtok(0, " "))
    words[n++] = w;
  words[n] = 0;
  optind = 0; /* glibc: from the beginning */
  return pushopts_read(&o, n, words);
}

static const char *check(const char *line) {
  assert_true(read_line(line));
  return pushopts_check(&o, words + optind);
}

static void reads_them_all(void **state) {
  (void)state;
  assert_true(read_line("-anqSvK0 -k k -b b -c 1 -h h -o t -t 2 -w 3 file"));
  assert_true(o.append && o.dry && o.quiet && o.origin.sha256 && o.verbose);
  assert_true(o.key_is_name && o.names_from_stdin);
  assert_string_equal(o.key, "k");
  assert_string_equal(o.origin.host, "h");
  assert_string_equal(o.ticket, "t");
  assert_int_equal(o.origin.backups.lines, 1);
  assert_true(o.origin.has_cache_time && o.origin.cache_time == 1);
  assert_true(o.origin.has_ttl && o.origin.ttl == 2);
  assert_int_equal(o.timeout, 3);
  assert_string_equal(words[optind], "file");
}

static void needs_none(void **state) {
  (void)state;
  assert_true(read_line("file -k"));
  assert_false(o.key || o.append || o.origin.has_ttl);
  assert_int_equal(o.timeout, 30);
  assert_string_equal(words[optind], "file");
}

static void is_wrong(const char *line, const char *why, const char *argument) {
  assert_false(read_line(line));
  if (why)
    assert_string_equal(o.why, why);
  else
    assert_null(o.why);
  if (argument)
    assert_string_equal(o.argument, argument);
  else
    assert_null(o.argument);
}

static void says_what_is_wrong(void **state) {
  (void)state;
  is_wrong("-k", 0, 0);
  is_wrong("-/", 0, 0);
  is_wrong("-c x", "bad cache time", "x");
  is_wrong("-t 1234567890123456789", "bad ttl", "1234567890123456789");
  is_wrong("-w 0 -/", "bad time-out", "0");
  is_wrong("-b [::1]", "bad backup host", "[::1]");
}

static void knows_what_goes_together(void **state) {
  (void)state;
  assert_null(check(""));
  assert_null(check("-a -k k ticket"));
  assert_null(check("-0K"));
  assert_null(check("-K - file"));
  assert_non_null(check("-0 file"));
  assert_non_null(check("-K"));
  assert_non_null(check("-K -k k file"));
  assert_non_null(check("-k k file file"));
  assert_non_null(check("-o t -0"));
  assert_non_null(check("-a -K ticket"));
  assert_non_null(check("-a -S ticket"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reads_them_all),
      cmocka_unit_test(needs_none),
      cmocka_unit_test(says_what_is_wrong),
      cmocka_unit_test(knows_what_goes_together),
  };

  return cmocka_run_group_tests(tests, 0, 0);
}
