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

#include "clock.h"
#include "rehash.h"
#include "setup.h"

#include <fcntl.h>

#define MD5 "5d41402abc4b2a76b9719d911017c592"
#define SHA "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"

static struct header good = {.md5 = MD5, .sha256 = SHA, .length = 5};

static int of(const char *text, const struct header *h, const char **why) {
  struct pace p;
  int fd, r;
  put_text("data", text);
  fd = open("data", O_RDONLY | O_CLOEXEC);
  assert_true(fd >= 0);
  pace_start(&p, 0);
  r = rehash(fd, h, &p, why);
  close(fd);
  return r;
}

static void agrees(void **state) {
  struct header h = good;
  const char *why;
  (void)state;
  assert_int_equal(of("hello", &h, &why), 1);
  h.sha256[0] = 0;
  assert_int_equal(of("hello", &h, &why), 1);
}

static void does_not(void **state) {
  struct header h = good;
  const char *why;
  (void)state;
  assert_int_equal(of("hellp", &h, &why), 0);
  assert_string_equal(why, "md5hash does not agree");
  assert_int_equal(of("hell", &h, &why), 0);
  assert_string_equal(why, "Content-Length does not agree");
  h.sha256[0] = '3';
  assert_int_equal(of("hello", &h, &why), 0);
  assert_string_equal(why, "SHA-256 does not agree");
}

static void unable(void **state) {
  const char *why;
  struct pace p;
  int fd = open(".", O_RDONLY | O_CLOEXEC);
  (void)state;
  pace_start(&p, 0);
  assert_int_equal(rehash(fd, &good, &p, &why), -1);
  assert_int_equal(errno, EISDIR);
  close(fd);
}

/* A quarter of a second may be kept from before. */
static void bounded(void **state) {
  static char text[100001];
  struct header h = {.length = 100000};
  uint64_t began = clock_ms();
  const char *why;
  struct pace p;
  int fd;
  (void)state;
  memset(text, 'x', 100000);
  put_text("data", text);
  digest_md5(text, 100000, h.md5);
  fd = open("data", O_RDONLY | O_CLOEXEC);
  pace_start(&p, 200000);
  assert_int_equal(rehash(fd, &h, &p, &why), 1);
  assert_true(clock_ms() - began >= 200);
  close(fd);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(agrees),
      cmocka_unit_test(does_not),
      cmocka_unit_test(unable),
      cmocka_unit_test(bounded),
  };
  return cmocka_run_group_tests(tests, in_store, 0);
}
