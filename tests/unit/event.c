#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "event.h"

#define MD5 "5d41402abc4b2a76b9719d911017c592"

static char out[EVENT_MAX];

/* want has the process id left out, where the % is. */
static void is(size_t len, const char *want) {
  char whole[EVENT_MAX];
  const char *at = strchr(want, '%');
  snprintf(whole, sizeof whole, "%.*s%ld%s", (int)(at - want), want,
           (long)getpid(), at + 1);
  assert_string_equal(out, whole);
  assert_int_equal(len, strlen(whole));
}

static void all_words(void **state) {
  (void)state;
  is(event_line(out, "dfserve", "stored", "10.0.0.9:4711", MD5, 5, 17, 0),
     "dfserve: stored % 10.0.0.9:4711 " MD5 " 5 17\n");
  is(event_line(out, "dfrelay", "failed", "[::1]:1", MD5, UINT64_MAX,
                UINT64_MAX, "timed out"),
     "dfrelay: failed % [::1]:1 " MD5
     " 18446744073709551615 18446744073709551615 timed out\n");
}

static void a_dash_for_what_is_not_known(void **state) {
  (void)state;
  is(event_line(out, "p", "w", 0, 0, 0, 0, 0), "p: w % - - 0 0\n");
  is(event_line(out, "p", "w", "", "", 0, 0, 0), "p: w % - - 0 0\n");
}

static void one_line_whatever_comes(void **state) {
  char text[400], want[EVENT_MAX];
  size_t len;
  (void)state;
  is(event_line(out, "p", "w", "a\nb", 0, 1, 2, "x\n\x1b[2J\xc3\xa9"),
     "p: w % a?b - 1 2 x??[2J??\n");
  memset(text, 'r', sizeof text - 1);
  text[sizeof text - 1] = 0;
  len = event_line(out, "dfpublish", "target-refused", text, MD5, UINT64_MAX,
                   UINT64_MAX, text);
  assert_int_equal(len, strlen(out));
  assert_ptr_equal(strchr(out, '\n'), out + len - 1);
  snprintf(want, sizeof want, " %.100s...\n", text);
  assert_string_equal(out + len - strlen(want), want);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(all_words),
      cmocka_unit_test(a_dash_for_what_is_not_known),
      cmocka_unit_test(one_line_whatever_comes),
  };
  return cmocka_run_group_tests(tests, 0, 0);
}
