#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "file.h"
#include "slot.h"
#include "store.h"
#include "synced.h"

static char text[300000];

static int start(void **state) {
  (void)state;
  if (mkdir("store", 0755) < 0 || chdir("store") < 0)
    return -1;
  for (size_t i = 0; i < sizeof text; ++i)
    text[i] = (char)(i * 7 + i / 251);
  return store_open() ? -1 : 0;
}

static void on_alarm(int sig) {
  (void)sig;
}

/* A pipe takes less than all at once, and signals come in between. */
static void writes_all(void **state) {
  struct sigaction sa = {.sa_handler = on_alarm};
  static char got[sizeof text];
  int p[2], status;
  size_t len = 0;
  ssize_t r;
  pid_t pid;
  (void)state;
  assert_int_equal(pipe(p), 0);
  pid = fork();
  if (pid == 0) {
    ualarm(500, 500);
    sigaction(SIGALRM, &sa, 0);
    close(p[0]);
    _exit(file_write(p[1], text, sizeof text));
  }
  close(p[1]);
  while ((r = read(p[0], got + len,
                   len + 3000 > sizeof got ? sizeof got - len : 3000)) > 0)
    len += (size_t)r;
  assert_int_equal(len, sizeof got);
  assert_memory_equal(got, text, sizeof got);
  assert_int_equal(waitpid(pid, &status, 0), pid);
  assert_int_equal(status, 0);
  close(p[0]);
}

static void says_what_failed(void **state) {
  int fd = open("/dev/full", O_WRONLY);
  (void)state;
  assert_true(fd >= 0);
  assert_int_equal(file_write(fd, "x", 1), -1);
  assert_int_equal(errno, ENOSPC);
  assert_int_equal(file_write(fd, "x", 0), 0);
  close(fd);
  assert_int_equal(file_write(fd, "x", 1), -1);
  assert_int_equal(errno, EBADF);
}

static void reads_up_to_max(void **state) {
  static char got[sizeof text];
  (void)state;
  assert_int_equal(file_read("none", got, 9), -1);
  assert_int_equal(errno, ENOENT);
  assert_int_equal(file_replace("f", text, 100, 0644, 0), 0);
  memset(got, 'z', sizeof got);
  assert_int_equal(file_read("f", got, 101), 100);
  assert_memory_equal(got, text, 100);
  assert_int_equal(file_read("f", got, 100), 100);
  assert_int_equal(got[100], 'z');
  assert_int_equal(file_read("f", got, 99), -1);
  assert_int_equal(errno, EFBIG);
  assert_int_equal(file_read("f", got, 0), -1);
  assert_int_equal(errno, EFBIG);
  assert_int_equal(file_replace("f", text, 0, 0644, 0), 0);
  assert_int_equal(file_read("f", got, 0), 0);
  assert_int_equal(symlink("f", "link"), 0);
  assert_int_equal(file_read("link", got, 9), -1);
  assert_int_equal(errno, ELOOP);
  assert_int_equal(file_read(".", got, 9), -1);
  assert_int_equal(errno, EISDIR);
}

static void directories(void **state) {
  (void)state;
  assert_int_equal(file_mkdir("d", 0750), 1);
  assert_int_equal(file_mkdir("d", 0750), 0);
  assert_int_equal(file_mkdir("e/d", 0750), -1);
  assert_int_equal(errno, ENOENT);
  synced_forget();
  assert_int_equal(file_sync_dir("d"), 0);
  assert_int_equal(synced("d"), 1);
  assert_int_equal(file_sync_dir("none"), -1);
  assert_int_equal(errno, ENOENT);
  assert_int_equal(file_sync_dir("f"), -1);
  assert_int_equal(errno, ENOTDIR);
  assert_int_equal(symlink("d", "dlink"), 0);
  assert_int_equal(file_sync_dir("dlink"), -1);
}

static int files_in_tmp(void) {
  DIR *d = opendir(".df/tmp");
  struct dirent *e;
  int n = 0;
  assert_non_null(d);
  while ((e = readdir(d)))
    n += *e->d_name != '.';
  closedir(d);
  return n;
}

/* The name that file_create tries next. */
static void next_name(char out[64]) {
  char last[64];
  unsigned long count;
  int fd = file_create(last, 0600);
  assert_true(fd >= 0);
  close(fd);
  assert_int_equal(unlink(last), 0);
  assert_int_equal(sscanf(last, ".df/tmp/%*d.%lu", &count), 1);
  snprintf(out, 64, ".df/tmp/%ld.%lu", (long)getpid(), count + 1);
}

static void replaces(void **state) {
  char got[16], left[64];
  struct stat a, b;
  int n = files_in_tmp();
  (void)state;
  synced_forget();
  assert_int_equal(file_replace("r", "old", 3, 0640, "."), 0);
  assert_int_equal(synced(".df/tmp/*"), 1);
  assert_int_equal(lstat("r", &a), 0);
  assert_int_equal(a.st_mode, S_IFREG | 0640);
  assert_int_equal(file_replace("r", "newer", 5, 0444, "."), 0);
  assert_int_equal(lstat("r", &b), 0);
  assert_int_equal(b.st_mode, S_IFREG | 0444);
  assert_true(a.st_ino != b.st_ino);
  assert_int_equal(file_read("r", got, sizeof got), 5);
  assert_memory_equal(got, "newer", 5);
  next_name(left);
  assert_int_equal(symlink("../../r", left), 0);
  assert_int_equal(file_replace("s", "x", 1, 0644, 0), 0);
  assert_int_equal(lstat("s", &a), 0);
  assert_true(S_ISREG(a.st_mode));
  assert_int_equal(file_read("r", got, sizeof got), 5);
  assert_int_equal(file_replace("s", "y", 1, 0644, "none"), -1);
  assert_int_equal(errno, ENOENT);
  assert_int_equal(files_in_tmp(), n + 1);
  assert_int_equal(unlink(left), 0);
}

static void replace_fails_whole(void **state) {
  char got[16];
  int n = files_in_tmp();
  (void)state;
  assert_int_equal(mkdir("dir", 0700), 0);
  assert_int_equal(file_replace("dir", "x", 1, 0644, 0), -1);
  assert_int_equal(errno, EISDIR);
  assert_int_equal(file_replace("none/x", "x", 1, 0644, 0), -1);
  assert_int_equal(errno, ENOENT);
  assert_int_equal(files_in_tmp(), n);
  assert_int_equal(rename(".df/tmp", ".df/away"), 0);
  assert_int_equal(file_replace("r", "x", 1, 0644, 0), -1);
  assert_int_equal(rename(".df/away", ".df/tmp"), 0);
  assert_int_equal(file_read("r", got, sizeof got), 5);
}

static void creates(void **state) {
  char a[64], b[64], left[64];
  struct stat st;
  int fd, other;
  (void)state;
  fd = file_create(a, 0640);
  assert_true(fd >= 0);
  assert_memory_equal(a, ".df/tmp/", 8);
  assert_int_equal(lstat(a, &st), 0);
  assert_int_equal(st.st_mode, S_IFREG | 0640);
  assert_int_equal(write(fd, "x", 1), 1);
  assert_int_equal(pread(fd, b, 1, 0), 1);
  assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
  other = file_create(b, 0640);
  assert_true(other >= 0);
  assert_string_not_equal(a, b);
  close(other);
  next_name(left);
  assert_int_equal(mkdir(left, 0700), 0);
  other = file_create(b, 0640);
  assert_true(other >= 0);
  assert_string_not_equal(b, left);
  lock_sweep(a);
  assert_int_equal(access(a, F_OK), 0);
  close(fd);
  lock_sweep(a);
  assert_int_equal(access(a, F_OK), -1);
  close(other);
  unlink(b);
  rmdir(left);
}

/* A sweeper at any moment: what we got has its name. */
static void creates_beside_sweepers(void **state) {
  struct stat st, named;
  char tmp[64];
  pid_t pid = fork();
  int status;
  (void)state;
  if (pid == 0)
    for (;;)
      lock_sweep_dir(".df/tmp");
  for (int i = 0; i < 2000; ++i) {
    int fd = file_create(tmp, 0600);
    assert_true(fd >= 0);
    assert_int_equal(fstat(fd, &st), 0);
    assert_int_equal(lstat(tmp, &named), 0);
    assert_int_equal(st.st_ino, named.st_ino);
    close(fd);
  }
  assert_int_equal(kill(pid, SIGKILL), 0);
  assert_int_equal(waitpid(pid, &status, 0), pid);
  lock_sweep_dir(".df/tmp");
}

static void maps(void **state) {
  const char *p = 0;
  size_t len = 9;
  int fd;
  (void)state;
  assert_int_equal(file_replace("m", "", 0, 0600, 0), 0);
  fd = open("m", O_RDWR);
  assert_int_equal(file_map(fd, &p, &len), 0);
  assert_int_equal(len, 0);
  assert_string_equal(p, "");
  file_unmap(p, len);
  assert_int_equal(file_write(fd, text, 5000), 0);
  assert_int_equal(file_map(fd, &p, &len), 0);
  assert_int_equal(len, 5000);
  assert_memory_equal(p, text, 5000);
  assert_int_equal(pwrite(fd, "#", 1, 4999), 1);
  assert_int_equal(p[4999], '#');
  close(fd);
  assert_int_equal(p[0], text[0]);
  file_unmap(p, len);
  assert_int_equal(file_map(-1, &p, &len), -1);
  assert_int_equal(errno, EBADF);
}

/* Nothing is mapped after a failure: there is nothing to be given back. */
static void map_fails(void **state) {
  const char *p = 0;
  size_t len = 9;
  int fd = open("m", O_WRONLY);
  (void)state;
  assert_true(fd >= 0);
  assert_int_equal(file_map(fd, &p, &len), -1);
  assert_int_equal(errno, EACCES);
  assert_int_equal(len, 0);
  close(fd);
}

static void reads_at(void **state) {
  char c[8];
  int fd = open("at", O_RDWR | O_CREAT, 0600);
  (void)state;
  assert_int_equal(file_write(fd, "0123456789", 10), 0);
  assert_int_equal(file_read_at(fd, c, 4, 3), 4);
  assert_memory_equal(c, "3456", 4);
  assert_int_equal(file_read_at(fd, c, 8, 7), 3);
  assert_memory_equal(c, "789", 3);
  assert_int_equal(file_read_at(fd, c, 8, 10), 0);
  close(fd);
  assert_int_equal(file_read_at(fd, c, 1, 0), -1);
  assert_int_equal(errno, EBADF);
}

static int unknown; /* the file system does not know RENAME_NOREPLACE */

int renameat2(int x, const char *from, int y, const char *to,
              unsigned int flags) {
  if (unknown) {
    errno = EINVAL;
    return -1;
  }
  return (int)syscall(SYS_renameat2, x, from, y, to, flags);
}

static void moves(void **state) {
  char got[4];
  (void)state;
  for (unknown = 0; unknown < 2; ++unknown) {
    assert_int_equal(file_replace("from", "new", 3, 0644, 0), 0);
    assert_int_equal(file_move("from", AT_FDCWD, "to"), 0);
    assert_int_equal(access("from", F_OK), -1);
    assert_int_equal(file_read("to", got, sizeof got), 3);
    assert_int_equal(file_replace("from", "x", 1, 0644, 0), 0);
    assert_int_equal(file_move("from", AT_FDCWD, "to"), -1);
    assert_int_equal(errno, EEXIST);
    assert_int_equal(file_read("from", got, sizeof got), 1);
    assert_int_equal(unlink("to"), 0);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(writes_all),
      cmocka_unit_test(says_what_failed),
      cmocka_unit_test(reads_up_to_max),
      cmocka_unit_test(reads_at),
      cmocka_unit_test(directories),
      cmocka_unit_test(replaces),
      cmocka_unit_test(replace_fails_whole),
      cmocka_unit_test(moves),
      cmocka_unit_test(creates),
      cmocka_unit_test(creates_beside_sweepers),
      cmocka_unit_test(maps),
      cmocka_unit_test(map_fails),
  };
  return cmocka_run_group_tests(tests, start, 0);
}
