#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "store.h"
#include "synced.h"

#define MD5 "5d41402abc4b2a76b9719d911017c592"

static int home(void **state) {
  (void)state;
  return chdir("..");
}

static void enter(const char *name, mode_t mode) {
  assert_int_equal(mkdir(name, 0700), 0);
  assert_int_equal(chmod(name, mode), 0);
  assert_int_equal(chdir(name), 0);
}

static mode_t mode_of(const char *name) {
  struct stat st;
  assert_int_equal(lstat(name, &st), 0);
  return st.st_mode;
}

static void makes_what_is_missing(void **state) {
  static const char *const closed[] = {".df",     ".df/commit", ".df/stream",
                                       ".df/id",  ".df/lock",   ".df/try",
                                       ".df/tmp", ".df/corrupt"};
  static const char *const open[] = {"md5", "head", "head/key", "key", "delta"};
  (void)state;
  enter("new", 0755);
  umask(077);
  synced_fails = 1;
  assert_string_equal(store_open(),
                      "unable to sync the directories of the store");
  synced_fails = 0;
  synced_forget();
  assert_null(store_open());
  assert_int_equal(synced(".df"), 1);
  assert_int_equal(synced(".df/going"), 2);
  assert_int_equal(synced("head"), 3);
  assert_int_equal(synced("."), 4);
  for (int again = 0; again < 2; ++again) {
    assert_null(store_open());
    for (size_t i = 0; i < sizeof closed / sizeof *closed; ++i)
      assert_int_equal(mode_of(closed[i]), S_IFDIR | 0700);
  }
  assert_int_equal(umask(022), 022);
  rmdir("key");
  assert_null(store_open());
  assert_int_equal(mode_of("key"), S_IFDIR | 0755);
  for (size_t i = 0; i < sizeof open / sizeof *open; ++i)
    assert_true(S_ISDIR(mode_of(open[i])));
}

static void refused(const char *why) {
  const char *got;
  errno = 4711;
  got = store_open();
  assert_non_null(got);
  assert_string_equal(got, why);
  assert_int_equal(errno, 0);
}

static void others_may_write(void **state) {
  (void)state;
  enter("group", 0775);
  refused("the store may be written by others");
  assert_int_equal(access(".df", F_OK), -1);
  assert_int_equal(chmod(".", 0757), 0);
  refused("the store may be written by others");
  assert_int_equal(chmod(".", 0755), 0);
  assert_null(store_open());
  assert_int_equal(chmod("md5", 0777), 0);
  refused("the store may be written by others");
  assert_int_equal(chmod("md5", 0755), 0);
  assert_int_equal(chmod(".df/commit", 0720), 0);
  refused("the store may be written by others");
}

static void somebody_elses(void **state) {
  (void)state;
  enter("elses", 0755);
  if (geteuid() != 0)
    return;
  assert_int_equal(chown(".", 65534, (gid_t)-1), 0);
  refused("the store belongs to somebody else");
  assert_int_equal(chown(".", 0, (gid_t)-1), 0);
  assert_null(store_open());
  assert_int_equal(chown("delta", 65534, (gid_t)-1), 0);
  refused("the store belongs to somebody else");
}

static void no_directory(void **state) {
  static const char none[] =
      "something in the store that should be a directory is none";
  FILE *f;
  (void)state;
  enter("none", 0755);
  assert_null(store_open());
  rmdir("key");
  assert_int_equal(symlink("md5", "key"), 0);
  refused(none);
  unlink("key");
  f = fopen("key", "w");
  assert_non_null(f);
  fclose(f);
  refused(none);
}

static void system_errors_keep_errno(void **state) {
  (void)state;
  enter("error", 0755);
  enter("gone", 0755);
  assert_int_equal(rmdir("../gone"), 0);
  errno = 0;
  assert_string_equal(store_open(),
                      "unable to make the directories of the store");
  assert_int_equal(errno, ENOENT);
  assert_int_equal(chdir(".."), 0);
}

static void names(void **state) {
  char out[STORE_MD5];
  (void)state;
  enter("names", 0755);
  store_data(out, MD5);
  assert_string_equal(out, "md5/5d/" MD5);
  store_header(out, MD5);
  assert_string_equal(out, "head/5d/" MD5);
  store_data_dir(out, MD5);
  assert_string_equal(out, "md5/5d");
  store_header_dir(out, MD5);
  assert_string_equal(out, "head/5d");
}

static void names_of_targets(void **state) {
  char out[STORE_TRY], other[STORE_TRY], target[400] = "";
  (void)state;
  enter("targets", 0755);
  store_try(out, "[2001:db8::1]:17478");
  assert_string_equal(out, ".df/try/[2001:db8::1]:17478");
  for (size_t n = 1; n < sizeof target; ++n) {
    memset(target, 'n', n);
    target[n] = 0;
    store_try(out, target);
    assert_int_equal(strncmp(out, ".df/try/", 8), 0);
    assert_null(strchr(out + 8, '/'));
    assert_in_range(strlen(out + 8), 1, 255);
    if (n < 180)
      assert_string_equal(out + 8, target);
    target[n - 1] = 'm';
    store_try(other, target);
    assert_string_not_equal(out, other);
  }
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup_teardown(f, 0, home)
  const struct CMUnitTest tests[] = {
      TEST(makes_what_is_missing),    TEST(others_may_write),
      TEST(somebody_elses),           TEST(no_directory),
      TEST(system_errors_keep_errno), TEST(names),
      TEST(names_of_targets),
  };
  return cmocka_run_group_tests(tests, 0, 0);
}
