#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "recording.h"
#include "setup.h"

#define A "5d41402abc4b2a76b9719d911017c592"
#define B "7d793037a0760186574b0282f2f435e7"
#define C "9dd4e461268c8034f5c8564e155c67a6"
#define HEADER(md5, n)                                                         \
  "Host: h\nContent-Length: " n "\nmd5hash: " md5                              \
  "\nStamp: @400000006a00000000000000\nStored: @400000006a00000a00000000\n"

static struct recording r;

static void put(const char *md5, const char *header, uint64_t length) {
  assert_int_equal(recording_put(&r, md5, header, strlen(header), length), 0);
}

static void counts(uint64_t chunks, uint64_t bytes) {
  char name[DELTA_NAME];
  struct stat st;
  assert_int_equal(recording_finish(&r), 0);
  assert_int_equal(r.index.chunks, chunks);
  assert_int_equal(r.index.bytes, bytes);
  delta_name(name, r.index.epoch);
  assert_int_equal(stat(name, &st), 0);
  assert_int_equal(r.index.delta_bytes, st.st_size);
  delta_close(&r.delta);
}

static void begins(void) {
  char epoch[LABEL_LEN + 1];
  memcpy(epoch, r.index.epoch, sizeof epoch);
  assert_int_equal(recording_begin(&r), 0);
  assert_true(recording_is_new(&r));
  put(A, HEADER(A, "5"), 5);
  put(B, HEADER(B, "7"), 7);
  counts(2, 12);
  assert_string_not_equal(epoch, r.index.epoch);
}

static void totals(void **state) {
  (void)state;
  assert_int_equal(recording_resume(&r, 0), 0);
  begins();
  assert_int_equal(recording_resume(&r, 0), 1);
  put(C, HEADER(C, "1"), 1);
  counts(3, 13);
  assert_int_equal(recording_resume(&r, 1), 1);
  put(A, HEADER(A, "5"), 5);
  put(C, HEADER(C, "1"), 1);
  counts(3, 13);
}

/* What goes is counted once, and only where it was. */
static void gone(void **state) {
  (void)state;
  begins();
  assert_int_equal(recording_resume(&r, 1), 1);
  assert_false(recording_is_new(&r));
  assert_int_equal(recording_gone(&r, A, "expired"), 0);
  assert_int_equal(recording_gone(&r, C, "expired"), 0);
  counts(1, 7);
  assert_int_equal(recording_resume(&r, 1), 1);
  assert_int_equal(recording_gone(&r, A, "removed"), 0);
  put(B, HEADER(B, "7"), 7);
  counts(1, 7);
  assert_int_equal(recording_resume(&r, 1), 1);
  put(A, HEADER(A, "5"), 5);
  counts(2, 12);
}

/* A header that is none has no record and counts for nothing. */
static void broken(void **state) {
  uint64_t bytes;
  (void)state;
  begins();
  bytes = r.index.delta_bytes;
  assert_int_equal(recording_resume(&r, 0), 1);
  put(C, "Host: h\n", 1);
  counts(2, 12);
  assert_int_equal(r.index.delta_bytes, bytes);
}

static void abandoned(void **state) {
  uint64_t bytes;
  struct stat st;
  char name[DELTA_NAME];
  (void)state;
  begins();
  bytes = r.index.delta_bytes;
  assert_int_equal(recording_resume(&r, 1), 1);
  put(C, HEADER(C, "1"), 1);
  assert_int_equal(delta_sync(&r.delta), 0);
  errno = EIO;
  recording_abandon(&r);
  assert_int_equal(errno, EIO);
  delta_name(name, r.index.epoch);
  assert_int_equal(stat(name, &st), 0);
  assert_int_equal(st.st_size, bytes);
}

/* Longer or shorter than status.json says, or not there: no going on. */
static void other_delta(void **state) {
  char name[DELTA_NAME];
  (void)state;
  begins();
  ++r.index.delta_bytes;
  assert_int_equal(recording_resume(&r, 0), 0);
  --r.index.delta_bytes;
  delta_name(name, r.index.epoch);
  assert_int_equal(unlink(name), 0);
  assert_int_equal(recording_resume(&r, 0), 0);
  recording_abandon(&r); /* nothing is open */
}

/* More than 1 MiB, and more than four times index.json. */
static void too_large(void **state) {
  char name[DELTA_NAME];
  (void)state;
  begins();
  delta_name(name, r.index.epoch);
  assert_int_equal(truncate(name, 1048577), 0);
  r.index.delta_bytes = 1048577;
  assert_int_equal(recording_resume(&r, 0), 0);
  put_text("index.json", "");
  assert_int_equal(truncate("index.json", 262144), 0);
  assert_int_equal(recording_resume(&r, 0), 0);
  assert_int_equal(truncate("index.json", 262145), 0);
  assert_int_equal(recording_resume(&r, 0), 1);
  delta_close(&r.delta);
  assert_int_equal(unlink("index.json"), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(totals),      cmocka_unit_test(gone),
      cmocka_unit_test(broken),      cmocka_unit_test(abandoned),
      cmocka_unit_test(other_delta), cmocka_unit_test(too_large),
  };
  return cmocka_run_group_tests(tests, in_store, 0);
}
