#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cachefile.h"

#include "file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char here[PATH_MAX - 100];

static int start(void **state) {
  (void)state;
  if (!getcwd(here, sizeof here) || mkdir("home", 0755) < 0)
    return -1;
  strcat(here, "/home");
  return setenv("HOME", here, 1);
}

static int begin(void **state) {
  (void)state;
  unsetenv("XDG_CACHE_HOME");
  return system("rm -rf home/.cache home/xdg");
}

static void put(struct cachefile *c, const char *text) {
  assert_int_equal(cachefile_begin(c), 1);
  assert_int_equal(file_write(c->fd, text, strlen(text)), 0);
}

static void is(const struct cachefile *c, const char *want) {
  char text[64];
  int fd = cachefile_open(c);
  ssize_t n;
  assert_true(fd >= 0);
  n = read(fd, text, sizeof text - 1);
  assert_true(n >= 0);
  text[n] = 0;
  assert_string_equal(text, want);
  close(fd);
}

static void where(void **state) {
  struct cachefile c;
  (void)state;
  assert_int_equal(cachefile_name(&c, "x"), 1);
  assert_string_equal(c.name + strlen(here), "/.cache/dataflow/x");
  setenv("XDG_CACHE_HOME", "relative", 1);
  assert_int_equal(cachefile_name(&c, "x"), 1);
  assert_string_equal(c.name + strlen(here), "/.cache/dataflow/x");
  strcat(here, "/xdg");
  setenv("XDG_CACHE_HOME", here, 1);
  here[strlen(here) - 4] = 0;
  assert_int_equal(cachefile_name(&c, "x"), 1);
  assert_string_equal(c.name + strlen(here), "/xdg/dataflow/x");
  assert_int_equal(cachefile_open(&c), -1);
}

static void nowhere(void **state) {
  static char path[PATH_MAX];
  struct cachefile c;
  (void)state;
  assert_int_equal(mkdir("home/.cache", 0755), 0);
  assert_int_equal(mkdir("home/.cache/dataflow", 0755), 0);
  assert_int_equal(cachefile_name(&c, "x"), 1);
  assert_int_equal(chmod("home/.cache/dataflow", 0777), 0);
  assert_int_equal(cachefile_name(&c, "x"), 0);
  assert_int_equal(rmdir("home/.cache/dataflow"), 0);
  assert_int_equal(mknod("home/.cache/dataflow", S_IFREG | 0644, 0), 0);
  assert_int_equal(cachefile_name(&c, "x") && cachefile_begin(&c) > 0, 0);
  setenv("XDG_CACHE_HOME", "/proc/none", 1);
  assert_int_equal(cachefile_name(&c, "x"), 0);
  memset(path, 'a', sizeof path - 1);
  *path = '/';
  setenv("XDG_CACHE_HOME", path, 1);
  assert_int_equal(cachefile_name(&c, "x"), 0);
  unsetenv("XDG_CACHE_HOME");
  unsetenv("HOME");
  assert_int_equal(cachefile_name(&c, "x"), 0);
  setenv("HOME", "home", 1);
  assert_int_equal(cachefile_name(&c, "x"), 0);
  setenv("HOME", here, 1);
}

static void replaced_at_once(void **state) {
  struct cachefile c;
  (void)state;
  assert_int_equal(cachefile_name(&c, "x"), 1);
  put(&c, "one");
  assert_int_equal(cachefile_open(&c), -1);
  assert_int_equal(cachefile_end(&c, 1), 0);
  is(&c, "one");
  put(&c, "2");
  is(&c, "one");
  assert_int_equal(cachefile_end(&c, 1), 0);
  is(&c, "2");
  put(&c, "three");
  assert_int_equal(cachefile_end(&c, 0), 0);
  is(&c, "2");
  assert_int_equal(access(c.new, F_OK), -1);
}

static void one_at_a_time(void **state) {
  struct cachefile c, d;
  (void)state;
  assert_int_equal(cachefile_name(&c, "x"), 1);
  d = c;
  put(&c, "one");
  assert_int_equal(cachefile_begin(&d), 0);
  assert_int_equal(cachefile_end(&c, 1), 0);
  is(&c, "one");
  put(&d, "two");
  close(d.fd); /* killed */
  put(&c, "3");
  assert_int_equal(cachefile_end(&c, 1), 0);
  is(&c, "3");
}

static void odd_files(void **state) {
  struct cachefile c;
  (void)state;
  assert_int_equal(cachefile_name(&c, "x"), 1);
  assert_int_equal(mkfifo(c.new, 0600), 0);
  assert_int_equal(cachefile_begin(&c), -1);
  unlink(c.new);
  assert_int_equal(symlink("y", c.new), 0);
  assert_int_equal(cachefile_begin(&c), -1);
  unlink(c.new);
  assert_int_equal(symlink("y", c.name), 0);
  assert_int_equal(cachefile_open(&c), -1);
  unlink(c.name);
  assert_int_equal(mkdir(c.name, 0700), 0);
  put(&c, "one");
  assert_int_equal(cachefile_end(&c, 1), -1);
  assert_int_equal(access(c.new, F_OK), -1);
}

#define TEST(f) cmocka_unit_test_setup(f, begin)
int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(where),         TEST(nowhere),   TEST(replaced_at_once),
      TEST(one_at_a_time), TEST(odd_files),
  };
  return cmocka_run_group_tests(tests, start, 0);
}
