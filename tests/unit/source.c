#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int file(const char *text) {
  char name[] = "source.XXXXXX";
  const int fd = mkstemp(name);

  assert_true(fd >= 0);
  unlink(name);
  assert_int_equal(write(fd, text, strlen(text)), strlen(text));
  lseek(fd, 0, SEEK_SET);
  return fd;
}

static void reads_from_the_offset(void **state) {
  const int fd = file("hello");
  struct source s;
  char buf[16];

  (void)state;
  lseek(fd, 1, SEEK_SET);
  assert_int_equal(source_take(&s, fd), 0);
  assert_true(s.is_file && s.has_length && s.length == 4);
  assert_int_equal(source_read(&s, buf, 3), 3);
  assert_int_equal(source_read(&s, buf, sizeof buf), 1);
  assert_int_equal(buf[0], 'o');
  assert_int_equal(source_read(&s, buf, sizeof buf), 0);
  source_close(&s);
  assert_int_equal(fcntl(fd, F_GETFD), -1);
}

static void stops_at_the_length(void **state) {
  const int fd = file("hello");
  struct source s;
  char buf[16];

  (void)state;
  assert_int_equal(source_take(&s, fd), 0);
  assert_int_equal(pwrite(fd, "more", 4, 5), 4);
  assert_int_equal(source_read(&s, buf, sizeof buf), 5);
  assert_int_equal(source_read(&s, buf, sizeof buf), 0);
  source_close(&s);
}

static void notices_loss(void **state) {
  const int fd = file("hello");
  struct source s;
  char buf[16];

  (void)state;
  assert_int_equal(source_take(&s, fd), 0);
  assert_int_equal(ftruncate(fd, 2), 0);
  assert_int_equal(source_read(&s, buf, sizeof buf), 2);
  errno = EIO;
  assert_int_equal(source_read(&s, buf, sizeof buf), -1);
  assert_int_equal(errno, 0);
  source_close(&s);
}

static void reads_files_that_say_nothing(void **state) {
  struct source s;
  char buf[16];

  (void)state;
  assert_int_equal(source_open(&s, "/proc/self/stat"), 0);
  assert_true(s.is_file && !s.has_length);
  assert_true(source_read(&s, buf, sizeof buf) > 0);
  source_close(&s);
  assert_int_equal(source_open(&s, "/dev/null"), 0);
  assert_false(s.is_file || s.has_length);
  assert_int_equal(source_read(&s, buf, sizeof buf), 0);
  source_close(&s);
}

static void knows_a_length_of_nothing(void **state) {
  const int fd = file("hello");
  struct source s;
  char buf[16];

  (void)state;
  lseek(fd, 9, SEEK_SET);
  assert_int_equal(source_take(&s, fd), 0);
  assert_true(s.has_length && s.length == 0);
  assert_int_equal(source_read(&s, buf, sizeof buf), 0);
  source_close(&s);
}

static void reads_all_up_to_a_limit(void **state) {
  struct source s;
  char buf[16];

  (void)state;
  assert_int_equal(source_take(&s, file("hello")), 0);
  assert_int_equal(source_all(&s, buf, 3), 3);
  assert_int_equal(source_all(&s, buf, sizeof buf), 2);
  assert_memory_equal(buf, "lo", 2);
  assert_int_equal(source_all(&s, buf, sizeof buf), 0);
  source_close(&s);
  assert_int_equal(source_all(&s, buf, sizeof buf), 0);
  s.has_length = 0;
  assert_int_equal(source_all(&s, buf, sizeof buf), -1);
}

static void knows_what_it_has_read(void **state) {
  struct source s;
  struct trailer t;

  (void)state;
  assert_int_equal(source_take(&s, file("hello")), 0);
  assert_int_equal(source_digest(&s, 0, &t), 0);
  assert_int_equal(t.length, 5);
  assert_string_equal(t.md5, "5d41402abc4b2a76b9719d911017c592");
  assert_string_equal(t.sha256, "");
  assert_int_equal(source_digest(&s, 1, &t), 0);
  assert_string_equal(t.md5, "d41d8cd98f00b204e9800998ecf8427e");
  assert_int_equal(strlen(t.sha256), SHA256_HEX);
  source_close(&s);
  s.has_length = 0;
  assert_int_equal(source_digest(&s, 1, &t), -1);
}

static void refuses(void **state) {
  struct source s;

  (void)state;
  assert_int_equal(source_open(&s, "/"), -1);
  assert_int_equal(errno, EISDIR);
  assert_int_equal(source_open(&s, "nothing/here"), -1);
  assert_int_equal(errno, ENOENT);
  assert_int_equal(source_take(&s, -1), -1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reads_from_the_offset),
      cmocka_unit_test(stops_at_the_length),
      cmocka_unit_test(notices_loss),
      cmocka_unit_test(reads_files_that_say_nothing),
      cmocka_unit_test(knows_a_length_of_nothing),
      cmocka_unit_test(reads_all_up_to_a_limit),
      cmocka_unit_test(knows_what_it_has_read),
      cmocka_unit_test(refuses),
  };

  return cmocka_run_group_tests(tests, 0, 0);
}
