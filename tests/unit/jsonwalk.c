#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "jsonwalk.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How many members; -1: no object. All is in memory of just that length, so
 * that sanitizers see what is read beyond it. */
static int walk(const char *s, size_t len, struct member *last) {
  char *p = malloc(len ? len : 1);
  struct jsonwalk w;
  struct member m;
  int n = 0, r;
  assert_non_null(p);
  memcpy(p, s, len);
  jsonwalk_start(&w, p, len);
  while ((r = jsonwalk_next(&w, &m)) == 1) {
    ++n;
    if (last) {
      last->name = s + (m.name - p);
      last->name_len = m.name_len;
      last->value = s + (m.value - p);
      last->value_len = m.value_len;
    }
  }
  free(p);
  return r < 0 ? -1 : n;
}

static void members(void **state) {
  static const struct {
    const char *text, *name, *value;
    int n;
  } t[] = {
      {"{\"md5\":\"ab\"}", "md5", "\"ab\"", 1},
      {" {\t\"a\" : 1 ,\r\n\"b\" : -0.5e+7 } \n", "b", "-0.5e+7", 2},
      {"{\"a\":[1,[],{},{\"b\":[null]}],\"\":{\"x\":\"}\"}}", "",
       "{\"x\":\"}\"}", 2},
      {"{\"q\\\"\":\"\\\\\\\"\\u00e4\"}", "q\\\"", "\"\\\\\\\"\\u00e4\"", 1},
      {"{\"t\":true}", "t", "true", 1},
  };
  struct member m;
  (void)state;
  assert_int_equal(walk("{}", 2, 0), 0);
  assert_int_equal(walk(" { } ", 5, 0), 0);
  for (size_t i = 0; i < sizeof t / sizeof *t; ++i) {
    assert_int_equal(walk(t[i].text, strlen(t[i].text), &m), t[i].n);
    assert_int_equal(m.name_len, strlen(t[i].name));
    assert_memory_equal(m.name, t[i].name, m.name_len);
    assert_int_equal(m.value_len, strlen(t[i].value));
    assert_memory_equal(m.value, t[i].value, m.value_len);
    assert_int_equal(jsonwalk_is(&m, t[i].name), 1);
    assert_int_equal(jsonwalk_is(&m, "other"), 0);
  }
}

/* Every text that differs from a good one in a byte or two, or is cut off, gets
 * jansson's verdict. */
static void as_another_parser_says(void **state) {
  static const char good[] = "{\"a\":[1,-2.5e3,{\"b\":null},[]],\"c\":true , "
                             "\"d\":\"x\\n\\u12aF\",\"e\":{} }";
  static const char bytes[] = "{}[]\",:\\ \t\n\001 019-+.eEtrufalsenbx";
  const size_t len = sizeof good - 1, tries = sizeof bytes - 1;
  unsigned long refused = 0, taken = 0;
  (void)state;
  for (size_t i = 0; i <= len; ++i)
    for (size_t j = 0; j < 3 * tries; ++j) {
      char text[sizeof good + 1];
      size_t n = len;
      json_t *is;
      memcpy(text, good, len);
      if (j < tries)
        text[i] = bytes[j];
      else if (j < 2 * tries) { /* put between */
        memmove(text + i + 1, text + i, len - i);
        text[i] = bytes[j - tries];
        ++n;
      } else { /* taken out, and another one changed */
        memmove(text + i, text + i + 1, len - i);
        text[j * 7 % len] = bytes[j - 2 * tries];
        --n;
      }
      is = json_loadb(text, n, 0, 0);
      if (is && !json_is_object(is)) {
        json_decref(is);
        is = 0;
      }
      assert_int_equal(walk(text, n, 0) >= 0, is != 0);
      if (is)
        ++taken;
      else
        ++refused;
      json_decref(is);
    }
  for (size_t i = 0; i < len; ++i)
    assert_int_equal(walk(good, i, 0), -1);
  assert_true(taken > 100 && refused > 1000);
}

static void numbers_and_words(void **state) {
  static const char *const good[] = {"0",
                                     "-0",
                                     "10",
                                     "0.0",
                                     "1e9",
                                     "1E-9",
                                     "123456789012345678901234567890",
                                     "true",
                                     "false",
                                     "null",
                                     "\"\\/\\b\""};
  static const char *const bad[] = {
      "01",         "-",        "+1",    ".5",        "1.",      "1e",
      "1e+",        "0x1",      "tru",   "True",      "truely",  "nul",
      "NaN",        "Infinity", "'a'",   "\"a",       "\"\\a\"", "\"\\u12g4\"",
      "\"\\u12\"",  "[1,]",     "[,1]",  "{,}",       "{\"a\"}", "{\"a\":}",
      "{\"a\":1,}", "[1 2]",    "[1}",   "{\"a\":1]", "",        "1 2",
      "\"\t\"",     "{1:2}",    "{a:1}", "//",        "\177"};
  char text[64];
  (void)state;
  for (size_t i = 0; i < sizeof good / sizeof *good; ++i) {
    snprintf(text, sizeof text, "{\"v\":%s}", good[i]);
    assert_int_equal(walk(text, strlen(text), 0), 1);
  }
  for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i) {
    snprintf(text, sizeof text, "{\"v\":%s}", bad[i]);
    assert_int_equal(walk(text, strlen(text), 0), -1);
  }
}

static void no_object(void **state) {
  static const char *const bad[] = {
      "",     " ",   "[]",   "1",      "\"\"",     "{}{}", "{} x",
      "x{}",  "{",   "}",    "{,",     "{}}",      "{}\\", "{1",
      "null", "{\"", "{\"a", "{\"a\"", "{\"a\":1,"};
  (void)state;
  for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i)
    assert_int_equal(walk(bad[i], strlen(bad[i]), 0), -1);
  assert_int_equal(walk("{}\0", 3, 0), -1);
  assert_int_equal(walk("{\"a\":[1\0]}", 10, 0), -1);
}

static void depth(void **state) {
  (void)state;
  for (int more = 0; more < 2; ++more)
    for (int kind = 0; kind < 2; ++kind) {
      char text[8 * JSONWALK_DEPTH] = "{\"v\":";
      for (int i = 0; i < JSONWALK_DEPTH + more - 1; ++i)
        strcat(text, kind ? "{\"a\":" : "[");
      strcat(text, kind ? "{" : "[");
      for (int i = 0; i < JSONWALK_DEPTH + more; ++i)
        strcat(text, kind ? "}" : "]");
      strcat(text, "}");
      assert_int_equal(walk(text, strlen(text), 0), more ? -1 : 1);
    }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(members),
      cmocka_unit_test(as_another_parser_says),
      cmocka_unit_test(numbers_and_words),
      cmocka_unit_test(no_object),
      cmocka_unit_test(depth),
  };
  return cmocka_run_group_tests(tests, 0, 0);
}
