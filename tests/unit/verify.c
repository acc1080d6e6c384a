#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "file.h"
#include "store.h"
#include "verify.h"

#define MD5 "5d41402abc4b2a76b9719d911017c592" /* of hello */
#define SHA "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
#define NONE "d41d8cd98f00b204e9800998ecf8427e"

static struct pending p;
static struct header h;
static struct trailer t;
static struct digest d;
static char md5[MD5_HEX + 1], sha256[SHA256_HEX + 1];

/* hello has come, and its trailer. */
static int start(void **state) {
  (void)state;
  memset(&p, 0, sizeof p);
  memset(&h, 0, sizeof h);
  memset(&t, 0, sizeof t);
  p.fd = -1;
  p.length = t.length = 5;
  memcpy(t.md5, MD5, sizeof t.md5);
  digest_start(&d, 0);
  digest_add(&d, "hello", 5);
  return store_open() ? -1 : 0;
}

static const char *verdict(void) {
  if (verify_digests(&p, &d, &h, &t, md5, sha256) < 0)
    return "unreadable";
  return verify_agreement(&p, &h, &t, md5, sha256);
}

static void agrees(void **state) {
  (void)state;
  h.has_length = 1;
  h.length = 5;
  memcpy(h.md5, MD5, sizeof h.md5);
  assert_null(verdict());
  assert_string_equal(md5, MD5);
  assert_string_equal(sha256, "");
}

static void length_does_not(void **state) {
  (void)state;
  t.length = 6;
  assert_string_equal(verdict(), "Content-Length does not agree");
}

static void length_of_the_header_does_not(void **state) {
  (void)state;
  h.has_length = 1;
  h.length = 4;
  assert_string_equal(verdict(), "Content-Length does not agree");
}

static void md5_does_not(void **state) {
  (void)state;
  memcpy(t.md5, NONE, sizeof t.md5);
  assert_string_equal(verdict(), "md5hash does not agree");
}

static void md5_of_the_header_does_not(void **state) {
  (void)state;
  memcpy(h.md5, NONE, sizeof h.md5);
  assert_string_equal(verdict(), "md5hash does not agree");
}

/* Only the trailer asks for it: the file is read again. */
static void sha256_late(void **state) {
  (void)state;
  memcpy(t.sha256, SHA, sizeof t.sha256);
  assert_string_equal(verdict(), "unreadable");
  p.fd = open("hello", O_RDWR | O_CREAT | O_TRUNC, 0600);
  assert_int_equal(file_write(p.fd, "hello", 5), 0);
  digest_start(&d, 0);
  digest_add(&d, "hello", 5);
  assert_null(verdict());
  digest_start(&d, 0);
  digest_add(&d, "hello", 5);
  t.sha256[0] = '0';
  assert_string_equal(verdict(), "SHA-256 does not agree");
  close(p.fd);
}

static void header_alone(void **state) {
  int fd;
  (void)state;
  p.alone = 1;
  p.length = 0;
  assert_int_equal(verify_here(&t), 0);
  assert_null(verdict()); /* nothing is read where no SHA-256 is named */
  memcpy(h.sha256, SHA, sizeof h.sha256);
  assert_string_equal(verdict(), "unreadable");
  assert_int_equal(errno, ENOENT);
  assert_int_equal(mkdir("md5/5d", 0755), 0);
  fd = open("md5/5d/" MD5, O_WRONLY | O_CREAT, 0444);
  assert_int_equal(file_write(fd, "hello", 5), 0);
  close(fd);
  assert_int_equal(verify_here(&t), 1);
  assert_null(verdict());
  t.length = 6;
  assert_int_equal(verify_here(&t), 0);
  h.sha256[0] = '0';
  assert_string_equal(verdict(), "SHA-256 does not agree");
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup(f, start)
  const struct CMUnitTest tests[] = {TEST(agrees),
                                     TEST(length_does_not),
                                     TEST(length_of_the_header_does_not),
                                     TEST(md5_does_not),
                                     TEST(md5_of_the_header_does_not),
                                     TEST(sha256_late),
                                     TEST(header_alone)};
  return cmocka_run_group_tests(tests, 0, 0);
}
