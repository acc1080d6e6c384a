#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "fds.h"

/* In a child, so that our own descriptors stay. */
static int check_without(int fd) {
  int status;
  pid_t pid = fork();
  assert_true(pid >= 0);
  if (pid == 0) {
    if (fd >= 0)
      close(fd);
    _exit(fds_check() == 0 ? 1 : fds_check() == -1 ? 2 : 3);
  }
  assert_int_equal(waitpid(pid, &status, 0), pid);
  assert_true(WIFEXITED(status));
  return WEXITSTATUS(status);
}

static void check(void **state) {
  (void)state;
  assert_int_equal(check_without(-1), 1);
  assert_int_equal(check_without(3), 1);
  for (int fd = 0; fd < 3; ++fd)
    assert_int_equal(check_without(fd), 2);
}

static int is_open(int fd) {
  return fcntl(fd, F_GETFD) >= 0;
}

static void close_from(void **state) {
  int status;
  pid_t pid = fork();
  (void)state;
  assert_true(pid >= 0);
  if (pid == 0) {
    int high = fcntl(0, F_DUPFD, 1000), bad = high < 1000;
    dup2(0, 3);
    dup2(0, 4);
    dup2(0, 5);
    fds_close_from(5);
    bad |= is_open(5) | is_open(high);
    for (int fd = 0; fd < 5; ++fd)
      bad |= !is_open(fd);
    fds_close_from(3);
    bad |= is_open(3) | is_open(4) | !is_open(2);
    _exit(bad);
  }
  assert_int_equal(waitpid(pid, &status, 0), pid);
  assert_int_equal(status, 0);
}

static void environment(void **state) {
  const char *const names[] = {"PATH", "DFHOST", "NONE", "DFPORT", 0};
  const char *const no_names[] = {0};
  char *env[5];
  (void)state;
  clearenv();
  setenv("DFPORT", "17478", 1);
  setenv("PATHS", "/no", 1);
  setenv("PATH", "/bin", 1);
  setenv("LD_PRELOAD_", "evil", 1);
  setenv("DFHOST", "", 1);
  for (size_t i = 0; i < 5; ++i)
    env[i] = (char *)(uintptr_t) "left";
  fds_environment(names, env);
  assert_string_equal(env[0], "PATH=/bin");
  assert_string_equal(env[1], "DFHOST=");
  assert_string_equal(env[2], "DFPORT=17478");
  assert_null(env[3]);
  assert_string_equal(env[4], "left");
  fds_environment(no_names, env);
  assert_null(env[0]);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(check),
      cmocka_unit_test(close_from),
      cmocka_unit_test(environment),
  };
  return cmocka_run_group_tests(tests, 0, 0);
}
