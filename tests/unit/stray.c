#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <fcntl.h>
#include <sys/wait.h>

#include "batch.h"
#include "commit.h"
#include "keeping.h"
#include "setup.h"
#include "slot.h"
#include "stray.h"
#include "sweep.h"

#define NAMED "5d41402abc4b2a76b9719d911017c592"
#define OWED "7d793037a0760186574b0282f2f435e7"
#define BARE "5d41402abc4b2a76b9719d911017c593"
#define OTHER "d41d8cd98f00b204e9800998ecf8427e"
#define ID "0123456789abcdef0123456789abcdef"
#define STAMP "@400000006a00000000000000"

static void put(const char *top, const char *md5) {
  char path[STORE_MD5];
  int fd;
  snprintf(path, sizeof path, "%s/%.2s", top, md5);
  assert_true(file_mkdir(path, 0755) >= 0);
  snprintf(path, sizeof path, "%s/%.2s/%s", top, md5, md5);
  fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  assert_true(fd >= 0);
  close(fd);
}

static int is_there(const char *md5) {
  char path[STORE_MD5];
  store_data(path, md5);
  return access(path, F_OK) == 0;
}

/* One has a header, one a new commit, two have neither. */
static int start(void **state) {
  struct commit_writer w;
  (void)state;
  unlink(".df/commit/c.1.0");
  put("md5", NAMED);
  put("head", NAMED);
  put("md5", OWED);
  put("md5", BARE);
  put("md5", OTHER);
  return commit_start(&w, "c.1.0", "s.1", ID, STAMP, "", 0) < 0 ||
                 commit_add_chunk(&w, OWED, 5, "", "H", 1) < 0
             ? -1
             : commit_finish(&w, "+", "");
}

static void check(int bare, int other) {
  assert_true(is_there(NAMED));
  assert_true(is_there(OWED));
  assert_int_equal(is_there(BARE), bare);
  assert_int_equal(is_there(OTHER), other);
}

static void these(void **state) {
  const char *const md5s[] = {NAMED, OWED, BARE};
  (void)state;
  assert_int_equal(stray_remove(md5s, 0), 0);
  check(1, 1);
  assert_int_equal(stray_remove(md5s, 3), 0);
  check(0, 1);
  assert_int_equal(stray_remove(md5s, 3), 0);
}

/* What a killed dfserve leaves of its commit; a torn one; none of its. */
static void unfinished(void **state) {
  struct commit_writer w;
  (void)state;
  assert_int_equal(file_replace(".df/tmp/1.0", BARE, 32, 0600, 0), 0);
  assert_int_equal(commit_start(&w, "c.2.0", "s.1", ID, STAMP, "", 0), 0);
  assert_int_equal(commit_add_target(&w, 0, "10.0.0.2:1"), 0);
  assert_int_equal(commit_add_chunk(&w, NAMED, 1, "", "H", 1), 0);
  assert_int_equal(commit_add_chunk(&w, BARE, 1, "", "H", 1), 0);
  assert_int_equal(commit_add_chunk(&w, OWED, 1, "", "H", 1), 0);
  stray_sweep(); /* nothing of it was written yet */
  check(1, 1);
  assert_int_equal(commit_flush(&w), 0);
  assert_int_equal(write(w.fd, "32:" OTHER, 20), 20);
  close(w.fd);
  sweep_store();
  check(0, 1);
  assert_int_equal(names_in(".df/tmp"), 0);
}

/* It was placed by one who is about to commit it. */
static void not_while_somebody_commits(void **state) {
  const char *const md5s[] = {BARE};
  int keeping = keeping_share(), fd, status;
  pid_t pid;
  (void)state;
  assert_true(keeping >= 0);
  pid = fork();
  assert_true(pid >= 0);
  if (!pid) {
    close(keeping);
    _exit(stray_remove(md5s, 1) != 0);
  }
  while ((fd = lock_take(".df/lock/data.wait")) >= 0) {
    close(fd);
    assert_int_equal(waitpid(pid, &status, WNOHANG), 0);
  }
  put("head", BARE);
  close(keeping);
  assert_int_equal(waitpid(pid, &status, 0), pid);
  assert_int_equal(status, 0);
  check(1, 1);
  assert_int_equal(unlink("head/5d/" BARE), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(these, start),
      cmocka_unit_test_setup(unfinished, start),
      cmocka_unit_test_setup(not_while_somebody_commits, start)};
  return cmocka_run_group_tests(tests, in_store, 0);
}
