#include "json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
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

static void arrays(void **state) {
  static const char o[] =
      "{\"a\":[\"x,]\",\"\\\"y\",\"\"],\"n\":[1,null,{\"b\":[\"]\",{}]},"
      "[[]]],\"e\":[],\"s\":\"[\"}";
  static const struct {
    const char *name, *values[5];
  } cases[] = {{"a", {"x,]", "\\\"y", ""}},
               {"n", {"1", "null", "{\"b\":[\"]\",{}]}", "[[]]"}},
               {"e", {0}}};
  (void)state;
  for (size_t i = 0; i < 3; ++i) {
    const char *at = json_list(o, sizeof o - 1, cases[i].name), *v;
    size_t len;
    assert_non_null(at);
    for (const char *const *want = cases[i].values; *want; ++want) {
      assert_int_equal(json_next(&at, o + sizeof o - 1, &v, &len), 1);
      assert_int_equal(len, strlen(*want));
      assert_memory_equal(v, *want, len);
    }
    assert_int_equal(json_next(&at, o + sizeof o - 1, &v, &len), 0);
  }
  assert_null(json_list(o, sizeof o - 1, "s"));
  assert_null(json_list(o, sizeof o - 1, "none"));
}

/* Cut off anywhere: an end is found. */
static void cut_arrays(void **state) {
  static const char o[] = "[\"a\",{\"b\":[\"c\"]},1,\"d\\\"\"]";
  (void)state;
  for (size_t n = 1; n < sizeof o; ++n) {
    char *copy = malloc(n);
    const char *at, *v;
    size_t len;
    int elements = 0;
    assert_non_null(copy);
    memcpy(copy, o, n);
    for (at = copy + 1; json_next(&at, copy + n, &v, &len); ++elements)
      assert_true(v >= copy && v + len <= copy + n);
    assert_in_range(elements, 0, 4);
    free(copy);
  }
}

/* What json_put_string makes of a string means the same again. */
static void plain_again(void **state) {
  static stralloc there, back;
  char s[256];
  (void)state;
  for (int i = 0; i < 256; ++i)
    s[i] = (char)(i < 128 ? i : '\\');
  assert_int_equal(json_put_string(&there, s, sizeof s), 1);
  assert_int_equal(json_plain(&back, there.s + 1, there.len - 2), 0);
  assert_int_equal(back.len, sizeof s);
  assert_memory_equal(back.s, s, sizeof s);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(plain),       cmocka_unit_test(utf8),
      cmocka_unit_test(invalid),     cmocka_unit_test(every_pair),
      cmocka_unit_test(numbers),     cmocka_unit_test(members),
      cmocka_unit_test(arrays),      cmocka_unit_test(cut_arrays),
      cmocka_unit_test(plain_again),
  };
  return cmocka_run_group_tests(tests, 0, 0);
}
