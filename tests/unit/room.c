#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cmocka.h>

#include "room.h"

/* What statvfs says, in place of the file system. */
static unsigned long blocks, available, size;
static int error;

int statvfs(const char *path, struct statvfs *v) {
  assert_string_equal(path, ".");
  if (error) {
    errno = error;
    return -1;
  }
  *v = (struct statvfs){.f_bsize = 1,
                        .f_frsize = size,
                        .f_blocks = blocks,
                        .f_bfree = blocks,
                        .f_bavail = available};
  return 0;
}

static void more_than_both(void **state) {
  (void)state;
  blocks = 1000;
  available = 10;
  size = 4096;
  assert_int_equal(room_for(0, 0), 1);
  assert_int_equal(room_for(40959, 0), 1);
  assert_int_equal(room_for(40960, 0), 0);
  assert_int_equal(room_for(40961, 0), 0);
  assert_int_equal(room_for(0, 40959), 1);
  assert_int_equal(room_for(0, 40960), 0);
  assert_int_equal(room_for(40000, 959), 1);
  assert_int_equal(room_for(40000, 960), 0);
  assert_int_equal(room_for(40960, 1), 0);
  available = 0;
  assert_int_equal(room_for(0, 0), 0);
}

static void great_numbers(void **state) {
  (void)state;
  available = 10;
  size = 4096;
  assert_int_equal(room_for(UINT64_MAX, UINT64_MAX), 0);
  assert_int_equal(room_for(1, UINT64_MAX), 0);
  assert_int_equal(room_for(UINT64_MAX, 1), 0);
  assert_int_equal(room_for(UINT64_C(1) << 63, UINT64_C(1) << 63), 0);
  blocks = available = 1UL << 40;
  assert_int_equal(room_for(UINT64_C(1) << 52, 0), 0);
  assert_int_equal(room_for((UINT64_C(1) << 52) - 1, 0), 1);
}

static void fails(void **state) {
  (void)state;
  error = EIO;
  assert_int_equal(room_for(0, 0), -1);
  assert_int_equal(errno, EIO);
  error = 0;
}

static void a_kick_does_no_harm(void **state) {
  char c[100];
  int p[2], fd = open("kicked", O_RDWR | O_CREAT, 0600);
  (void)state;
  assert_int_equal(write(fd, "hello", 5), 5);
  room_kick(fd, 0, 5);
  room_kick(fd, 5, 5);
  room_kick(fd, 0, 1 << 20);
  assert_int_equal(pread(fd, c, sizeof c, 0), 5);
  assert_memory_equal(c, "hello", 5);
  close(fd);
  room_kick(fd, 0, 5);
  assert_int_equal(pipe(p), 0);
  room_kick(p[1], 0, 5);
  close(p[0]);
  close(p[1]);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(more_than_both),
      cmocka_unit_test(great_numbers),
      cmocka_unit_test(fails),
      cmocka_unit_test(a_kick_does_no_harm),
  };
  return cmocka_run_group_tests(tests, 0, 0);
}
