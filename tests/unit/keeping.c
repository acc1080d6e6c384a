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

#include "keeping.h"
#include "setup.h"
#include "slot.h"

/* A process that takes the lock, says so, and keeps it until it is told to go.
 */
struct other {
  pid_t pid;
  int said, go;
};

static struct other takes(int (*lock)(void)) {
  struct other o;
  int p[2], q[2];
  assert_int_equal(pipe2(p, O_CLOEXEC), 0);
  assert_int_equal(pipe2(q, O_CLOEXEC), 0);
  o.said = p[0];
  o.go = q[1];
  o.pid = fork();
  assert_true(o.pid >= 0);
  if (!o.pid) {
    char c = lock() >= 0 ? 'y' : 'n';
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

/* Until somebody holds the gate, as one does who waits. */
static void until_waited(void) {
  int fd;
  while ((fd = lock_take(".df/lock/data.wait")) >= 0)
    close(fd);
  assert_int_equal(errno, EAGAIN);
}

static void many_share(void **state) {
  struct other a = takes(keeping_share);
  (void)state;
  assert_int_equal(said(&a), 'y');
  int fd = keeping_share();
  assert_true(fd >= 0);
  assert_int_equal(lock_take(".df/lock/data"), -1);
  close(fd);
  goes(&a);
  fd = lock_take(".df/lock/data");
  assert_true(fd >= 0);
  close(fd);
}

/* Who wants it alone waits for those that have it, and later ones wait for him.
 */
static void one_alone(void **state) {
  struct other a = takes(keeping_share), b, c;
  (void)state;
  assert_int_equal(said(&a), 'y');
  b = takes(keeping_alone);
  until_waited();
  c = takes(keeping_share);
  goes(&a);
  assert_int_equal(said(&b), 'y');
  assert_int_equal(lock_take(".df/lock/data"), -1);
  goes(&b);
  assert_int_equal(said(&c), 'y');
  goes(&c);
}

static void no_store(void **state) {
  (void)state;
  assert_int_equal(rename(".df/lock", ".df/away"), 0);
  assert_int_equal(keeping_share(), -1);
  assert_int_equal(errno, ENOENT);
  assert_int_equal(keeping_alone(), -1);
  assert_int_equal(errno, ENOENT);
  assert_int_equal(rename(".df/away", ".df/lock"), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(many_share),
      cmocka_unit_test(one_alone),
      cmocka_unit_test(no_store),
  };
  return cmocka_run_group_tests(tests, in_store, 0);
}
