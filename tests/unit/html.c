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

#include "html.h"

static struct html h;

static void is(const char *want) {
  assert_false(h.failed);
  assert_true(stralloc_0(&h.out));
  assert_string_equal(h.out.s, want);
  stralloc_zero(&h.out);
}

static void escapes(void **state) {
  (void)state;
  html_text(&h, "<a href=\"x\" b='&amp;'>", 22);
  is("&lt;a href=&quot;x&quot; b=&#39;&amp;amp;&#39;&gt;");
  html_text(&h, "\0\t\x7f\x1b[m", 6);
  is("\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd[m");
  html_text(&h, "\xc3\xa4 \xe2\x82\xac", 6);
  is("\xc3\xa4 \xe2\x82\xac");
  html_put(&h, "<b>");
  html_number(&h, UINT64_MAX);
  is("<b>18446744073709551615");
}

/* No byte of any string comes out as markup. */
static void every_byte(void **state) {
  (void)state;
  for (int c = 0; c < 256; ++c) {
    char s = (char)c;
    html_text(&h, &s, 1);
    assert_true(stralloc_0(&h.out));
    assert_null(strpbrk(h.out.s, "<>\"'"));
    if (h.out.len == 2)
      assert_memory_equal(h.out.s, &s, 1);
    stralloc_zero(&h.out);
  }
}

static void json(void **state) {
  static const char s[] = "a\\\"\\\\<\\u000a\\u001F\\u007f";
  (void)state;
  html_json(&h, s, strlen(s));
  is("a&quot;\\&lt;\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
  html_json(&h, "", 0);
  is("");
}

static void sizes(void **state) {
  static const struct {
    uint64_t bytes;
    const char *text;
  } cases[] = {
      {0, "0 bytes"},           {1, "1 bytes"},         {999, "999 bytes"},
      {1000, "1.0 kB"},         {1999, "1.9 kB"},       {99999, "99.9 kB"},
      {100000, "100 kB"},       {999999, "999 kB"},     {1000000, "1.0 MB"},
      {12345678901, "12.3 GB"}, {UINT64_MAX, "18.4 EB"}};
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
    html_size(&h, cases[i].bytes);
    is(cases[i].text);
  }
}

static void times(void **state) {
  (void)state;
  html_time(&h, "2026-11-23T12:34:56Z", 20);
  is("<time datetime=\"2026-11-23T12:34:56Z\">2026-11-23 12:34</time>");
  html_time(&h, "<", 1);
  is("<time datetime=\"&lt;\">&lt;</time>");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(escapes), cmocka_unit_test(every_byte),
      cmocka_unit_test(json),    cmocka_unit_test(sizes),
      cmocka_unit_test(times),
  };
  return cmocka_run_group_tests(tests, 0, 0);
}
