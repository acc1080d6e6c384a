#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "confirming.h"
#include "file.h"
#include "setup.h"

/* In place of dfreceipt: says how it was run, does what STREAM says. */
static const char fake[] =
    "#!/bin/sh\n"
    "{ echo \"$*\"; env | sed 's/=.*//; /^PWD$/d; /^OLDPWD$/d; /^_$/d;"
    " /^SHLVL$/d' | sort; grep SigBlk /proc/self/status; } >said\n"
    "case ${8-} in\n"
    "  kill) kill -KILL $$ ;;\n"
    "  [0-9]*) exit $8 ;;\n"
    "esac\n";

static int begin(void **state) {
  char path[4096], dir[4000];
  if (in_store(state) < 0 || !getcwd(dir, sizeof dir))
    return -1;
  snprintf(path, sizeof path, "%s:%s", dir, getenv("PATH"));
  setenv("PATH", path, 1);
  setenv("DFHOST", "h", 1);
  setenv("DFTARGETS", "not for it", 1);
  return file_replace("dfreceipt", fake, strlen(fake), 0755, 0);
}

static struct confirming c = {.target = "10.0.0.2:17478",
                              .timeout = 30,
                              .connect_timeout = 3,
                              .wait = 10};

static const char *said(void) {
  static char text[1024];
  ssize_t len = file_read("said", text, sizeof text - 1);
  assert_true(len > 0);
  text[len] = 0;
  return text;
}

static void wanted(void **state) {
  (void)state;
  unsetenv("DFURL");
  assert_int_equal(confirming_wanted(), 0);
  setenv("DFURL", "", 1);
  assert_int_equal(confirming_wanted(), 0);
  setenv("DFURL", "http://%h/dfstor/", 1);
  assert_int_equal(confirming_wanted(), 1);
}

static void runs(void **state) {
  (void)state;
  c.stream = "stream";
  assert_int_equal(confirming_run(&c), 0);
  assert_string_equal(said(),
                      "-t 30 -T 3 -w 10 10.0.0.2:17478 stream\n"
                      "DFHOST\nDFURL\nPATH\nSigBlk:\t0000000000000000\n");
  c.stream = 0;
  c.wait = 0;
  assert_int_equal(confirming_run(&c), 0);
  assert_int_equal(strncmp(said(), "-t 30 -T 3 -w 0 10.0.0.2:17478\n", 31), 0);
}

static void codes(void **state) {
  (void)state;
  c.stream = "99";
  assert_int_equal(confirming_run(&c), CONFIRMING_MISSING);
  c.stream = "100";
  assert_int_equal(confirming_run(&c), 100);
  c.stream = "kill";
  assert_int_equal(confirming_run(&c), 111);
}

/* Who waits for signals has them blocked; the child must not. */
static void starts(void **state) {
  sigset_t set, was;
  pid_t pid;
  int status;
  (void)state;
  c.stream = "7";
  sigemptyset(&set);
  sigaddset(&set, SIGCHLD);
  sigaddset(&set, SIGHUP);
  assert_int_equal(sigprocmask(SIG_BLOCK, &set, &was), 0);
  pid = confirming_start(&c);
  assert_true(pid > 0);
  assert_int_equal(waitpid(pid, &status, 0), pid);
  assert_int_equal(sigprocmask(SIG_SETMASK, &was, 0), 0);
  assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 7);
  assert_non_null(strstr(said(), "SigBlk:\t0000000000000000\n"));
}

static void cannot_be_run(void **state) {
  char path[4096];
  (void)state;
  snprintf(path, sizeof path, "%s", getenv("PATH"));
  setenv("PATH", "/nowhere", 1);
  assert_int_equal(confirming_start(&c), -1);
  assert_int_equal(errno, ENOENT);
  assert_int_equal(confirming_run(&c), 111);
  setenv("PATH", path, 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(wanted),        cmocka_unit_test(runs),
      cmocka_unit_test(codes),         cmocka_unit_test(starts),
      cmocka_unit_test(cannot_be_run),
  };
  return cmocka_run_group_tests(tests, begin, 0);
}
