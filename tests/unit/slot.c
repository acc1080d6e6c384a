#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "clock.h"
#include "setup.h"
#include "slot.h"

static void taken(const char *name, unsigned int n) {
  errno = 0;
  assert_int_equal(slot_take(name, n), -1);
  assert_int_equal(errno, EAGAIN);
}

static void n_at_a_time(void **state) {
  int fd[4], again;
  (void)state;
  for (int i = 0; i < 4; ++i) {
    fd[i] = slot_take("a", 4);
    assert_true(fd[i] >= 0);
    assert_true(fcntl(fd[i], F_GETFD) & FD_CLOEXEC);
  }
  taken("a", 4);
  taken("a", 0);
  taken("a", 1);
  again = slot_take("a", 5);
  assert_true(again >= 0);
  close(again);
  again = slot_take("b", 1);
  assert_true(again >= 0);
  close(again);
  assert_int_equal(access(".df/lock/a.0", F_OK), 0);
  assert_int_equal(access(".df/lock/a.3", F_OK), 0);
  assert_int_equal(access(".df/lock/a.5", F_OK), -1);
  close(fd[2]);
  fd[2] = slot_take("a", 4);
  assert_true(fd[2] >= 0);
  taken("a", 4);
  for (int i = 0; i < 4; ++i)
    close(fd[i]);
}

/* Freed when the last of those who have it open is gone, not before. */
static void freed_by_death(void **state) {
  int fd = slot_take("d", 1), p[2], status;
  char c;
  pid_t pid;
  (void)state;
  assert_true(fd >= 0);
  assert_int_equal(pipe(p), 0);
  pid = fork();
  assert_true(pid >= 0);
  if (pid == 0) {
    close(p[1]);
    _exit(read(p[0], &c, 1) != 0);
  }
  close(p[0]);
  close(fd);
  taken("d", 1);
  close(p[1]);
  assert_int_equal(waitpid(pid, &status, 0), pid);
  assert_int_equal(status, 0);
  fd = slot_take("d", 1);
  assert_true(fd >= 0);
  close(fd);
}

static void other_failures(void **state) {
  (void)state;
  assert_int_equal(slot_take("no/where", 2), -1);
  assert_int_equal(errno, ENOENT);
  assert_int_equal(symlink("x", ".df/lock/s.0"), 0);
  assert_int_equal(slot_take("s", 2), -1);
  assert_int_equal(errno, ELOOP);
  assert_int_equal(access(".df/lock/x", F_OK), -1);
}

static void a_lock(void **state) {
  int fd = lock_take("lock");
  (void)state;
  assert_true(fd >= 0);
  assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
  assert_int_equal(lock_take("lock"), -1);
  assert_int_equal(errno, EAGAIN);
  lock_sweep("lock");
  assert_int_equal(access("lock", F_OK), 0);
  close(fd);
  lock_sweep("lock");
  assert_int_equal(access("lock", F_OK), -1);
  lock_sweep("lock");
  assert_int_equal(access("lock", F_OK), -1);
}

static int child_waits_for(const char *name, int held, int said[2]) {
  pid_t pid;
  assert_int_equal(pipe(said), 0);
  pid = fork();
  assert_true(pid >= 0);
  if (pid == 0) {
    struct stat a, b;
    int fd, good;
    close(held);
    fd = lock_wait(name);
    good = fd >= 0 && fstat(fd, &a) == 0 && stat(name, &b) == 0 &&
           a.st_ino == b.st_ino;
    _exit(write(said[1], good ? "y" : "n", 1) != 1);
  }
  close(said[1]);
  return pid;
}

/* Whether the process sleeps in the kernel, waiting for a file lock. */
static void until_it_waits(pid_t pid) {
  char line[256];
  uint64_t end = clock_ms() + 20000;
  long inode;
  int other;
  for (;;) {
    FILE *f = fopen("/proc/locks", "r");
    int found = 0;
    assert_non_null(f);
    while (fgets(line, sizeof line, f))
      if (strstr(line, "->") &&
          sscanf(line, "%*d: -> FLOCK ADVISORY WRITE %d %*x:%*x:%ld", &other,
                 &inode) == 2)
        found |= other == pid;
    fclose(f);
    if (found)
      return;
    assert_true(clock_ms() < end);
    clock_wait(5);
  }
}

static void waits(void **state) {
  int fd = lock_take("w"), said[2], status;
  pid_t pid = child_waits_for("w", fd, said);
  char c = 0;
  (void)state;
  assert_true(fd >= 0);
  until_it_waits(pid);
  close(fd);
  assert_int_equal(read(said[0], &c, 1), 1);
  assert_int_equal(c, 'y');
  close(said[0]);
  waitpid(pid, &status, 0);
}

/* Whoever waited for a file that has been removed takes the one of the name. */
static void the_file_of_that_name(void **state) {
  int fd = lock_take("g"), said[2], status;
  pid_t pid = child_waits_for("g", fd, said);
  char c = 0;
  (void)state;
  assert_true(fd >= 0);
  until_it_waits(pid);
  assert_int_equal(unlink("g"), 0);
  close(fd);
  assert_int_equal(read(said[0], &c, 1), 1);
  assert_int_equal(c, 'y');
  close(said[0]);
  waitpid(pid, &status, 0);
  assert_int_equal(access("g", F_OK), 0);
}

/* Sweepers and takers at once: never two that hold it. */
static void sweep_versus_take(void **state) {
  pid_t pid[4];
  int counter = open("counter", O_RDWR | O_CREAT, 0600), n = 0, status;
  (void)state;
  assert_int_equal(pwrite(counter, &n, sizeof n, 0), sizeof n);
  for (int k = 0; k < 4; ++k) {
    pid[k] = fork();
    assert_true(pid[k] >= 0);
    if (pid[k])
      continue;
    for (int i = 0; i < 500; ++i) {
      int u, fd = lock_wait("race");
      if (fd < 0 || pread(counter, &u, sizeof u, 0) != sizeof u)
        _exit(1);
      ++u;
      if (pwrite(counter, &u, sizeof u, 0) != sizeof u)
        _exit(1);
      close(fd);
      lock_sweep("race");
    }
    _exit(0);
  }
  for (int k = 0; k < 4; ++k) {
    assert_int_equal(waitpid(pid[k], &status, 0), pid[k]);
    assert_int_equal(status, 0);
  }
  assert_int_equal(pread(counter, &n, sizeof n, 0), sizeof n);
  assert_int_equal(n, 2000);
  close(counter);
}

static void sweeps_a_directory(void **state) {
  int held;
  (void)state;
  assert_int_equal(mkdir("dir", 0700), 0);
  for (int i = 0; i < 5; ++i) {
    char path[32];
    snprintf(path, sizeof path, "dir/l.%d", i);
    close(lock_take(path));
  }
  held = lock_take("dir/l.3");
  assert_true(held >= 0);
  lock_sweep_dir("dir");
  assert_int_equal(access("dir/l.3", F_OK), 0);
  assert_int_equal(unlink("dir/l.3"), 0);
  assert_int_equal(rmdir("dir"), 0);
  close(held);
  lock_sweep_dir("dir");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(n_at_a_time),
      cmocka_unit_test(freed_by_death),
      cmocka_unit_test(other_failures),
      cmocka_unit_test(a_lock),
      cmocka_unit_test(waits),
      cmocka_unit_test(sweep_versus_take),
      cmocka_unit_test(sweeps_a_directory),
      cmocka_unit_test(the_file_of_that_name),
  };
  return cmocka_run_group_tests(tests, in_store, 0);
}
