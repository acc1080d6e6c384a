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

#include "pagetext.h"

/* Nothing in them ends the element that they stand in, and their bytes are the
 * same in any encoding. */
static void is_inert(const char *text) {
  assert_null(strstr(text, "</"));
  assert_null(strstr(text, "<!--"));
  for (; *text; ++text)
    assert_true((*text >= ' ' && *text <= '~') || *text == '\n');
}

static void inert(void **state) {
  (void)state;
  is_inert(pagetext_style);
  is_inert(pagetext_script);
}

/* Nothing comes from elsewhere, and text never becomes markup. */
static void no_outside(void **state) {
  static const char *const bad[] = {
      "http:", "https:",  "innerHTML",  "outerHTML",     "eval",
      "url(",  "@import", "document.w", "insertAdjacent"};
  (void)state;
  for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i) {
    assert_null(strstr(pagetext_style, bad[i]));
    assert_null(strstr(pagetext_script, bad[i]));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(inert),
      cmocka_unit_test(no_outside),
  };
  return cmocka_run_group_tests(tests, 0, 0);
}
