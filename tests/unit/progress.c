#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "progress.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static void is(const struct progress *p, const char *want) {
  char text[PROGRESS_MAX + 1];

  progress_text(text, p);
  assert_string_equal(text, want);
}

static void says_what_is_known(void **state) {
  struct progress p = {.name = "f"};

  (void)state;
  is(&p, "f: 0 B");
  p.bytes = 1023;
  is(&p, "f: 1023 B");
  p.bytes = 1536;
  p.sent = 4096;
  p.ms = 2000;
  is(&p, "f: 1.5 KiB, 2.0 KiB/s");
  p.length = 3072;
  is(&p, "f: 1.5 KiB of 3.0 KiB, 50%, 2.0 KiB/s, 0:00 left");
  p.length = p.bytes + 2048 * 3725;
  is(&p, "f: 1.5 KiB of 7.2 MiB, 0%, 2.0 KiB/s, 1:02:05 left");
  p.length = p.bytes + 2048 * UINT64_C(86400) * 12;
  is(&p, "f: 1.5 KiB of 1.9 GiB, 0%, 2.0 KiB/s, 12 days left");
  p.bytes = p.length;
  is(&p, "f: 1.9 GiB of 1.9 GiB, 100%, 2.0 KiB/s, 0:00 left");
}

static void keeps_its_width(void **state) {
  static const char name[] = "\033[31ma name of some length, and then some";
  struct progress p = {.name = name,
                       .bytes = UINT64_MAX,
                       .length = UINT64_MAX,
                       .sent = UINT64_MAX,
                       .ms = 1001};
  char text[PROGRESS_MAX + 1];
  size_t i;

  (void)state;
  progress_text(text, &p);
  assert_in_range(strlen(text), 40, PROGRESS_MAX);
  for (i = 0; text[i]; i++)
    assert_in_range(text[i], 32, 126);
}

static void shows_and_clears(void **state) {
  struct progress p;
  char buf[256];
  int fd[2];
  ssize_t r;

  (void)state;
  assert_int_equal(pipe2(fd, O_NONBLOCK), 0);
  progress_start(&p, fd[1]);
  progress_clear(&p);
  progress_sent(&p, 10);
  assert_int_equal(read(fd[0], buf, sizeof buf), -1);
  progress_chunk(&p, "f", 100, 10);
  progress_sent(&p, 60);
  r = read(fd[0], buf, sizeof buf);
  assert_true(r > 0 && strncmp(buf, "f: 50 B of 100 B, 50%", 21) == 0);
  progress_sent(&p, 80);
  assert_int_equal(read(fd[0], buf, sizeof buf), -1);
  p.refreshed = 0;
  progress_sent(&p, 200);
  r = read(fd[0], buf, sizeof buf);
  assert_true(r > 4 && strncmp(buf, "\r\033[Kf: 100 B", 12) == 0);
  progress_clear(&p);
  assert_int_equal(read(fd[0], buf, sizeof buf), 4);
  assert_memory_equal(buf, "\r\033[K", 4);
  progress_start(&p, -1);
  progress_chunk(&p, "f", 100, 0);
  progress_sent(&p, 60);
  progress_say(&p, "x");
  assert_int_equal(read(fd[0], buf, sizeof buf), -1);
}

/* What is shown of "0123456789" on a terminal of so many columns. */
static void shown_at(int master, int terminal, unsigned short columns,
                     const char *want) {
  const struct winsize w = {.ws_row = 24, .ws_col = columns};
  struct progress p;
  char buf[64];
  size_t len = 0;
  ssize_t r;

  assert_int_equal(ioctl(terminal, TIOCSWINSZ, &w), 0);
  progress_start(&p, terminal);
  progress_say(&p, "0123456789");
  assert_int_equal(write(terminal, "|", 1), 1);
  do {
    r = read(master, buf + len, sizeof buf - len);
    assert_true(r > 0);
    len += (size_t)r;
  } while (buf[len - 1] != '|');
  assert_int_equal(len, strlen(want) + 1);
  assert_memory_equal(buf, want, strlen(want));
}

static void keeps_the_width_of_the_terminal(void **state) {
  const int master = posix_openpt(O_RDWR | O_NOCTTY);
  int terminal;

  (void)state;
  assert_true(master >= 0);
  assert_int_equal(grantpt(master) + unlockpt(master), 0);
  terminal = open(ptsname(master), O_RDWR | O_NOCTTY);
  assert_true(terminal >= 0);
  shown_at(master, terminal, 80, "0123456789");
  shown_at(master, terminal, 0, "0123456789"); /* it does not say */
  shown_at(master, terminal, 11, "0123456789");
  shown_at(master, terminal, 10, "012345678");
  shown_at(master, terminal, 1, "");
  close(terminal);
  close(master);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(says_what_is_known),
      cmocka_unit_test(keeps_its_width),
      cmocka_unit_test(shows_and_clears),
      cmocka_unit_test(keeps_the_width_of_the_terminal),
  };

  return cmocka_run_group_tests(tests, 0, 0);
}
