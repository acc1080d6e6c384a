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
#include <sched.h>
#include <sys/wait.h>

#include "setup.h"
#include "turn.h"

/* A process that takes its turn, tells how, and keeps it until it is ended. */
struct other {
  pid_t pid;
  int said, go;
};

static struct other takes(int leave) {
  struct other o;
  int p[2], q[2], lock;
  assert_int_equal(pipe2(p, O_CLOEXEC), 0);
  assert_int_equal(pipe2(q, O_CLOEXEC), 0);
  o.said = p[0];
  o.go = q[1];
  o.pid = fork();
  assert_true(o.pid >= 0);
  if (o.pid == 0) {
    char c = (char)('0' + turn_take(leave, &lock));
    close(q[1]);
    _exit(write(p[1], &c, 1) != 1 || read(q[0], &c, 1) != 1);
  }
  close(p[1]);
  close(q[0]);
  return o;
}

static char said(const struct other *o) {
  char c = 0;
  assert_int_equal(read(o->said, &c, 1), 1);
  return c;
}

static void goes(const struct other *o) {
  int status;
  assert_int_equal(write(o->go, "", 1), 1);
  close(o->go);
  assert_int_equal(waitpid(o->pid, &status, 0), o->pid);
  assert_int_equal(status, 0);
  close(o->said);
}

/* Looked up without taking it: that could turn somebody away. */
static int is_held(const char *name) {
  char line[256], inode[32];
  struct stat st;
  int held = 0;
  FILE *f = fopen("/proc/locks", "r");
  assert_non_null(f);
  if (stat(name, &st) == 0)
    snprintf(inode, sizeof inode, ":%lu ", (unsigned long)st.st_ino);
  else
    snprintf(inode, sizeof inode, "none");
  while (fgets(line, sizeof line, f))
    held |= strstr(line, " FLOCK ") && !strstr(line, "->") &&
            strstr(line, inode) != 0;
  fclose(f);
  return held;
}

/* Until another process has it. */
static void waits(const char *name) {
  while (!is_held(name))
    sched_yield();
}

static void one_at_a_time(void **state) {
  struct other a = takes(0), b, c;
  (void)state;
  assert_int_equal(said(&a), '1');
  assert_true(is_held(".df/lock/publish"));
  assert_false(is_held(".df/lock/publish.wait"));
  b = takes(1);
  waits(".df/lock/publish.wait");
  c = takes(1); /* one waits already */
  assert_int_equal(said(&c), '0');
  goes(&c);
  goes(&a);
  assert_int_equal(said(&b), '1');
  assert_false(is_held(".df/lock/publish.wait"));
  goes(&b);
  assert_false(is_held(".df/lock/publish"));
}

/* Who may not leave waits behind the one that waits. */
static void each_in_turn(void **state) {
  struct other a = takes(1), b, c;
  (void)state;
  assert_int_equal(said(&a), '1');
  b = takes(0);
  waits(".df/lock/publish.wait");
  c = takes(0);
  goes(&a);
  assert_int_equal(said(&b), '1');
  waits(".df/lock/publish.wait");
  goes(&b);
  assert_int_equal(said(&c), '1');
  goes(&c);
}

static void unable(void **state) {
  int lock;
  (void)state;
  assert_int_equal(rename(".df/lock", ".df/away"), 0);
  assert_int_equal(turn_take(0, &lock), -1);
  assert_int_equal(errno, ENOENT);
  assert_int_equal(turn_take(1, &lock), -1);
  assert_int_equal(errno, ENOENT);
  assert_int_equal(rename(".df/away", ".df/lock"), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(one_at_a_time),
      cmocka_unit_test(each_in_turn),
      cmocka_unit_test(unable),
  };
  return cmocka_run_group_tests(tests, in_store, 0);
}
