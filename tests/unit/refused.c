#include "refused.h"
#include "slot.h"
#include "store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#define MD5 "5d41402abc4b2a76b9719d911017c592"

static int looks;

/* Of the file that takes the place of the one that others add to: fails where
 * they could do so now. */
int fsync(int fd) {
  int lock = looks ? lock_take(".df/lock/refused") : -1;
  (void)fd;
  if (lock < 0)
    return 0;
  close(lock);
  return -1;
}

static int start(void **state) {
  (void)state;
  return store_open() ? -1 : 0;
}

static json_t *read_all(void) {
  stralloc s = {0};
  json_t *j;
  assert_true(stralloc_copys(&s, "["));
  assert_int_equal(refused_put(&s), 0);
  assert_true(stralloc_cats(&s, "]"));
  j = json_loadb(s.s, s.len, 0, 0);
  assert_non_null(j);
  stralloc_free(&s);
  return j;
}

static const char *text(json_t *j, size_t i, const char *name) {
  return json_string_value(json_object_get(json_array_get(j, i), name));
}

static void none(void **state) {
  json_t *j = read_all();
  (void)state;
  assert_int_equal(json_array_size(j), 0);
  json_decref(j);
}

static void adds(void **state) {
  json_t *j;
  (void)state;
  assert_int_equal(refused_add("10.0.0.9", MD5, "wrong \"hash\"\nx"), 0);
  assert_int_equal(refused_add("a b\n", 0, "no room"), 0);
  assert_int_equal(refused_add("", 0, ""), 0);
  j = read_all();
  assert_int_equal(json_array_size(j), 3);
  assert_int_equal(strlen(text(j, 0, "at")), 20);
  assert_string_equal(text(j, 0, "from"), "10.0.0.9");
  assert_string_equal(text(j, 0, "md5"), MD5);
  assert_string_equal(text(j, 0, "reason"), "wrong \"hash\"?x");
  assert_string_equal(text(j, 1, "from"), "a?b?");
  assert_true(json_is_null(json_object_get(json_array_get(j, 1), "md5")));
  assert_string_equal(text(j, 2, "from"), "-");
  json_decref(j);
}

/* Of many, from several processes, the last 100 are shown; the file stays
 * small and no line is torn. */
static void keeps_the_last(void **state) {
  struct stat st;
  json_t *j;
  char reason[200];
  int status;
  (void)state;
  looks = 1;
  memset(reason, 'r', 99);
  for (int p = 0; p < 3; ++p)
    if (fork() == 0) {
      for (int i = 0; i < 600; ++i) {
        snprintf(reason + 60, 40, " %d", i);
        if (refused_add("10.0.0.9", MD5, reason) < 0)
          _exit(1);
      }
      _exit(0);
    }
  for (int p = 0; p < 3; ++p) {
    wait(&status);
    assert_int_equal(status, 0);
  }
  assert_int_equal(refused_add("last", 0, "last"), 0);
  assert_int_equal(stat(REFUSED_FILE, &st), 0);
  assert_true(st.st_size < 150000);
  j = read_all();
  assert_int_equal(json_array_size(j), 100);
  assert_string_equal(text(j, 99, "from"), "last");
  for (size_t i = 0; i < 99; ++i)
    assert_string_equal(text(j, i, "from"), "10.0.0.9");
  json_decref(j);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(none),
      cmocka_unit_test(adds),
      cmocka_unit_test(keeps_the_last),
  };
  return cmocka_run_group_tests(tests, start, 0);
}
