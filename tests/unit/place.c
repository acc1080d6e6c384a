#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "digest.h"
#include "place.h"
#include "setup.h"
#include "slot.h"
#include "synced.h"

#define SPOOL ".df/stream/0"

static char a[200000], b[200001], got[200001];
static char md5[MD5_HEX + 1], stored[STORE_MD5];

static int exchanges, unlocked;

/* A rotten copy is replaced by one process at a time. */
int renameat2(int x, const char *from, int y, const char *to,
              unsigned int flags) {
  if (flags == RENAME_EXCHANGE) {
    int fd = lock_take(".df/lock/rotten");
    ++exchanges;
    unlocked += fd >= 0;
    if (fd >= 0)
      close(fd);
  }
  return (int)syscall(SYS_renameat2, x, from, y, to, flags);
}

static int clean(void **state) {
  (void)state;
  return system("rm -rf md5/?? " SPOOL " .df/corrupt/*");
}

static void put(const char *name, const char *p, size_t len) {
  assert_int_equal(file_replace(name, p, len, 0444, 0), 0);
}

static void use(const char *p, size_t len) {
  digest_md5(p, len, md5);
  store_data(stored, md5);
}

static void is(const char *name, const char *p, size_t len) {
  assert_int_equal(file_read(name, got, sizeof got), len);
  assert_memory_equal(got, p, len);
}

/* The only name in .df/corrupt, or "" where there is none. */
static const char *set_aside(void) {
  static char name[300];
  DIR *d = opendir(".df/corrupt");
  struct dirent *e;
  *name = 0;
  assert_non_null(d);
  while ((e = readdir(d)))
    if (*e->d_name != '.') {
      assert_string_equal(name, "");
      snprintf(name, sizeof name, ".df/corrupt/%s", e->d_name);
    }
  closedir(d);
  return name;
}

static void new_and_here(void **state) {
  struct stat before, after;
  (void)state;
  use("hello", 5);
  put(SPOOL, "hello", 5);
  assert_int_equal(place(SPOOL, md5), PLACE_NEW);
  assert_int_equal(access(SPOOL, F_OK), -1);
  is(stored, "hello", 5);
  assert_int_equal(lstat(stored, &before), 0);
  assert_int_equal(before.st_mode, S_IFREG | 0444);
  assert_int_equal(before.st_nlink, 1);
  put(SPOOL, "hello", 5);
  assert_int_equal(place(SPOOL, md5), PLACE_HERE);
  assert_int_equal(access(SPOOL, F_OK), 0);
  assert_int_equal(lstat(stored, &after), 0);
  assert_true(before.st_ino == after.st_ino);
  assert_string_equal(set_aside(), "");
}

static void in_a_directory_that_is_there(void **state) {
  char dir[STORE_MD5];
  (void)state;
  use("", 0);
  store_data_dir(dir, md5);
  assert_int_equal(mkdir(dir, 0755), 0);
  put(SPOOL, "", 0);
  assert_int_equal(place(SPOOL, md5), PLACE_NEW);
  put(SPOOL, "", 0);
  assert_int_equal(place(SPOOL, md5), PLACE_HERE);
}

/* Equal to the last byte, in more than one piece. */
static void long_data(void **state) {
  (void)state;
  use(a, sizeof a);
  put(SPOOL, a, sizeof a);
  assert_int_equal(place(SPOOL, md5), PLACE_NEW);
  put(SPOOL, a, sizeof a);
  assert_int_equal(place(SPOOL, md5), PLACE_HERE);
}

static void replaced(const char *rotten, size_t len) {
  const char *aside;
  char want[64];
  use(a, sizeof a);
  put(SPOOL, a, sizeof a);
  assert_int_equal(place(SPOOL, md5), PLACE_NEW);
  put(stored, rotten, len);
  put(SPOOL, a, sizeof a);
  exchanges = unlocked = 0;
  synced_forget();
  assert_int_equal(place(SPOOL, md5), PLACE_REPLACED);
  assert_int_equal(synced(".df/corrupt"), 1);
  assert_int_equal(exchanges, 1);
  assert_int_equal(unlocked, 0);
  assert_int_equal(access(SPOOL, F_OK), -1);
  is(stored, a, sizeof a);
  aside = set_aside();
  snprintf(want, sizeof want, ".df/corrupt/%s.@", md5);
  assert_int_equal(strncmp(aside, want, strlen(want)), 0);
  is(aside, rotten, len);
}

static void rotten_last_byte(void **state) {
  (void)state;
  memcpy(b, a, sizeof a);
  b[sizeof a - 1] ^= 1;
  replaced(b, sizeof a);
}

static void rotten_first_byte(void **state) {
  (void)state;
  memcpy(b, a, sizeof a);
  b[0] ^= 1;
  replaced(b, sizeof a);
}

static void rotten_longer(void **state) {
  (void)state;
  memcpy(b, a, sizeof a);
  replaced(b, sizeof b);
}

static void rotten_cut(void **state) {
  (void)state;
  memcpy(b, a, sizeof a);
  replaced(b, sizeof a - 1);
}

static void rotten_at_a_piece(void **state) {
  (void)state;
  memcpy(b, a, sizeof a);
  replaced(b, 65536);
}

static void rotten_empty(void **state) {
  (void)state;
  replaced(b, 0);
}

static size_t vector(const char *name, char *p) {
  char path[4096];
  const char *t = getenv("T");
  ssize_t len;
  assert_non_null(t);
  snprintf(path, sizeof path, "%s/vectors/%s", t, name);
  len = file_read(path, p, 4096);
  assert_true(len > 0);
  return (size_t)len;
}

/* Either of the two may come first: it stays. */
static void collision(void **state) {
  char other[MD5_HEX + 1];
  size_t a_len = vector("md5-collision-a.bin", got);
  static char x[4096], y[4096];
  size_t b_len = vector("md5-collision-b.bin", y);
  (void)state;
  memcpy(x, got, sizeof x);
  digest_md5(y, b_len, other);
  use(x, a_len);
  assert_string_equal(md5, other);
  assert_true(a_len != b_len || memcmp(x, y, a_len));
  for (int i = 0; i < 2; ++i) {
    const char *first = i ? y : x, *second = i ? x : y;
    clean(0);
    put(SPOOL, first, a_len);
    assert_int_equal(place(SPOOL, md5), PLACE_NEW);
    put(SPOOL, second, b_len);
    assert_int_equal(place(SPOOL, md5), PLACE_COLLISION);
    is(stored, first, a_len);
    is(SPOOL, second, b_len);
    assert_string_equal(set_aside(), "");
  }
}

static void failures(void **state) {
  char dir[STORE_MD5];
  (void)state;
  use("hello", 5);
  store_data_dir(dir, md5);
  assert_int_equal(place(SPOOL, md5), PLACE_FAILED);
  assert_int_equal(errno, ENOENT);
  put(SPOOL, "hello", 5);
  rmdir(dir);
  put(dir, "x", 1);
  assert_int_equal(place(SPOOL, md5), PLACE_FAILED);
  assert_int_equal(errno, ENOTDIR);
  assert_int_equal(unlink(dir), 0);
  assert_int_equal(mkdir(dir, 0755), 0);
  assert_int_equal(symlink("../../" SPOOL, stored), 0);
  assert_int_equal(place(SPOOL, md5), PLACE_FAILED);
  assert_int_equal(errno, ELOOP);
  assert_int_equal(unlink(stored), 0);
  assert_int_equal(mkdir(stored, 0755), 0);
  assert_int_equal(place(SPOOL, md5), PLACE_FAILED);
  assert_int_equal(rmdir(stored), 0);
  assert_int_equal(place(SPOOL, md5), PLACE_NEW);
  assert_int_equal(place(SPOOL, md5), PLACE_FAILED);
  assert_int_equal(errno, ENOENT);
}

/* Many at once with the same chunk: it is new for one of them. */
static void all_at_once(void **state) {
  pid_t pid[8];
  int status, new = 0;
  (void)state;
  use(a, sizeof a);
  for (int i = 0; i < 8; ++i) {
    char spool[32];
    snprintf(spool, sizeof spool, ".df/stream/p%d", i);
    put(spool, a, sizeof a);
    pid[i] = fork();
    assert_true(pid[i] >= 0);
    if (pid[i] == 0)
      _exit((int)place(spool, md5));
  }
  for (int i = 0; i < 8; ++i) {
    assert_int_equal(waitpid(pid[i], &status, 0), pid[i]);
    assert_true(WIFEXITED(status));
    new += WEXITSTATUS(status) == PLACE_NEW;
    assert_true(WEXITSTATUS(status) == PLACE_NEW ||
                WEXITSTATUS(status) == PLACE_HERE);
  }
  assert_int_equal(new, 1);
  is(stored, a, sizeof a);
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup(f, clean)
  const struct CMUnitTest tests[] = {
      TEST(new_and_here),      TEST(in_a_directory_that_is_there),
      TEST(long_data),         TEST(rotten_last_byte),
      TEST(rotten_first_byte), TEST(rotten_longer),
      TEST(rotten_cut),        TEST(rotten_at_a_piece),
      TEST(rotten_empty),      TEST(collision),
      TEST(failures),          TEST(all_at_once),
  };
  for (size_t i = 0; i < sizeof a; ++i)
    a[i] = (char)(i * 31 + i / 253);
  return cmocka_run_group_tests(tests, in_store, 0);
}
