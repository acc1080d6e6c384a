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

#include "copying.h"
#include "setup.h"
#include "synced.h"

#define MD5 "5d41402abc4b2a76b9719d911017c592"
#define DATA "md5/5d/" MD5

static const char header[] = "Host: a\nBackup-Host: b\nBackup-Host: c\n";

/* A getdf that writes down how it was run, gives the data, and exits as told.
 */
static const char fake[] = "#!/bin/sh\n"
                           "echo \"$*\" > ran\n"
                           "printf hello > .df/verify/" MD5 "\n"
                           "exit $(cat code)\n";

static int start(void **state) {
  char dir[4000], path[4100];
  if (mkdir("bin", 0755) < 0 || !getcwd(dir, sizeof dir) || in_store(state) < 0)
    return -1;
  snprintf(path, sizeof path, "%s/bin:/usr/bin:/bin", dir);
  return setenv("PATH", path, 1);
}

static int not_a(void *context, const char *host) {
  assert_null(context);
  return *host != 'a';
}

static int nobody(void *context, const char *host) {
  (void)context;
  (void)host;
  return 0;
}

static int get(int (*allow)(void *, const char *), const char **why) {
  struct header h = {.md5 = MD5, .length = 5};
  return copying_get(&h, header, strlen(header), allow, 0, why);
}

static void gets(void **state) {
  char text[256];
  const char *why;
  ssize_t n;
  (void)state;
  assert_int_equal(get(not_a, &why), -1);
  assert_int_equal(errno, ENOENT);
  assert_int_equal(file_replace("../bin/getdf", fake, strlen(fake), 0755, 0),
                   0);
  assert_int_equal(get(nobody, &why), 0);
  assert_string_equal(why, "none of its hosts is allowed by the target rules");
  put_text("code", "100");
  assert_int_equal(get(not_a, &why), 0);
  assert_string_equal(why, "no host has given a good copy");
  put_text("code", "0");
  assert_int_equal(get(not_a, &why), 1);
  n = file_read("ran", text, sizeof text - 1);
  assert_true(n > 0);
  text[n] = 0;
  assert_string_equal(text,
                      "-eq -m 5 -o .df/verify/" MD5 " -H b -H c " MD5 "\n");
}

static void places(void **state) {
  struct stat st;
  const char *why;
  (void)state;
  synced_forget();
  assert_int_equal(copying_place(MD5, &why), 1);
  assert_int_equal(synced(".df/verify/" MD5), 1);
  assert_int_equal(synced("md5/??"), 2);
  assert_int_equal(synced("md5"), 3);
  assert_int_equal(stat(DATA, &st), 0);
  assert_int_equal(st.st_mode & 07777, 0444);
  assert_int_equal(names_in(".df/verify"), 0);
  put_text(".df/verify/" MD5, "hello"); /* it is there already */
  assert_int_equal(copying_place(MD5, &why), 1);
  assert_int_equal(names_in(".df/verify"), 0);
  put_text(".df/verify/" MD5, "other");
  assert_int_equal(copying_place(MD5, &why), 0);
  assert_string_equal(why, "other data of the same MD5 is stored");
  assert_int_equal(names_in(".df/verify"), 0);
  assert_int_equal(copying_place(MD5, &why), -1);
  assert_int_equal(errno, ENOENT);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(gets),
      cmocka_unit_test(places),
  };
  return cmocka_run_group_tests(tests, start, 0);
}
