#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "setup.h"
#include "ticket.h"

#define START "Host: 10.0.0.1\nStamp: @400000006a1b2c3d00000001\n"
#define MD5 "5d41402abc4b2a76b9719d911017c592"
#define SHA256                                                                 \
  "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"

static int syncs, fail_sync;

int fsync(int fd) {
  (void)fd;
  ++syncs;
  if (!fail_sync)
    return 0;
  errno = EIO;
  return -1;
}

static void set(struct header_text *h, const char *text) {
  h->len = strlen(text);
  h->lines = 0;
  memcpy(h->s, text, h->len);
}

static void is(const struct header_text *h, const char *text) {
  assert_int_equal(h->len, strlen(text));
  assert_memory_equal(h->s, text, h->len);
}

/* What the header lacks comes from the trailer, what it has stays. */
static void made(void **state) {
  struct header_text in, out;
  struct trailer t = {.length = 5, .md5 = MD5};
  (void)state;
  set(&in, START "Key: k\n");
  assert_int_equal(ticket_make(&out, &in, &t), 1);
  is(&out, START "Key: k\nContent-Length: 5\nmd5hash: " MD5 "\n");
  memcpy(t.sha256, SHA256, sizeof t.sha256);
  assert_int_equal(ticket_make(&out, &in, &t), 1);
  is(&out, START "Key: k\nContent-Length: 5\nmd5hash: " MD5 "\nSHA-256: " SHA256
                 "\n");
  set(&in, START "Content-Length: 5\nSHA-256: " SHA256 "\nmd5hash: " MD5 "\n");
  assert_int_equal(ticket_make(&out, &in, &t), 1);
  is(&out, START "Content-Length: 5\nSHA-256: " SHA256 "\nmd5hash: " MD5 "\n");
  set(&in, "Key: k\n");
  assert_int_equal(ticket_make(&out, &in, &t), 0);
}

/* So long that there is no room left for one, two, three lines. */
static void over_the_limits(void **state) {
  static const size_t room[] = {10, 30, 80, 150};
  struct header_text in, out;
  struct trailer t = {.length = 5, .md5 = MD5, .sha256 = SHA256};
  (void)state;
  for (int i = 0; i < 4; ++i) {
    set(&in, START "X: ");
    memset(in.s + in.len, 'x', HEADER_MAX - in.len);
    in.len = HEADER_MAX - room[i];
    in.s[in.len - 1] = '\n';
    assert_int_equal(ticket_make(&out, &in, &t), i == 3);
  }
}

static void checks(void **state) {
  char name[PATH_MAX + 8];
  int n = names_in(".");
  (void)state;
  put_text("file", "old");
  assert_int_equal(mkdir("dir", 0755), 0);
  assert_int_equal(mkfifo("fifo", 0644), 0);
  assert_int_equal(ticket_check("file"), 0);
  assert_int_equal(ticket_check("new"), 0);
  assert_int_equal(ticket_check("dir"), -1);
  assert_int_equal(errno, EISDIR);
  assert_int_equal(ticket_check("fifo"), -1);
  assert_int_equal(errno, EINVAL);
  assert_int_equal(ticket_check(""), -1);
  assert_int_equal(errno, ENOENT);
  assert_int_equal(ticket_check("none/new"), -1);
  assert_int_equal(errno, ENOENT);
  assert_int_equal(ticket_check("file/new"), -1);
  assert_int_equal(errno, ENOTDIR);
  for (size_t i = 0; i < PATH_MAX; i += 2)
    memcpy(name + i, "./", 2);
  memcpy(name + PATH_MAX - 3, "new", 4);
  assert_int_equal(ticket_check(name), -1);
  assert_int_equal(errno, ENAMETOOLONG);
  assert_int_equal(names_in("."), n + 3); /* nothing is left beside them */
}

static const char *text_of(const char *name) {
  static char text[64];
  ssize_t len = file_read(name, text, sizeof text - 1);
  assert_true(len >= 0);
  text[len] = 0;
  return text;
}

static void written(void **state) {
  struct header_text t;
  struct stat st;
  int n = names_in(".");
  (void)state;
  set(&t, "a ticket\n");
  syncs = 0;
  assert_int_equal(ticket_write("file", &t), 0);
  assert_int_equal(syncs, 1);
  assert_string_equal(text_of("file"), "a ticket\n");
  assert_int_equal(stat("file", &st), 0);
  assert_int_equal(st.st_mode & 07777, 0644);
  set(&t, "another\n");
  fail_sync = 1;
  assert_int_equal(ticket_write("file", &t), -1);
  assert_int_equal(errno, EIO);
  fail_sync = 0;
  assert_string_equal(text_of("file"), "a ticket\n");
  assert_int_equal(ticket_write("dir", &t), -1);
  assert_int_equal(errno, EISDIR);
  assert_int_equal(ticket_write("none/new", &t), -1);
  assert_int_equal(errno, ENOENT);
  assert_int_equal(names_in("."), n);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(made),
      cmocka_unit_test(over_the_limits),
      cmocka_unit_test(checks),
      cmocka_unit_test(written),
  };
  return cmocka_run_group_tests(tests, in_store, 0);
}
