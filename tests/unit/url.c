#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "url.h"

static void is(const char *template, const char *host, const char *want) {
  char out[URL_MAX];
  assert_null(url_make(out, template, host, "status.json"));
  assert_string_equal(out, want);
}

static void expands(void **state) {
  (void)state;
  is("http://%h/dfstor/", "10.0.0.1", "http://10.0.0.1/dfstor/status.json");
  is("https://%h:8443/s", "h.example", "https://h.example:8443/s/status.json");
  is("HTTP://%h:80/", "2001:db8::1", "HTTP://[2001:db8::1]:80/status.json");
  is("http://www/%h", "10.0.0.1", "http://www/10.0.0.1/status.json");
  is("http://%h/a%20b/%h/", "h", "http://h/a%20b/h/status.json");
}

static void refuses(void **state) {
  (void)state;
  assert_string_equal(url_check("ftp://%h/"),
                      "it is neither http:// nor https://");
  assert_string_equal(url_check(""), "it is neither http:// nor https://");
  assert_string_equal(url_check("http://10.0.0.1/"), "it has no %h");
  assert_string_equal(url_check("http://%h/a b"),
                      "it has a byte that no URL has");
  assert_string_equal(url_check("http://%h/\n"),
                      "it has a byte that no URL has");
  assert_string_equal(url_check("http://%h/\xc3\xa4"),
                      "it has a byte that no URL has");
}

static void limit(void **state) {
  char template[URL_MAX + 64], out[URL_MAX + 1];
  size_t n = URL_MAX - 1 - strlen("/status.json") - strlen("http://h/");
  (void)state;
  out[URL_MAX] = 'x';
  for (size_t more = 0; more < 16; ++more) {
    memset(template, 0, sizeof template);
    strcpy(template, "http://%h/");
    memset(template + 10, 'a', n + more);
    if (more == 0) {
      assert_null(url_make(out, template, "h", "status.json"));
      assert_int_equal(strlen(out), URL_MAX - 1);
    } else
      assert_string_equal(url_make(out, template, "h", "status.json"),
                          "it is too long");
    assert_int_equal(out[URL_MAX], 'x');
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(expands),
      cmocka_unit_test(refuses),
      cmocka_unit_test(limit),
  };
  return cmocka_run_group_tests(tests, 0, 0);
}
