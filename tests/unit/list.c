#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "list.h"

#define A "\0\1a\0\1\0\0\0\0"         /* 9 bytes */
#define IP4 "\4\12\0\0\1\0\2\0\0\0\0" /* 11 bytes */
/* b with the branch IP4: 24 bytes */
#define B "\0\1b\0\3\0\0\0\17\0\0\0\13" IP4

/* A copy of just that size, so that sanitizers see what is read beyond it. */
static const char *check(const char *list, size_t len) {
  char *copy = malloc(len ? len : 1);
  const char *why;

  assert_non_null(copy);
  memcpy(copy, list, len);
  why = list_check(copy, len);
  free(copy);
  return why;
}

#define GOOD(s) assert_null(check(s, sizeof(s) - 1))
#define BAD(s, why) assert_string_equal(check(s, sizeof(s) - 1), why)

static void test_check(void **state) {
  (void)state;
  assert_null(list_check(0, 0));
  GOOD("\0\0\0\11" A);
  GOOD("\0\0\0\24" A IP4 "\0\0\0\11" A);
  GOOD("\0\0\0\41" B A);
  BAD("\0\0\0", "the length of a set is cut off");
  BAD("\0\0\0\11" A "\0", "the length of a set is cut off");
  BAD("\0\0\0\0", "a set is empty");
  BAD("\0\0\0\12" A, "a set is longer than the list that it is in");
  BAD("\377\377\377\377" A, "a set is longer than the list that it is in");
  BAD("\0\0\0\1\0", "an entry is cut off");
  BAD("\0\0\0\1\4", "an entry is cut off");
  BAD("\0\0\0\10\0\1a\0\1\0\0\0", "an entry is cut off");
  BAD("\0\0\0\11\0\2a\0\1\0\0\0\0", "an entry is cut off");
  BAD("\0\0\0\11\1\1a\0\1\0\0\0\0", "an entry is of no known kind");
  BAD("\0\0\0\11\0\1a\0\0\0\0\0\0", "an entry's port is 0");
  BAD("\0\0\0\10\0\0\0\1\0\0\0\0", "an entry's host name is bad");
  BAD("\0\0\0\11\0\0011\0\1\0\0\0\0", "an entry's host name is bad");
  BAD("\0\0\0\11\0\1a\0\1\0\0\0\1",
      "a branch is longer than the set that it is in");
  BAD("\0\0\0\11\0\1a\0\1\377\377\377\377",
      "a branch is longer than the set that it is in");
  BAD("\0\0\0\12\0\1a\0\1\0\0\0\1x", "the length of a set is cut off");
  BAD("\0\0\0\15\0\1a\0\1\0\0\0\4\0\0\0\0", "a set is empty");
}

/* Every list that is cut off anywhere is refused, but where a set ends. */
static void test_cut(void **state) {
  static const char list[] = "\0\0\0\41" B A "\0\0\0\11" A;

  (void)state;
  for (size_t len = 1; len < sizeof list - 1; len++)
    if (len != 37)
      assert_non_null(check(list, len));
  assert_null(check(list, 37));
}

static void put32(char *p, size_t u) {
  for (int i = 3; i >= 0; i--, u >>= 8)
    p[i] = (char)(u & 255);
}

static char big[LIST_MAX + 1];

static size_t many_sets(size_t n) {
  for (size_t i = 0; i < n; i++)
    memcpy(big + 13 * i, "\0\0\0\11" A, 13);
  return 13 * n;
}

static size_t one_set(size_t n) {
  for (size_t i = 0; i < n; i++)
    memcpy(big + 4 + 9 * i, A, 9);
  put32(big, 9 * n);
  return 4 + 9 * n;
}

/* One entry in each list, all but the last with a branch. */
static size_t deep(size_t depth) {
  const size_t len = 13 * (depth + 1);

  for (size_t i = 0; i <= depth; i++) {
    const size_t at = 13 * i;
    memcpy(big + at, "\0\0\0\11" A, 13);
    put32(big + at, len - at - 4);
    put32(big + at + 9, len - at - 13);
  }
  return len;
}

/* 1004 entries of 261 bytes and one more. */
static size_t long_list(size_t len) {
  size_t at = 4;

  put32(big, len - 4);
  while (at < len) {
    const size_t left = len - at, k = left > 261 ? 253 : left - 8;
    big[at] = 0;
    big[at + 1] = (char)k;
    memset(big + at + 2, 'n', k);
    memcpy(big + at + 2 + k, "\0\1\0\0\0\0", 6);
    at += k + 8;
  }
  return len;
}

static void test_limits(void **state) {
  (void)state;
  assert_null(list_check(big, many_sets(256)));
  assert_string_equal(list_check(big, many_sets(257)),
                      "there are more than 256 sets in a row");
  assert_null(list_check(big, one_set(8192)));
  assert_string_equal(list_check(big, one_set(8193)),
                      "there are more than 8192 entries");
  assert_null(list_check(big, deep(16)));
  assert_string_equal(list_check(big, deep(17)),
                      "branches are nested deeper than 16");
  assert_null(list_check(big, long_list(262144)));
  assert_string_equal(list_check(big, long_list(262145)),
                      "the list is longer than 262144 bytes");
}

static void test_head(void **state) {
  static const char list[] = "\0\0\0\41" B A "\0\0\0\11" A;
  const char *set;
  size_t set_len = 7, pos = 0;
  struct entry e;

  (void)state;
  assert_int_equal(list_head(list, 0, &set, &set_len), 0);
  assert_int_equal(set_len, 0);
  assert_int_equal(list_head(list, sizeof list - 1, &set, &set_len), 37);
  assert_ptr_equal(set, list + 4);
  assert_int_equal(set_len, 33);
  assert_int_equal(list_entry(set, set_len, &pos, &e), 1);
  assert_int_equal(e.kind, 0);
  assert_int_equal(e.port, 3);
  assert_int_equal(e.address_len, 1);
  assert_memory_equal(e.address, "b", 1);
  assert_int_equal(e.branch_len, 15);
  assert_ptr_equal(e.branch, list + 13);
  assert_int_equal(list_entry(set, set_len, &pos, &e), 1);
  assert_memory_equal(e.address, "a", 1);
  assert_int_equal(e.branch_len, 0);
  assert_int_equal(list_entry(set, set_len, &pos, &e), 0);
  assert_int_equal(pos, 33);
}

static void test_walk(void **state) {
  static const char list[] = "\0\0\0\41" B A "\0\0\0\24" A IP4;
  static const struct {
    unsigned int port, depth, sets;
    int begins_set;
  } want[] = {
      {3, 0, 1, 1}, {2, 1, 1, 1}, {1, 0, 1, 0}, {1, 0, 2, 1}, {2, 0, 2, 0}};
  struct list_walk w;
  struct entry e;

  (void)state;
  list_walk_start(&w, list, sizeof list - 1);
  for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
    assert_int_equal(list_walk_next(&w, &e), 1);
    assert_int_equal(e.port, want[i].port);
    assert_int_equal(w.entry_depth, want[i].depth);
    assert_int_equal(w.sets[w.entry_depth], want[i].sets);
    assert_int_equal(w.begins_set, want[i].begins_set);
  }
  assert_int_equal(list_walk_next(&w, &e), 0);
  list_walk_start(&w, 0, 0);
  assert_int_equal(list_walk_next(&w, &e), 0);
}

/* Whatever the bytes are, nothing is read beyond them, and what is good can be
 * walked to its end. */
static void test_random(void **state) {
  static const char list[] = "\0\0\0\41" B A "\0\0\0\24" A IP4;
  char s[sizeof list - 1];

  (void)state;
  srand(1);
  for (int i = 0; i < 200000; i++) {
    memcpy(s, list, sizeof s);
    for (int k = rand() % 4; k >= 0; k--)
      s[(size_t)rand() % sizeof s] = (char)(rand() % 3 ? rand() % 16 : rand());
    if (!check(s, sizeof s)) {
      struct list_walk w;
      struct entry e;

      list_walk_start(&w, s, sizeof s);
      while (list_walk_next(&w, &e))
        assert_true(e.port > 0);
      assert_ptr_equal(w.p, s + sizeof s);
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_check),  cmocka_unit_test(test_cut),
      cmocka_unit_test(test_limits), cmocka_unit_test(test_head),
      cmocka_unit_test(test_walk),   cmocka_unit_test(test_random),
  };
  return cmocka_run_group_tests(tests, 0, 0);
}
