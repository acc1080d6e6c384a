#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "beside.h"
#include "file.h"
#include "setup.h"
#include "synced.h"

#include <errno.h>

static void replaces(void **state) {
  char tmp[PATH_MAX], text[8];
  struct stat st;
  int fd;
  (void)state;
  put_text("name", "old");
  fd = beside_open("name", tmp);
  assert_true(fd >= 0);
  assert_memory_equal(tmp, "name.", 5);
  assert_int_equal(strlen(tmp), 11);
  assert_int_equal(stat(tmp, &st), 0);
  assert_int_equal(st.st_mode & 07777, 0600);
  assert_int_equal(file_write(fd, "new", 3), 0);
  synced_forget();
  assert_int_equal(beside_end(fd, tmp, "name", 0640), 0);
  assert_int_equal(synced("name.??????"), 1);
  assert_int_equal(file_read("name", text, sizeof text), 3);
  assert_memory_equal(text, "new", 3);
  assert_int_equal(stat("name", &st), 0);
  assert_int_equal(st.st_mode & 07777, 0640);
  assert_int_equal(access(tmp, F_OK), -1);
  assert_int_equal(close(fd), -1);
}

static void leaves_nothing(void **state) {
  char tmp[PATH_MAX];
  int fd;
  (void)state;
  assert_int_equal(mkdir("dir", 0755), 0);
  assert_int_equal(mkdir("other", 0755), 0);
  fd = beside_open("dir/x", tmp);
  assert_true(fd >= 0);
  assert_int_equal(beside_end(fd, tmp, "other", 0644), -1);
  assert_int_equal(errno, EISDIR);
  assert_int_equal(names_in("dir"), 0);
}

static void is_not(const char *name, int error) {
  assert_int_equal(beside_check(name), -1);
  assert_int_equal(errno, error);
}

static void checks(void **state) {
  char name[PATH_MAX], tmp[PATH_MAX];
  (void)state;
  assert_int_equal(mkdir("d", 0755), 0);
  assert_int_equal(beside_check("d/free"), 0);
  put_text("d/there", "");
  assert_int_equal(beside_check("d/there"), 0);
  assert_int_equal(names_in("d"), 1);
  assert_int_equal(symlink("there", "d/link"), 0);
  is_not("d/link", EINVAL);
  is_not("d", EISDIR);
  is_not("", ENOENT);
  is_not("none/x", ENOENT);
  is_not("/dev/null", EINVAL);
  memset(name, 'a', sizeof name);
  name[PATH_MAX - 7] = 0;
  assert_int_equal(beside_open(name, tmp), -1);
  assert_int_equal(errno, ENAMETOOLONG);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(replaces),
      cmocka_unit_test(leaves_nothing),
      cmocka_unit_test(checks),
  };
  return cmocka_run_group_tests(tests, in_store, 0);
}
