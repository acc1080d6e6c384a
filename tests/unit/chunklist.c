#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "chunklist.h"
#include "header.h"
#include "hex.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define A "00000000000000000000000000000001"
#define B "0000000000000000000000000000000b"
#define S "Stamp: @400000006a1b2c3d00000001\n"
#define TICKET(m) "Key: k\nHost: h\nContent-Length: 5\nmd5hash: " m "\n" S

static struct md5set set;
static uint64_t line;

static const char *read_text(const char *text, size_t len) {
  FILE *f = fopen("list", "w");
  const char *why;
  int fd;
  assert_non_null(f);
  assert_int_equal(fwrite(text, 1, len, f), len);
  fclose(f);
  fd = open("list", O_RDONLY);
  md5set_free(&set);
  why = chunklist_read(fd, &set, &line);
  close(fd);
  return why;
}

static void are(const char *text, const char *want) {
  char hex[33], got[256] = "";
  assert_null(read_text(text, strlen(text)));
  for (size_t i = 0; i < set.n; ++i) {
    hex_fmt(hex, set.md5s + 16 * i, 16);
    strcat(strcat(got, hex + 31), " ");
  }
  assert_string_equal(got, want);
}

static void md5s_and_tickets(void **state) {
  (void)state;
  are("", "");
  are("\n\n", "");
  are(B "\n" A "\n" B "\n", "1 b ");
  are(A, "1 ");
  are(TICKET(A), "1 ");
  are(TICKET(A) TICKET(B), "1 b ");
  are(TICKET(A) "\n" TICKET(B) "\n\n", "1 b ");
  are(TICKET(A) B "\n", "1 b ");
  are(S "MD5HASH:\t  " A, "1 ");
}

static void is_bad(const char *text, uint64_t at, const char *want) {
  assert_string_equal(read_text(text, strlen(text)), want);
  assert_int_equal(line, at);
  assert_int_equal(errno, 0);
}

static void malformed(void **state) {
  const char *none = "neither an MD5 nor a line of a ticket";
  const char *half = "a ticket has no md5hash or no Stamp";
  (void)state;
  is_bad(A "\nx\n", 2, none);
  is_bad(A "0\n", 1, none);
  is_bad("0000000000000000000000000000000\n", 1, none);
  is_bad("0000000000000000000000000000000B\n", 1, none);
  is_bad(" " A "\n", 1, none);
  is_bad(A " \n", 1, none);
  is_bad(A "  file\n", 1, none);
  is_bad("a\tb: c\n", 1, none);
  is_bad("a: b\001\n", 1, none);
  is_bad(A "\nmd5hash: 1\n", 2, "bad md5hash");
  is_bad("md5hash: 0000000000000000000000000000000B\n", 1, "bad md5hash");
  is_bad("Host: h\n" S "\n" A "\n", 3, half);
  is_bad("Host: h\nmd5hash: " A "\n", 2, half);
  is_bad("Host: h\nmd5hash: " A "\n" B "\n" S, 3, half);
  is_bad(TICKET(A) "md5hash: " B "\n", 6, half);
  assert_string_equal(read_text("a\0b", 3), none);
}

static void a_line_as_long_as_a_header(void **state) {
  static char text[2 * HEADER_MAX];
  (void)state;
  memset(text, 'a', sizeof text);
  memcpy(text, "a: ", 3);
  assert_null(read_text(text, HEADER_MAX));
  assert_int_equal(line, 1);
  assert_string_equal(read_text(text, HEADER_MAX + 1), "too long");
  assert_int_equal(line, 1);
  text[HEADER_MAX - 1] = '\n';
  memcpy(text + HEADER_MAX, "b: ", 3);
  assert_null(read_text(text, HEADER_MAX + 100));
}

/* Wherever a read ends. */
static void in_pieces(void **state) {
  static const char text[] = A "\n\n" TICKET(B) A "\n";
  (void)state;
  for (size_t i = 1; i < sizeof text - 1; ++i) {
    int fds[2];
    assert_int_equal(pipe2(fds, O_DIRECT), 0); /* a write, a read */
    assert_int_equal(write(fds[1], text, i), i);
    assert_true(write(fds[1], text + i, sizeof text - 1 - i) > 0);
    close(fds[1]);
    md5set_free(&set);
    assert_null(chunklist_read(fds[0], &set, &line));
    assert_int_equal(set.n, 2);
    assert_int_equal(line, 8);
    close(fds[0]);
  }
}

static void unreadable(void **state) {
  int fd = open(".", O_RDONLY);
  (void)state;
  md5set_free(&set);
  assert_string_equal(chunklist_read(fd, &set, &line), "unable to read them");
  assert_int_equal(errno, EISDIR);
  close(fd);
}

static int end(void **state) {
  (void)state;
  md5set_free(&set);
  return 0;
}

/* A sanitizer does not live with so little. */
static void no_memory(void **state) {
  enum { LINES = 100000 };
  static char text[LINES * 33 + 1];
  const struct rlimit none = {0, 0};
  int status;
  pid_t pid;
  (void)state;
  if (getenv("SAN"))
    return;
  for (int i = 0; i < LINES; ++i)
    snprintf(text + 33 * i, 34, "%032d\n", i);
  assert_null(read_text(text, sizeof text - 1));
  md5set_free(&set);
  pid = fork();
  assert_true(pid >= 0);
  if (!pid) {
    int fd = open("list", O_RDONLY);
    const char *why;
    setrlimit(RLIMIT_AS, &none);
    why = chunklist_read(fd, &set, &line);
    _exit(errno != ENOMEM || !why || strcmp(why, "unable to keep them all"));
  }
  assert_int_equal(waitpid(pid, &status, 0), pid);
  assert_int_equal(status, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(md5s_and_tickets),
      cmocka_unit_test(malformed),
      cmocka_unit_test(no_memory),
      cmocka_unit_test(a_line_as_long_as_a_header),
      cmocka_unit_test(in_pieces),
      cmocka_unit_test(unreadable),
  };
  return cmocka_run_group_tests(tests, 0, end);
}
