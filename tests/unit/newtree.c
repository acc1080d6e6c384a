#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"
#include "newtree.h"
#include "synced.h"

static mode_t mode_of(const char *name) {
  struct stat st;
  assert_int_equal(lstat(name, &st), 0);
  return st.st_mode;
}

static void assert_there(int r) {
  assert_int_equal(r, -1);
  assert_int_equal(errno, EEXIST);
}

static void test_file(void **state) {
  char p[8] = "";
  (void)state;
  synced_forget();
  assert_int_equal(newtree_file("f", "text", 4, 0755), 0);
  assert_int_equal(synced("f"), 1);
  assert_int_equal(mode_of("f"), S_IFREG | 0755);
  assert_there(newtree_file("f", "other", 5, 0755));
  assert_int_equal(file_read("f", p, sizeof p), 4);
  assert_memory_equal(p, "text", 4);
  assert_int_equal(symlink("nowhere", "link"), 0);
  assert_there(newtree_file("link", "text", 4, 0644));
  assert_int_equal(access("nowhere", F_OK), -1);
  assert_int_equal(newtree_file("none/f", "text", 4, 0644), -1);
  assert_int_equal(errno, ENOENT);
}

static void test_dir(void **state) {
  (void)state;
  assert_int_equal(newtree_dir("d", 0755, geteuid(), getegid()), 0);
  assert_int_equal(mode_of("d"), S_IFDIR | 0755);
  assert_there(newtree_dir("d", 0755, geteuid(), getegid()));
  assert_there(newtree_dir("f", 0755, geteuid(), getegid()));
}

static void test_parents(void **state) {
  char cwd[PATH_MAX], path[PATH_MAX + 8], longest[PATH_MAX + 1];
  (void)state;
  assert_non_null(getcwd(cwd, sizeof cwd));
  snprintf(path, sizeof path, "%s/p/q/r", cwd);
  for (int i = 0; i < 2; ++i)
    assert_int_equal(newtree_parents(path), 0);
  assert_int_equal(mode_of("p/q"), S_IFDIR | 0755);
  assert_int_equal(access("p/q/r", F_OK), -1);
  snprintf(path, sizeof path, "%s/f/q/r", cwd);
  assert_int_equal(newtree_parents(path), -1);
  assert_int_equal(errno, ENOTDIR);
  memset(longest, 'a', PATH_MAX);
  longest[PATH_MAX] = 0;
  assert_int_equal(newtree_parents(longest), -1);
  assert_int_equal(errno, ENAMETOOLONG);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_file),
      cmocka_unit_test(test_dir),
      cmocka_unit_test(test_parents),
  };
  umask(022);
  return cmocka_run_group_tests(tests, 0, 0);
}
