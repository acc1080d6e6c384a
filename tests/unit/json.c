#include "json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

static stralloc out;

static void is(const char *in, size_t len, int good, const char *want) {
  stralloc_zero(&out);
  assert_int_equal(json_put_string(&out, in, len), good);
  assert_int_equal(out.len, strlen(want));
  assert_memory_equal(out.s, want, out.len);
}
#define IS(in, good, want) is(in, sizeof in - 1, good, want)

static void plain(void **state) {
  (void)state;
  IS("", 1, "\"\"");
  IS("backups/monday", 1, "\"backups/monday\"");
  IS("a\"b\\c", 1, "\"a\\\"b\\\\c\"");
  IS("\1\n\37 \177", 1, "\"\\u0001\\u000a\\u001f \\u007f\"");
  IS("a\0b", 1, "\"a\\u0000b\"");
  IS("<script>", 1, "\"<script>\"");
}

static void utf8(void **state) {
  (void)state;
  IS("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 1,
     "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"");
  IS("\xf4\x8f\xbf\xbf", 1, "\"\xf4\x8f\xbf\xbf\"");
  IS("\xe2\x80\xa8", 1, "\"\xe2\x80\xa8\"");
}

#define R "\xef\xbf\xbd"
static void invalid(void **state) {
  (void)state;
  IS("a\xff"
     "b",
     0, "\"a" R "b\"");
  IS("\x80", 0, "\"" R "\"");
  IS("\xc0\xaf", 0, "\"" R R "\"");             /* overlong */
  IS("\xe0\x9f\xbf", 0, "\"" R R R "\"");       /* overlong */
  IS("\xed\xa0\x80", 0, "\"" R R R "\"");       /* surrogate */
  IS("\xf4\x90\x80\x80", 0, "\"" R R R R "\""); /* beyond U+10FFFF */
  IS("\xe2\x82", 0, "\"" R R "\"");             /* cut */
  IS("\xe2\x82\"", 0, "\"" R R "\\\"\"");
}

/* Every pair of bytes gives a string that a strict parser takes. */
static void every_pair(void **state) {
  (void)state;
  for (int i = 0; i < 65536; ++i) {
    char in[2] = {(char)(i >> 8), (char)i};
    json_t *j;
    stralloc_zero(&out);
    assert_int_not_equal(json_put_string(&out, in, 2), -1);
    j = json_loadb(out.s, out.len, JSON_DECODE_ANY | JSON_ALLOW_NUL, 0);
    assert_non_null(j);
    if (in[0] > 0 && in[1] > 0) {
      assert_int_equal(json_string_length(j), 2);
      assert_memory_equal(json_string_value(j), in, 2);
    }
    json_decref(j);
  }
}

static void numbers(void **state) {
  (void)state;
  stralloc_zero(&out);
  assert_int_equal(json_put_number(&out, 0), 0);
  assert_int_equal(json_put_text(&out, ","), 0);
  assert_int_equal(json_put_number(&out, UINT64_MAX), 0);
  assert_int_equal(out.len, 22);
  assert_memory_equal(out.s, "0,18446744073709551615", 22);
}

static const char object[] = "{\"a\":\"x\",\"k\":[\"md5\",\"\\\"n\\\":1\",{"
                             "\"n\":7}],\"n\":12,\"z\":null,"
                             "\"last\":\"q\\\"\",\"open\":[\n";

static void members(void **state) {
  const char *v;
  size_t len;
  (void)state;
  assert_int_equal(json_find(object, strlen(object), "a", &v, &len), 1);
  assert_int_equal(len, 1);
  assert_memory_equal(v, "x", 1);
  assert_int_equal(json_find(object, strlen(object), "n", &v, &len), 1);
  assert_int_equal(len, 2);
  assert_memory_equal(v, "12", 2);
  assert_int_equal(json_find(object, strlen(object), "z", &v, &len), 1);
  assert_memory_equal(v, "null", 4);
  assert_int_equal(json_find(object, strlen(object), "last", &v, &len), 1);
  assert_int_equal(len, 3);
  assert_int_equal(json_find(object, strlen(object), "open", &v, &len), 0);
  assert_int_equal(json_find(object, strlen(object), "md5", &v, &len), 0);
  for (size_t i = 0; i < strlen(object); ++i)
    json_find(object, i, "open", &v, &len);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(plain),   cmocka_unit_test(utf8),
      cmocka_unit_test(invalid), cmocka_unit_test(every_pair),
      cmocka_unit_test(numbers), cmocka_unit_test(members),
  };
  return cmocka_run_group_tests(tests, 0, 0);
}
