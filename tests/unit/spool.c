#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "setup.h"
#include "spool.h"

#define MD5 "5d41402abc4b2a76b9719d911017c592"

static struct spool s;
static char dir[SPOOL_NAME + 16], path[SPOOL_PATH], text[4096];

static void name_dir(const struct spool *o) {
  snprintf(dir, sizeof dir, ".df/stream/%.*s", SPOOL_NAME - 1, o->name);
}

static int open_it(void **state) {
  (void)state;
  if (spool_open(&s) < 0)
    return -1;
  name_dir(&s);
  return 0;
}

static int close_it(void **state) {
  (void)state;
  spool_close(&s);
  return access(dir, F_OK) == 0 ? -1 : 0;
}

static void is(const char *name, const char *want) {
  ssize_t len = file_read(name, text, sizeof text - 1);
  assert_true(len >= 0);
  text[len] = 0;
  assert_string_equal(text, want);
}

static int is_locked(const char *name, int how) {
  int r, fd = open(name, O_RDONLY);
  assert_true(fd >= 0);
  r = flock(fd, how | LOCK_NB);
  close(fd);
  return r < 0;
}

static void opens(void **state) {
  struct spool other;
  struct stat st;
  char want[16];
  (void)state;
  assert_int_equal(label_scan(s.name, LABEL_LEN, 0), 1);
  snprintf(want, sizeof want, ".%ld", (long)getpid());
  assert_string_equal(s.name + LABEL_LEN, want);
  assert_int_equal(lstat(dir, &st), 0);
  assert_int_equal(st.st_mode, S_IFDIR | 0700);
  assert_true(is_locked(dir, LOCK_EX));
  assert_false(is_locked(dir, LOCK_SH));
  assert_int_equal(s.orders, -1);
  assert_int_equal(s.next, 0);
  assert_true(fcntl(s.lock, F_GETFD) & FD_CLOEXEC);
  assert_int_equal(spool_open(&other), 0);
  assert_string_not_equal(s.name, other.name);
  spool_close(&other);
  spool_path(path, &s, 7, ".list");
  assert_string_equal(path + strlen(dir), "/7.list");
  spool_path(path, &s, UINT32_MAX, "");
  assert_string_equal(path + strlen(dir), "/4294967295");
}

static void files_by_number(void **state) {
  struct stat st;
  (void)state;
  for (uint32_t i = 0; i < 3; ++i) {
    int fd = spool_create(&s, i ? 5 : 0);
    assert_true(fd >= 0);
    assert_int_equal(s.next, i + 1);
    spool_path(path, &s, i, "");
    assert_int_equal(lstat(path, &st), 0);
    assert_int_equal(st.st_mode, S_IFREG | 0444);
    assert_int_equal(st.st_size, 0);
    assert_int_equal(write(fd, "hello", 5), 5);
    assert_int_equal(pread(fd, text, 9, 0), 5);
    assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
    close(fd);
  }
  spool_drop(&s, 1);
  spool_drop(&s, 1);
  spool_path(path, &s, 1, "");
  assert_int_equal(access(path, F_OK), -1);
  spool_path(path, &s, 2, "");
  is(path, "hello");
  s.next = 2; /* none that is there is taken for a new one */
  assert_int_equal(spool_create(&s, 0), -1);
  assert_int_equal(errno, EEXIST);
}

static void takes_room(void **state) {
  struct statvfs v;
  struct stat st;
  int fd = spool_create(&s, 1 << 20);
  (void)state;
  assert_true(fd >= 0);
  assert_int_equal(fstat(fd, &st), 0);
  assert_int_equal(st.st_size, 0);
  assert_true(st.st_blocks * 512 >= 1 << 20);
  close(fd);
  fd = spool_create(&s, SPOOL_SMALL);
  assert_int_equal(fstat(fd, &st), 0);
  assert_int_equal(st.st_blocks, 0);
  close(fd);
  assert_int_equal(statvfs(".", &v), 0);
  assert_int_equal(
      spool_create(&s, (uint64_t)v.f_blocks * v.f_frsize + (1 << 30)), -1);
  assert_int_equal(errno, ENOSPC);
  spool_path(path, &s, s.next - 1, "");
  assert_int_equal(access(path, F_OK), -1);
  assert_int_equal(s.next, 3);
  assert_int_equal(spool_create(&s, INT64_MAX), -1);
  assert_int_equal(errno, ENOSPC);
}

static void header_and_trailer(void **state) {
  struct trailer t = {.md5 = MD5, .length = 5};
  (void)state;
  assert_int_equal(spool_put_trailer(&s, 4, &t), -1);
  assert_int_equal(errno, ENOENT);
  assert_int_equal(spool_put_header(&s, 4, "Host: a\n", 8), 0);
  spool_path(path, &s, 4, ".h");
  is(path, "8:Host: a\n,");
  assert_int_equal(spool_put_trailer(&s, 4, &t), 0);
  is(path, "8:Host: a\n,60:Content-Length: 5\nmd5hash: " MD5 "\n,");
  assert_int_equal(spool_put_header(&s, 4, "Host: b\n", 8), -1);
  assert_int_equal(errno, EEXIST);
}

static void orders(void **state) {
  (void)state;
  snprintf(path, sizeof path, "%s/orders", dir);
  assert_int_equal(access(path, F_OK), -1);
  assert_int_equal(spool_order(&s, "spool a/0\n"), 0);
  is(path, "spool a/0\n");
  assert_true(is_locked(path, LOCK_SH));
  assert_int_equal(spool_order(&s, "done\n"), 0);
  assert_int_equal(spool_order(&s, "end\n"), 0);
  is(path, "spool a/0\ndone\nend\n");
  close(s.orders);
  s.orders = -1;
  assert_false(is_locked(path, LOCK_SH));
  assert_int_equal(spool_order(&s, "x\n"), -1);
  assert_int_equal(errno, EEXIST);
}

static void exists(int yes) {
  assert_int_equal(access(dir, F_OK), yes ? 0 : -1);
}

/* It stays as long as anybody holds its lock, and goes with all that is in it.
 */
static void stays_while_held(void **state) {
  int relay;
  (void)state;
  assert_int_equal(spool_open(&s), 0);
  name_dir(&s);
  close(spool_create(&s, 0));
  assert_int_equal(spool_put_header(&s, 0, "x", 1), 0);
  assert_int_equal(spool_order(&s, "end\n"), 0);
  spool_sweep(s.name);
  exists(1);
  relay = open(dir, O_RDONLY | O_DIRECTORY);
  assert_int_equal(flock(relay, LOCK_SH), 0);
  spool_close(&s);
  exists(1);
  spool_sweep(s.name);
  exists(1);
  spool_sweep_all();
  exists(1);
  spool_path(path, &s, 0, ".h");
  is(path, "1:x,");
  close(relay);
  spool_sweep(s.name);
  exists(0);
  spool_sweep(s.name);
}

static void sweeps_all_leftovers(void **state) {
  struct spool held, left[5];
  (void)state;
  assert_int_equal(spool_open(&held), 0);
  for (int i = 0; i < 5; ++i) {
    assert_int_equal(spool_open(&left[i]), 0);
    close(spool_create(&left[i], 0));
  }
  for (int i = 0; i < 5; ++i)
    close(left[i].lock); /* as by death */
  spool_sweep_all();
  for (int i = 0; i < 5; ++i) {
    name_dir(&left[i]);
    exists(0);
  }
  name_dir(&held);
  exists(1);
  spool_close(&held);
  exists(0);
}

/* Sweepers at any moment: what is opened is there and locked. */
static void opens_beside_sweepers(void **state) {
  pid_t pid = fork();
  int status;
  (void)state;
  assert_true(pid >= 0);
  for (int i = 0; i < 1000; ++i) {
    if (pid == 0) {
      spool_sweep_all();
      continue;
    }
    assert_int_equal(spool_open(&s), 0);
    name_dir(&s);
    exists(1);
    assert_int_equal(spool_order(&s, "end\n"), 0);
    spool_close(&s);
  }
  if (pid == 0)
    _exit(0);
  assert_int_equal(waitpid(pid, &status, 0), pid);
}

/* Its newest file, or its header. */
static void newest_is(const struct spool *o, const char *suffix,
                      const char *want) {
  char name[SPOOL_PATH];
  spool_path(name, o, o->next - 1, suffix);
  is(name, want);
}

/* Another stream gets the same file and header, and keeps them. */
static void links(void **state) {
  struct spool other;
  char name[SPOOL_PATH];
  int fd = spool_create(&s, 0);
  (void)state;
  assert_int_equal(file_write(fd, "hel", 3), 0);
  assert_int_equal(spool_put_header(&s, 0, "header", 6), 0);
  assert_int_equal(spool_open(&other), 0);
  other.next = 7;
  snprintf(name, sizeof name, "%.63s/0", s.name);
  assert_int_equal(spool_link(&other, name), 0);
  assert_int_equal(other.next, 8);
  assert_int_equal(file_write(fd, "lo", 2), 0); /* it still grows */
  close(fd);
  newest_is(&other, "", "hello");
  newest_is(&other, ".h", "6:header,");
  spool_drop(&s, 0); /* placed */
  newest_is(&other, "", "hello");
  assert_int_equal(spool_link(&other, name), 0);
  newest_is(&other, ".h", "6:header,");
  spool_path(path, &other, 8, "");
  assert_int_equal(access(path, F_OK), -1);
  snprintf(name, sizeof name, "%.63s/1", s.name);
  assert_int_equal(spool_link(&other, name), -1);
  assert_int_equal(errno, ENOENT);
  spool_close(&other);
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup_teardown(f, open_it, close_it)
  const struct CMUnitTest tests[] = {
      TEST(opens),
      TEST(files_by_number),
      TEST(takes_room),
      TEST(header_and_trailer),
      TEST(orders),
      TEST(links),
      cmocka_unit_test(stays_while_held),
      cmocka_unit_test(sweeps_all_leftovers),
      cmocka_unit_test(opens_beside_sweepers),
  };
  return cmocka_run_group_tests(tests, in_store, 0);
}
