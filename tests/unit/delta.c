#include "delta.h"
#include "file.h"
#include "store.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "synced.h"

static struct delta d;
static char name[DELTA_NAME];

static int start(void **state) {
  (void)state;
  return store_open() ? -1 : 0;
}

static void is(const char *want) {
  char text[1000];
  ssize_t len = file_read(name, text, sizeof text);
  assert_int_equal(len, strlen(want));
  assert_memory_equal(text, want, (size_t)len);
}

static void begins_and_goes_on(void **state) {
  char epoch[LABEL_LEN + 1];
  (void)state;
  assert_int_equal(delta_begin(&d), 0);
  delta_name(name, d.epoch);
  assert_int_equal(delta_put(&d, "{}", 2), 0);
  assert_int_equal(delta_put(&d, "{1}", 3), 0);
  assert_int_equal(delta_bytes(&d), 7);
  synced_forget();
  assert_int_equal(delta_sync(&d), 0);
  assert_int_equal(synced(name), 1);
  assert_int_equal(synced("delta"), 2);
  delta_close(&d);
  is("{}\n{1}\n");
  memcpy(epoch, d.epoch, sizeof epoch);
  assert_int_equal(delta_resume(&d, epoch, 6), 0);
  assert_int_equal(delta_resume(&d, epoch, 8), 0);
  assert_int_equal(delta_resume(&d, "nonsense", 7), 0);
  assert_int_equal(delta_resume(&d, "@400000000000000000000000", 7), 0);
  assert_int_equal(delta_resume(&d, epoch, 7), 1);
  assert_int_equal(delta_bytes(&d), 7);
  assert_int_equal(delta_put(&d, "{2}", 3), 0);
  assert_int_equal(delta_sync(&d), 0);
  assert_int_equal(delta_bytes(&d), 11);
  delta_close(&d);
  is("{}\n{1}\n{2}\n");
}

static void abandons(void **state) {
  char epoch[LABEL_LEN + 1];
  (void)state;
  assert_int_equal(delta_begin(&d), 0);
  delta_name(name, d.epoch);
  delta_put(&d, "{}", 2);
  assert_int_equal(delta_sync(&d), 0);
  delta_close(&d);
  memcpy(epoch, d.epoch, sizeof epoch);
  assert_int_equal(delta_resume(&d, epoch, 3), 1);
  delta_put(&d, "{1}", 3);
  assert_int_equal(delta_sync(&d), 0);
  delta_abandon(&d);
  delta_close(&d);
  is("{}\n");
  assert_int_equal(delta_begin(&d), 0);
  delta_name(name, d.epoch);
  delta_put(&d, "{1}", 3);
  delta_abandon(&d);
  delta_close(&d);
  assert_int_equal(access(name, F_OK), -1);
}

static void full_disk(void **state) {
  char big[30000];
  (void)state;
  memset(big, 'x', sizeof big);
  assert_int_equal(delta_begin(&d), 0);
  close(d.w.fd);
  d.w.fd = open("/dev/full", O_WRONLY);
  assert_int_equal(delta_put(&d, big, sizeof big), -1);
  assert_int_equal(delta_put(&d, "x", 1), -1);
  assert_int_equal(delta_sync(&d), -1);
  delta_close(&d);
}

static void cleans(void **state) {
  char old[DELTA_NAME], other[DELTA_NAME];
  struct stat st;
  struct timespec t[2] = {{.tv_sec = 1000}, {.tv_sec = 1000}};
  (void)state;
  assert_int_equal(delta_begin(&d), 0);
  delta_name(name, d.epoch);
  delta_close(&d);
  delta_name(old, "@400000006a00000000000000");
  delta_name(other, "@400000006a00000100000000");
  assert_int_equal(file_replace(old, "", 0, 0644, 0), 0);
  assert_int_equal(file_replace(other, "", 0, 0644, 0), 0);
  assert_int_equal(file_replace("delta/mine", "", 0, 0644, 0), 0);
  assert_int_equal(utimensat(AT_FDCWD, name, t, 0), 0);
  assert_int_equal(utimensat(AT_FDCWD, old, t, 0), 0);
  assert_int_equal(utimensat(AT_FDCWD, other, t, 0), 0);
  assert_int_equal(utimensat(AT_FDCWD, "delta/mine", t, 0), 0);
  delta_retire("@400000006a00000100000000");
  assert_int_equal(delta_clean(d.epoch, 1001), 0);
  assert_int_equal(lstat(name, &st), 0);
  assert_int_equal(lstat(old, &st), -1);
  assert_int_equal(lstat(other, &st), 0);
  assert_int_equal(lstat("delta/mine", &st), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(begins_and_goes_on),
      cmocka_unit_test(abandons),
      cmocka_unit_test(full_disk),
      cmocka_unit_test(cleans),
  };
  return cmocka_run_group_tests(tests, start, 0);
}
