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

#include "expiry.h"
#include "setup.h"
#include "synced.h"

#define A "5d41402abc4b2a76b9719d911017c592"
#define B "7d793037a0760186574b0282f2f435e7"

static struct expiry e;

static int start(void **state) {
  (void)state;
  memset(&e, 0, sizeof e);
  return system("rm -f .df/expire/*");
}

static struct header of(const char *md5, int64_t stamp, uint64_t life) {
  struct header h = {.has_cache_time = 1, .cache_time = life};
  memcpy(h.md5, md5, sizeof h.md5);
  label_fmt(h.stamp, stamp, 0);
  return h;
}

static void note(const char *md5, int64_t stamp, uint64_t life) {
  struct header h = of(md5, stamp, life);
  assert_int_equal(expiry_note(&e, &h), 0);
}

static void is(const char *name, const char *want) {
  char text[4096], path[64];
  ssize_t len;
  snprintf(path, sizeof path, ".df/expire/%s", name);
  len = file_read(path, text, sizeof text - 1);
  assert_true(len >= 0);
  text[len] = 0;
  assert_string_equal(text, want);
}

static void ends(void **state) {
  struct header h = of(A, 1000, 7);
  (void)state;
  assert_int_equal(expiry_at(&h), 1007);
  h.has_cache_time = 0;
  assert_true(expiry_at(&h) == EXPIRY_NEVER);
  h = of(A, INT64_MAX / 2, INT64_MAX);
  assert_true(expiry_at(&h) < EXPIRY_NEVER);
}

static void files(void **state) {
  struct header never = {.has_cache_time = 0};
  (void)state;
  synced_forget();
  assert_int_equal(expiry_start(&e, 0), 1); /* it is new */
  assert_int_equal(synced(".df/expire"), 1);
  note(A, 7200, 1);
  note(B, 7200, 3600);
  note(B, 0, 3599);
  note(A, 7200, 2);
  note(A, 0, 253402300800); /* after the year 9999 */
  assert_int_equal(expiry_note(&e, &never), 0);
  note(A, -5000, 1);
  synced_forget();
  assert_int_equal(expiry_finish(&e), 0);
  assert_int_equal(synced(".df/expire/000000000000"), 1);
  assert_int_equal(synced(".df/expire/000000007200"), 2);
  assert_int_equal(synced(".df/expire/000000010800"), 3);
  assert_int_equal(synced(".df/expire"), 4);
  is("000000000000", "+ " A " 000000000000\n+ " B " 000000003599\n");
  is("000000007200", "+ " A " 000000007201\n+ " A " 000000007202\n");
  is("000000010800", "+ " B " 000000010800\n");
  assert_int_equal(names_in(".df/expire"), 4);
  assert_int_equal(expiry_start(&e, 0), 0);
  note(B, 7200, 0);
  assert_int_equal(expiry_finish(&e), 0);
  is("000000007200",
     "+ " A " 000000007201\n+ " A " 000000007202\n+ " B " 000000007200\n");
  assert_int_equal(expiry_start(&e, 1), 1);
  assert_int_equal(names_in(".df/expire"), 0);
  assert_int_equal(expiry_finish(&e), 0);
  assert_int_equal(names_in(".df/expire"), 1);
}

/* What was cut before it was whole is begun again. */
static void cut(void **state) {
  (void)state;
  assert_int_equal(expiry_start(&e, 1), 1);
  note(A, 7200, 1);
  close(e.dir);
  put_text(".df/expire/000000007200", "+ " B " 000000007201\n+ 7d");
  assert_int_equal(expiry_start(&e, 0), 1);
  note(A, 7200, 1);
  assert_int_equal(expiry_finish(&e), 0);
  is("000000007200", "+ " A " 000000007201\n");
  put_text(".df/expire/000000007200", "- " B " 000000007201\n+ 7d");
  assert_int_equal(expiry_start(&e, 0), 0);
  note(A, 7200, 1);
  assert_int_equal(expiry_finish(&e), 0);
  is("000000007200", "- " B " 000000007201\n+ " A " 000000007201\n");
}

/* More than the buffer holds, in more files than are synced one by one. */
static void many(void **state) {
  struct stat st;
  (void)state;
  assert_int_equal(expiry_start(&e, 1), 1);
  for (int i = 0; i < 2 * EXPIRY_BUFFER + 1; ++i)
    note(A, (int64_t)(i % 50) * 3600, 0);
  synced_forget();
  assert_int_equal(expiry_finish(&e), 0);
  assert_int_equal(synced(".df/expire/."), 1);
  assert_int_equal(synced(".df/expire"), 2);
  assert_int_equal(names_in(".df/expire"), 51);
  assert_int_equal(stat(".df/expire/000000000000", &st), 0);
  assert_int_equal(st.st_size, 164 * EXPIRY_LINE);
}

static void unable(void **state) {
  (void)state;
  assert_int_equal(expiry_start(&e, 1), 1);
  assert_int_equal(mkdir(".df/expire/000000007200", 0755), 0);
  note(A, 7200, 1);
  assert_int_equal(expiry_finish(&e), -1);
  assert_int_equal(errno, EISDIR);
  assert_int_equal(access(".df/expire/whole", F_OK), -1);
  assert_int_equal(expiry_start(&e, 0), -1);
  assert_int_equal(rmdir(".df/expire/000000007200"), 0);
  assert_int_equal(rmdir(".df/expire"), 0);
  assert_int_equal(expiry_start(&e, 0), -1);
  assert_int_equal(mkdir(".df/expire", 0700), 0);
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup(f, start)
  const struct CMUnitTest tests[] = {
      TEST(ends), TEST(files), TEST(cut), TEST(many), TEST(unable),
  };
  return cmocka_run_group_tests(tests, in_store, 0);
}
