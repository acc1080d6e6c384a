#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "setup.h"
#include "synced.h"
#include "writer.h"

static struct writer w;
static char tmp[64];

static void is(const char *name, const char *want) {
  char text[64];
  ssize_t len = file_read(name, text, sizeof text);
  assert_int_equal(len, strlen(want));
  assert_memory_equal(text, want, (size_t)len);
}

static void replaces(void **state) {
  (void)state;
  put_text("a", "old");
  assert_int_equal(writer_begin(&w, tmp, 0644), 0);
  assert_int_equal(writer_puts(&w, "new"), 0);
  is("a", "old");
  synced_forget();
  assert_int_equal(writer_replace(&w, tmp, "a"), 0);
  assert_int_equal(synced(".df/tmp/*"), 1);
  is("a", "new");
  assert_int_equal(names_in(".df/tmp"), 0);
}

static void drops(void **state) {
  (void)state;
  assert_int_equal(writer_begin(&w, tmp, 0644), 0);
  errno = EIO;
  writer_drop(&w, tmp);
  assert_int_equal(errno, EIO);
  assert_int_equal(names_in(".df/tmp"), 0);
  assert_int_equal(writer_begin(&w, tmp, 0644), 0);
  assert_int_equal(writer_replace(&w, tmp, "nowhere/a"), -1);
  assert_int_equal(errno, ENOENT);
  assert_int_equal(names_in(".df/tmp"), 0);
}

/* Also what has gone to the file already. */
static void restarts(void **state) {
  static char big[3 * sizeof w.buf];
  (void)state;
  assert_int_equal(writer_begin(&w, tmp, 0644), 0);
  assert_int_equal(writer_put(&w, big, sizeof big), 0);
  assert_int_equal(writer_put(&w, "x", 1), 0);
  assert_int_equal(w.bytes, sizeof big + 1);
  assert_int_equal(writer_restart(&w), 0);
  assert_int_equal(w.bytes, 0);
  assert_int_equal(writer_puts(&w, "again"), 0);
  assert_int_equal(writer_replace(&w, tmp, "a"), 0);
  is("a", "again");
}

static void pieces(void **state) {
  static char big[2 * sizeof w.buf + 5], text[sizeof big + 1];
  (void)state;
  for (size_t i = 0; i < sizeof big; ++i)
    big[i] = (char)(i * 7 + i / 251);
  assert_int_equal(writer_create(&w, "b", 0644), 0);
  for (size_t i = 0, n = 1; i < sizeof big; i += n, n = n * 3 % 997)
    assert_int_equal(
        writer_put(&w, big + i, n < sizeof big - i ? n : (n = sizeof big - i)),
        0);
  assert_int_equal(writer_finish(&w, "b"), 0);
  assert_int_equal(file_read("b", text, sizeof text), sizeof big);
  assert_memory_equal(text, big, sizeof big);
  assert_int_equal(writer_place("b", "nowhere/b"), -1);
  assert_int_equal(access("b", F_OK), -1);
}

/* The first error stays. */
static void full(void **state) {
  int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
  (void)state;
  assert_true(fd >= 0);
  writer_start(&w, fd);
  assert_int_equal(writer_puts(&w, "x"), 0);
  assert_int_equal(writer_sync(&w), -1);
  assert_int_equal(errno, ENOSPC);
  errno = 0;
  assert_int_equal(writer_puts(&w, "x"), -1);
  assert_int_equal(errno, ENOSPC);
  errno = 0;
  assert_int_equal(writer_restart(&w), -1);
  assert_int_equal(errno, ENOSPC);
  close(fd);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(replaces), cmocka_unit_test(drops),
      cmocka_unit_test(restarts), cmocka_unit_test(pieces),
      cmocka_unit_test(full),
  };
  return cmocka_run_group_tests(tests, in_store, 0);
}
