#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "setup.h"
#include "slot.h"
#include "spool.h"
#include "sweep.h"

static void put(const char *name) {
  assert_int_equal(file_replace(name, "x", 1, 0600, 0), 0);
}

static void what_nobody_holds(void **state) {
  static const char *const go[] = {".df/tmp/1.0", ".df/id/a", ".df/lock/l.0",
                                   ".df/stream/s"};
  static const char *const stay[] = {
      ".df/tmp/1.1",   ".df/id/b",   ".df/lock/l.1", ".df/commit/c",
      ".df/try/a:1",   ".df/host",   "md5/x",        "key/k",
      ".df/corrupt/c", "status.json"};
  struct spool s;
  char path[SPOOL_PATH];
  int held[3];
  (void)state;
  for (int i = 0; i < 3; ++i)
    put(go[i]);
  for (size_t i = 0; i < sizeof stay / sizeof *stay; ++i)
    put(stay[i]);
  assert_int_equal(mkdir(".df/stream/s", 0700), 0);
  put(".df/stream/s/0");
  assert_int_equal(spool_open(&s), 0);
  close(spool_create(&s, 0));
  for (int i = 0; i < 3; ++i)
    assert_true((held[i] = lock_take(stay[i])) >= 0);
  for (int again = 0; again < 2; ++again) {
    sweep_store();
    for (size_t i = 0; i < sizeof go / sizeof *go; ++i)
      assert_int_equal(access(go[i], F_OK), -1);
    for (size_t i = 0; i < sizeof stay / sizeof *stay; ++i)
      assert_int_equal(access(stay[i], F_OK), 0);
    spool_path(path, &s, 0, "");
    assert_int_equal(access(path, F_OK), 0);
  }
  for (int i = 0; i < 3; ++i)
    close(held[i]);
  close(s.lock);
  sweep_store();
  assert_int_equal(access(path, F_OK), -1);
  for (int i = 0; i < 3; ++i)
    assert_int_equal(access(stay[i], F_OK), -1);
  for (size_t i = 3; i < sizeof stay / sizeof *stay; ++i)
    assert_int_equal(access(stay[i], F_OK), 0);
  assert_null(store_open());
}

/* What a dfverify fetches goes with it. */
static void copies(void **state) {
  int held = lock_take(".df/lock/verify");
  (void)state;
  put(".df/verify/5d41402abc4b2a76b9719d911017c592.XYZ");
  sweep_store();
  assert_int_equal(names_in(".df/verify"), 1);
  close(held);
  sweep_store();
  assert_int_equal(names_in(".df/verify"), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(what_nobody_holds),
                                     cmocka_unit_test(copies)};
  return cmocka_run_group_tests(tests, in_store, 0);
}
