#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "file.h"
#include "setup.h"
#include "sink.h"

#include <errno.h>
#include <fcntl.h>

static struct sink s;

static void put(const char *text) {
  assert_int_equal(sink_write(&s, text, strlen(text)), 0);
}

static void has(const char *name, const char *want) {
  char text[64];
  ssize_t len = file_read(name, text, sizeof text);
  assert_int_equal(len, strlen(want));
  assert_memory_equal(text, want, (size_t)len);
}

static void to_a_file(void **state) {
  struct stat st;
  (void)state;
  assert_int_equal(mkdir("dir", 0755), 0);
  put_text("dir/out", "old");
  assert_int_equal(sink_file(&s, "dir/out"), 0);
  put("wrong and long");
  assert_int_equal(sink_undo(&s), 0);
  put("right");
  has("dir/out", "old");
  assert_int_equal(sink_end(&s, 0640), 0);
  has("dir/out", "right");
  assert_int_equal(stat("dir/out", &st), 0);
  assert_int_equal(st.st_mode & 07777, 0640);
  assert_string_equal(s.tmp, "");
  assert_int_equal(sink_file(&s, "dir/out"), 0);
  put("wrong");
  assert_int_equal(access(s.tmp, F_OK), 0);
  assert_int_equal(sink_give_up(&s), 0);
  assert_int_equal(sink_give_up(&s), 0);
  has("dir/out", "right");
  assert_int_equal(names_in("dir"), 1);
  assert_int_equal(sink_file(&s, "none/out"), -1);
  assert_string_equal(s.tmp, "");
}

static void to_the_end_of_a_file(void **state) {
  int fd = open("end", O_RDWR | O_CREAT | O_APPEND, 0600);
  (void)state;
  assert_int_equal(file_write(fd, "before", 6), 0);
  assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
  assert_int_equal(sink_descriptor(&s, fd), 0);
  assert_int_equal(s.kind, SINK_END);
  put("wrong and long");
  assert_int_equal(sink_undo(&s), 0);
  put(" right");
  assert_int_equal(sink_end(&s, 0), 0);
  has("end", "before right");
  assert_int_equal(sink_descriptor(&s, fd), 0);
  put("wrong");
  assert_int_equal(sink_give_up(&s), 0);
  has("end", "before right");
  close(fd);
}

/* Behind the offset is what is not ours. */
static void into_the_middle(void **state) {
  int fd = open("end", O_RDWR);
  (void)state;
  assert_int_equal(sink_descriptor(&s, fd), 0);
  assert_int_equal(s.kind, SINK_FLOW);
  put("BEF");
  assert_int_equal(sink_undo(&s), 0);
  has("end", "before right");
  put("BEF");
  assert_int_equal(sink_end(&s, 0), 0);
  has("end", "BEFore right");
  close(fd);
}

/* What is no end of a file gets nothing before there is more than SINK_HOLD. */
static void holds(void **state) {
  static char piece[SINK_HOLD / 2], back[SINK_HOLD + 3];
  int fd = open("large", O_RDWR | O_CREAT, 0600);
  (void)state;
  assert_int_equal(ftruncate(fd, SINK_HOLD * 2), 0);
  assert_int_equal(sink_descriptor(&s, fd), 0);
  memset(piece, 'x', sizeof piece);
  assert_int_equal(sink_write(&s, piece, sizeof piece), 0);
  assert_int_equal(sink_undo(&s), 0);
  memset(piece, 'a', sizeof piece);
  assert_int_equal(sink_write(&s, piece, sizeof piece), 0);
  assert_int_equal(sink_write(&s, piece, sizeof piece), 0);
  assert_int_equal(lseek(fd, 0, SEEK_CUR), 0);
  put("b");
  assert_int_equal(lseek(fd, 0, SEEK_CUR), SINK_HOLD + 1);
  assert_int_equal(sink_undo(&s), -1);
  assert_int_equal(errno, EALREADY);
  put("c");
  assert_int_equal(sink_end(&s, 0), 0);
  assert_int_equal(file_read_at(fd, back, sizeof back, 0), sizeof back);
  for (size_t n = 0; n < SINK_HOLD; ++n)
    if (back[n] != 'a')
      fail();
  assert_memory_equal(back + SINK_HOLD, "bc", 3);
  close(fd);
}

static void fails(void **state) {
  int fd = open("/dev/full", O_WRONLY);
  (void)state;
  assert_int_equal(sink_descriptor(&s, fd), 0);
  put("x");
  assert_int_equal(sink_end(&s, 0), -1);
  assert_int_equal(errno, ENOSPC);
  close(fd);
  assert_int_equal(sink_descriptor(&s, fd), -1);
  assert_int_equal(errno, EBADF);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(to_a_file),       cmocka_unit_test(to_the_end_of_a_file),
      cmocka_unit_test(into_the_middle), cmocka_unit_test(holds),
      cmocka_unit_test(fails),
  };
  return cmocka_run_group_tests(tests, in_store, 0);
}
