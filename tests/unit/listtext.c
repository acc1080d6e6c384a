#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "listtext.h"

static struct listtext t;
static char out[LISTTEXT_MAX];

static void becomes(const char *text, const char *again) {
  struct complaint c;
  size_t len;

  assert_int_equal(listtext_scan(&t, text, strlen(text), &c), 1);
  assert_null(list_check(t.list, t.len));
  len = listtext_fmt(out, t.list, t.len);
  assert_int_equal(len, strlen(again));
  assert_memory_equal(out, again, len);
}

static void test_bytes(void **state) {
  static const char tree[] = "\0\0\0\42"
                             "\0\1b\0\3\0\0\0\31"
                             "\0\0\0\25"
                             "\0\1a\0\1\0\0\0\0"
                             "\0\4c..d\0\2\0\0\0\0";
  struct complaint c;

  (void)state;
  assert_int_equal(listtext_scan(&t, "b:3\n a:1\n c..d:2\n", 17, &c), 1);
  assert_int_equal(t.len, sizeof tree - 1);
  assert_memory_equal(t.list, tree, t.len);
  assert_int_equal(t.entries, 3);
  assert_int_equal(t.line[2], 3);
}

static void test_forms(void **state) {
  (void)state;
  becomes("a:1", "a:1\n");
  becomes("\n#x\n \t\na:1 \t\r\n\t #\nTARGET\r\nb:1\n", "a:1\nTARGET\nb:1\n");
  becomes("a:1\n b:1\n  c:1\n TARGET\n d:1\ne:1\n  f:1\nTARGET\ng:1\n h:1\n",
          "a:1\n    b:1\n        c:1\n    TARGET\n    d:1\ne:1\n    f:1\n"
          "TARGET\ng:1\n    h:1\n");
  becomes("a:1\n\t\tb:1\n\t\t\tc:1\nTARGET\na:1",
          "a:1\n    b:1\n        c:1\nTARGET\na:1\n");
}

static void test_complaints(void **state) {
  static const struct {
    const char *text;
    unsigned int line;
    const char *shown, *why;
    unsigned int other;
  } bad[] = {
      {"", 0, "", "there is no entry", 0},
      {"\n\n# a:1\n", 0, "", "there is no entry", 0},
      {"\na:1\n\n  b \n", 4, "b", "the port is missing", 0},
      {"a:1\nb:1\nA:1", 3, "A:1", "this entry is in the set already", 1},
      {"a:1\n b:1\n c:1\na:1", 4, "a:1", "this entry is in the set already", 1},
      {"TARGET\na:1", 1, "TARGET",
       "no entry stands before it, so the set is empty", 0},
      {"a:1\nTARGET\n\nTARGET\nb:1", 4, "TARGET",
       "no entry stands before it, so the set is empty", 0},
      {"a:1\n TARGET\n b:1", 2, "TARGET",
       "no entry stands before it, so the set is empty", 0},
      {"a:1\nTARGET\n\n", 2, "TARGET", "no entry follows, so the set is empty",
       0},
      {"a:1\n b:1\n TARGET\nc:1", 3, "TARGET",
       "no entry follows, so the set is empty", 0},
      {" a:1", 1, "a:1", "the indentation is uneven: no entry stands above", 0},
      {"a:1\nTARGET\n b:1", 3, "b:1",
       "the indentation is uneven: no entry stands above", 0},
      {"a:1\n   b:1\n  c:1", 3, "c:1", "the indentation is uneven", 0},
      {"a:1\n b:1\nc:1\n\td:1", 4, "d:1",
       "the indentation mixes spaces and tabs", 0},
      {"a:1\n\t b:1", 2, "b:1", "the indentation mixes spaces and tabs", 0},
  };

  (void)state;
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    struct complaint c;

    assert_int_equal(listtext_scan(&t, bad[i].text, strlen(bad[i].text), &c),
                     0);
    assert_string_equal(c.why, bad[i].why);
    assert_int_equal(c.line, bad[i].line);
    assert_int_equal(c.other, bad[i].other);
    assert_int_equal(c.text_len, strlen(bad[i].shown));
    assert_memory_equal(c.text, bad[i].shown, c.text_len);
  }
}

static void refused_at(size_t len, uint32_t line, const char *why) {
  struct complaint c;

  assert_int_equal(listtext_scan(&t, out, len, &c), 0);
  assert_int_equal(c.line, line);
  assert_string_equal(c.why, why);
}

static void test_limits(void **state) {
  struct complaint c;
  size_t at = 0;

  (void)state;
  for (int i = 0; i < 257; i++, at += 11)
    memcpy(out + at, "a:1\nTARGET\n", 11);
  assert_int_equal(listtext_scan(&t, out, 256 * 11 - 7, &c), 1);
  refused_at(at, 512, "there are more than 256 sets in a row");
  at = 0;
  for (size_t i = 0; i < 18; i++, at += 4) {
    memset(out + at, ' ', i);
    memcpy(out + at + i, "a:1\n", 4);
    at += i;
  }
  assert_int_equal(listtext_scan(&t, out, at - 21, &c), 1);
  refused_at(at, 18, "branches are nested deeper than 16");
}

/* Lines of random words: what is taken is a good list, and comes back. */
static void test_random(void **state) {
  static const char *const words[] = {"a:1", "b:1",    "[::1]:1", "1.2.3.4:1",
                                      "c:1", "TARGET", "d:1",     "#",
                                      "",    "e:1"};
  static char list[LIST_MAX];
  char text[512];
  int taken = 0;

  (void)state;
  srand(1);
  for (int i = 0; i < 50000; i++) {
    struct complaint c;
    size_t at = 0, len;

    for (int lines = rand() % 12; lines > 0; lines--) {
      const char *word = words[rand() % 10];
      const size_t indent = (size_t)(rand() % 3);

      memset(text + at, ' ', indent);
      at += indent;
      memcpy(text + at, word, strlen(word));
      at += strlen(word);
      text[at++] = '\n';
    }
    if (!listtext_scan(&t, text, at, &c))
      continue;
    taken++;
    assert_null(list_check(t.list, t.len));
    len = t.len;
    memcpy(list, t.list, len);
    at = listtext_fmt(out, list, len);
    assert_int_equal(listtext_scan(&t, out, at, &c), 1);
    assert_int_equal(t.len, len);
    assert_memory_equal(t.list, list, len);
  }
  assert_true(taken > 1000);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_bytes),      cmocka_unit_test(test_forms),
      cmocka_unit_test(test_complaints), cmocka_unit_test(test_limits),
      cmocka_unit_test(test_random),
  };
  return cmocka_run_group_tests(tests, 0, 0);
}
