#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sending.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define LARGE 3000001

static struct sender s;
static char data[LARGE], got[LARGE + 64];

/* Out of the way of 6 and 7. */
static int high(int fd) {
  const int to = fcntl(fd, F_DUPFD, 20);

  assert_true(to >= 20);
  close(fd);
  return to;
}

/* 6 is /dev/null, 7 what is given. */
static void start(int out) {
  const int in = high(open("/dev/null", O_RDONLY));

  if (out != 7)
    out = high(out);
  assert_int_equal(dup2(in, 6), 6);
  assert_int_equal(dup2(out, 7), 7);
  close(in);
  if (out != 7)
    close(out);
  assert_int_equal(sender_start(&s, 5), 0);
}

static int file_of(size_t len) {
  const int fd = high(open("data", O_RDWR | O_CREAT | O_TRUNC, 0600));

  assert_true(fd >= 0);
  assert_int_equal(write(fd, data, len), len);
  return fd;
}

static int out_file(int flags) {
  return open("out", O_RDWR | O_CREAT | O_TRUNC | flags, 0600);
}

/* The file out is head, len bytes of data from at on, zeros, and a comma. */
static void check_out(const char *head, size_t at, size_t len, size_t zeros) {
  const size_t h = strlen(head), all = h + len + zeros + 1;
  const int fd = open("out", O_RDONLY);
  size_t i;

  assert_int_equal(read(fd, got, sizeof got), all);
  close(fd);
  assert_memory_equal(got, head, h);
  assert_memory_equal(got + h, data + at, len);
  for (i = 0; i < zeros; i++)
    assert_int_equal(got[h + len + i], 0);
  assert_int_equal(got[all - 1], ',');
  assert_int_equal(s.bytes, all);
}

static void holds_what_is_small(void **state) {
  struct stat st;

  (void)state;
  start(out_file(0));
  assert_int_equal(sending_netstring(&s, "0:,", "abc", 3), 0);
  assert_int_equal(sending_netstring(&s, "", "", 0), 0);
  assert_int_equal(s.bytes, 0);
  assert_int_equal(stat("out", &st), 0);
  assert_int_equal(st.st_size, 0);
  assert_int_equal(sending_flush(&s), 0);
  assert_int_equal(sending_flush(&s), 0);
  assert_int_equal(s.bytes, 12);
  assert_int_equal(pread(7, got, sizeof got, 0), 12);
  assert_memory_equal(got, "0:,3:abc,0:,", 12);
}

/* More than fits goes with what was held, in its order. */
static void writes_what_is_large(void **state) {
  (void)state;
  start(out_file(0));
  assert_int_equal(sending_netstring(&s, "", "a", 1), 0);
  assert_int_equal(sending_netstring(&s, "", data, SENDER_HELD), 0);
  assert_int_equal(s.held_len, 0);
  assert_int_equal(s.bytes, SENDER_HELD + strlen("1:a,65536:,"));
  assert_int_equal(pread(7, got, sizeof got, 0), s.bytes);
  assert_memory_equal(got, "1:a,65536:", 10);
  assert_memory_equal(got + 10, data, SENDER_HELD);
}

static void sends_files(void **state) {
  static const int flags[] = {0, O_APPEND}; /* no sendfile to the second */
  int fd;
  size_t i;

  (void)state;
  for (i = 0; i < 2; i++) {
    fd = file_of(LARGE);
    start(out_file(flags[i]));
    assert_int_equal(sending_file(&s, fd, 1, LARGE - 1), 0);
    assert_int_equal(sending_flush(&s), 0);
    check_out("3000000:", 1, LARGE - 1, 0);
    start(out_file(flags[i]));
    assert_int_equal(sending_file(&s, fd, 7, 5), 0);
    assert_int_equal(s.bytes, 0); /* little is held */
    assert_int_equal(sending_flush(&s), 0);
    check_out("5:", 7, 5, 0);
    assert_int_equal(lseek(fd, 0, SEEK_CUR), LARGE);
    close(fd);
  }
}

/* Nothing was sent yet, or the block is filled: both can be given up. */
static void cannot_read(void **state) {
  static const int flags[] = {0, O_APPEND};
  const int dir = high(open(".", O_RDONLY));
  int fd;
  size_t i;

  (void)state;
  for (i = 0; i < 2; i++) {
    fd = file_of(1000000);
    start(out_file(flags[i]));
    errno = 0;
    assert_int_equal(sending_file(&s, fd, 0, 1000001), 1);
    assert_int_equal(errno, EIO);
    assert_false(s.failed);
    assert_int_equal(sending_flush(&s), 0);
    check_out("1000001:", 0, 1000000, 1);
    errno = 0;
    assert_int_equal(sending_file(&s, fd, 999999, 2), 1);
    assert_int_equal(errno, EIO);
    assert_int_equal(s.held_len, 0);
    assert_int_equal(sending_file(&s, dir, 0, 2), 1);
    assert_int_equal(errno, EISDIR);
    assert_int_equal(s.held_len, 0);
    close(fd);
    start(out_file(flags[i]));
    assert_int_equal(sending_file(&s, dir, 0, 200000), 1);
    assert_int_equal(sending_flush(&s), 0);
    check_out("200000:", 0, 0, 200000);
  }
  close(dir);
}

/* To a socket that takes a little at a time, at a rate and without. */
static void sends_to_sockets(void **state) {
  const int fd = file_of(LARGE);
  int pair[2], status;
  size_t n, i;
  ssize_t r;
  pid_t pid;

  (void)state;
  for (i = 0; i < 2; i++) {
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    pair[0] = high(pair[0]);
    pair[1] = high(pair[1]);
    start(pair[0]);
    pid = fork();
    assert_true(pid >= 0);
    if (!pid) {
      close(pair[1]);
      if (i)
        sender_pace(&s, 64 << 20);
      status = sending_file(&s, fd, 0, LARGE) || sending_flush(&s);
      _exit(status);
    }
    close(7);
    for (n = 0; (r = read(pair[1], got + n, sizeof got - n)) > 0;)
      n += (size_t)r;
    close(pair[1]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    assert_int_equal(n, LARGE + strlen("3000001:,"));
    assert_memory_equal(got + 8, data, LARGE);
  }
  close(fd);
}

static void says_who_failed(void **state) {
  const int fd = file_of(LARGE);
  int p[2];

  (void)state;
  assert_int_equal(pipe(p), 0);
  close(p[0]);
  start(high(p[1]));
  assert_int_equal(sending_file(&s, fd, 0, LARGE), -1);
  assert_true(s.failed && s.ended);
  assert_string_equal(s.why, "connection closed by the server");
  assert_int_equal(sending_file(&s, fd, 0, 5), -1);
  assert_int_equal(sending_netstring(&s, "", "", 0), -1);
  assert_int_equal(sending_flush(&s), -1);
  start(open("/dev/full", O_WRONLY));
  assert_int_equal(sending_file(&s, fd, 0, LARGE), -1);
  assert_string_equal(s.why, "unable to write");
  assert_int_equal(s.error, ENOSPC);
  assert_false(s.ended);
  close(fd);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(holds_what_is_small),
      cmocka_unit_test(writes_what_is_large),
      cmocka_unit_test(sends_files),
      cmocka_unit_test(cannot_read),
      cmocka_unit_test(sends_to_sockets),
      cmocka_unit_test(says_who_failed),
  };
  size_t i;

  signal(SIGPIPE, SIG_IGN);
  for (i = 0; i < sizeof data; i++)
    data[i] = (char)(i * 2654435761u >> 11);
  return cmocka_run_group_tests(tests, 0, 0);
}
