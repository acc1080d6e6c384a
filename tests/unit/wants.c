#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "wants.h"

#define A "5d41402abc4b2a76b9719d911017c592"
#define B "7d793037a0760186574b0282f2f435e7"
#define S1 "@400000006a1b2c3d00000001"
#define S2 "@400000006a1b2c3d00000002"
#define L1 "d41d8cd98f00b204e9800998ecf8427e"
#define L2 "0cc175b9c0f1b6a831c399e269772661"

static int say(struct wants *w, const char *line) {
  return wants_record(w, line, strlen(line));
}

static void one_is_seen_as_a_whole(void **state) {
  struct wants w = {0};
  (void)state;
  assert_int_equal(wants_add(&w, A, S1, L1), 1);
  assert_int_equal(wants_add(&w, B, S1, L1), 1);
  assert_int_equal(wants_add(&w, A, S1, L1), 1);
  assert_int_equal(wants_add(&w, A, S2, L2), 1);
  wants_sort(&w);
  assert_int_equal(w.missing, 3);
  assert_int_equal(say(&w, "{\"md5\":\"" A "\",\"taken\":[]}"), 0);
  assert_int_equal(say(&w, "{\"md5\":\"" A "\",\"taken\":[\"" S1 " " L2
                           "\",\"" S2 " " L1 "\"]}"),
                   0);
  assert_int_equal(w.missing, 3);
  for (int i = 0; i < 2; ++i)
    assert_int_equal(
        say(&w, "{\"taken\":[\"" S2 " " L2 "\"],\"md5\":\"" A "\"}"), 0);
  assert_int_equal(w.missing, 2);
  assert_true(wants_seen(&w, A, S2, L2));
  assert_false(wants_seen(&w, A, S1, L1));
  assert_false(wants_seen(&w, B, S1, L1));
  assert_false(wants_seen(&w, A, S2, L1));
  assert_false(wants_seen(&w, A, "", ""));
  wants_free(&w);
}

static void gone(void **state) {
  struct wants w = {0};
  const char *taken = "{\"md5\":\"" A "\",\"taken\":[\"" S1 " " L1 "\"]}";
  (void)state;
  wants_add(&w, A, S1, L1);
  wants_sort(&w);
  assert_int_equal(say(&w, taken), 0);
  assert_int_equal(say(&w, "{\"md5\":\"" A "\",\"gone\":\"expired\"}"), 0);
  assert_int_equal(w.missing, 0);
  assert_int_equal(say(&w, "{\"md5\":\"" B "\",\"gone\":\"corrupt\"}"), 0);
  assert_int_equal(w.missing, 0);
  assert_int_equal(say(&w, "{\"md5\":\"" A "\",\"gone\":\"corrupt\"}"), 0);
  assert_int_equal(w.missing, 1);
  assert_int_equal(say(&w, taken), 0);
  assert_int_equal(w.missing, 0);
  wants_free(&w);
}

static void no_record(void **state) {
  static const char *const bad[] = {
      "",
      "[",
      "[1]",
      "{}",
      "null",
      "{\"md5\":1,\"taken\":[]}",
      "{\"md5\":\"" A "\"}",
      "{\"md5\":\"" A "\",\"taken\":{}}",
      "{\"md5\":\"5D41402ABC4B2A76B9719D911017C592\",\"taken\":[]}",
      "{\"md5\":\"" A "0\",\"taken\":[]}",
      "{\"md5\":\"" A "\",\"taken\":[1]}",
      "{\"md5\":\"" A "\",\"taken\":[\"" S1 "\"]}",
      "{\"md5\":\"" A "\",\"taken\":[\"" S1 "\\u0000" L1 "\"]}",
      "{\"md5\":\"" A "\",\"taken\":[]} x"};
  struct wants w = {0};
  (void)state;
  wants_add(&w, A, S1, L1);
  wants_sort(&w);
  for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i)
    if (say(&w, bad[i]) != -1)
      fail_msg("taken for a record: %s", bad[i]);
  assert_int_equal(w.missing, 1);
  wants_free(&w);
}

static void many(void **state) {
  struct wants w = {0};
  char md5[33], line[256];
  (void)state;
  for (unsigned i = 0; i < WANTS_MAX; ++i) {
    snprintf(md5, sizeof md5, "%08x%024x", i * 2654435761U, i);
    assert_int_equal(wants_add(&w, md5, S1, L1), 1);
  }
  assert_int_equal(wants_add(&w, A, S1, L1), 0);
  wants_sort(&w);
  assert_int_equal(w.missing, WANTS_MAX);
  for (unsigned i = 0; i < WANTS_MAX; i += 4099) {
    snprintf(md5, sizeof md5, "%08x%024x", i * 2654435761U, i);
    snprintf(line, sizeof line,
             "{\"md5\":\"%s\",\"taken\":[\"" S1 " " L1 "\"]}", md5);
    assert_int_equal(say(&w, line), 0);
    assert_true(wants_seen(&w, md5, S1, L1));
  }
  assert_int_equal(w.missing, WANTS_MAX - (WANTS_MAX + 4098) / 4099);
  wants_free(&w);
}

static void form(void **state) {
  struct wants w = {0};
  (void)state;
  assert_int_equal(wants_add(&w, A, "400000006a1b2c3d00000001", L1), 0);
  assert_int_equal(wants_add(&w, "x", S1, L1), 0);
  wants_sort(&w);
  assert_int_equal(w.n, 0);
  wants_free(&w);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(one_is_seen_as_a_whole),
      cmocka_unit_test(gone),
      cmocka_unit_test(no_record),
      cmocka_unit_test(many),
      cmocka_unit_test(form),
  };
  return cmocka_run_group_tests(tests, 0, 0);
}
