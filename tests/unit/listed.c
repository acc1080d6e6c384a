#include "listed.h"
#include "delta.h"
#include "writer.h"

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

#include "setup.h"

#define E1 "@400000006a00000000000000"
#define E2 "@400000006a00000100000000"
#define N 300

static struct index in = {.epoch = E1};
static struct listed l;

/* The md5 of number i: others are between them. */
static const char *md5(int i) {
  static char out[40];
  snprintf(out, sizeof out, "%08x%024x", 0x1000 + 2 * i, i);
  return out;
}

static int has(const char *m, uint64_t length) {
  uint64_t u = 77777;
  int r = listed_find(&l, m, &u);
  if (r > 0)
    assert_int_equal(u, length);
  return r;
}

static void put(const char *m, int length) {
  char name[DELTA_NAME];
  FILE *f;
  delta_name(name, in.epoch);
  f = fopen(name, "a");
  assert_non_null(f);
  if (length < 0)
    fprintf(f, "{\"md5\":\"%s\",\"gone\":\"expired\",\"at\":\"x\"}\n", m);
  else
    fprintf(f, "{\"md5\":\"%s\",\"sha256\":null,\"content_length\":%d}\n", m,
            length);
  in.delta_bytes = (uint64_t)ftell(f);
  assert_int_equal(fclose(f), 0);
}

static void write_index(void) {
  struct writer w;
  char tmp[64];
  assert_int_equal(writer_begin(&w, tmp, 0644), 0);
  assert_int_equal(indexfile_write(&w, &in, "h", "now"), 0);
  assert_int_equal(writer_replace(&w, tmp, INDEX_FILE), 0);
}

/* Every one of n, and nothing between and around them. */
static void all(int n) {
  char other[40];
  assert_int_equal(listed_open(&l, &in), 0);
  for (int i = 0; i < N; ++i) {
    assert_int_equal(has(md5(i), (uint64_t)i), i < n);
    snprintf(other, sizeof other, "%08x%024x", 0x1001 + 2 * i, 0);
    assert_int_equal(has(other, 0), 0);
  }
  assert_int_equal(has("00000000000000000000000000000000", 0), 0);
  assert_int_equal(has("ffffffffffffffffffffffffffffffff", 0), 0);
  listed_close(&l);
}

/* Of every size, from the delta alone and from the index alone. */
static void delta_or_index(void **state) {
  static const int sizes[] = {0, 1, 2, 3, 7, 50, N};
  int n = 0;
  (void)state;
  put(md5(0), 0);
  put(md5(0), -1);
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; ++i) {
    for (; n < sizes[i]; ++n)
      put(md5(n), n);
    all(n);
    write_index();
    all(n);
    assert_int_equal(listed_open(&l, &in), 0);
    assert_int_equal(l.since.n, 0);
    listed_close(&l);
  }
}

/* The last word is that of the delta after the index. */
static void since_then(void **state) {
  (void)state;
  put(md5(3), -1);
  put(md5(N + 1), 5);
  put(md5(4), -1);
  put(md5(4), 4);
  assert_int_equal(listed_open(&l, &in), 0);
  assert_int_equal(l.since.n, 3);
  assert_int_equal(has(md5(3), 0), 0);
  assert_int_equal(has(md5(N + 1), 5), 1);
  assert_int_equal(has(md5(4), 4), 1);
  assert_int_equal(has(md5(5), 5), 1);
  listed_close(&l);
  write_index();
  assert_int_equal(listed_open(&l, &in), 0);
  assert_int_equal(has(md5(3), 0), 0);
  assert_int_equal(has(md5(N + 1), 5), 1);
  assert_int_equal(has(md5(4), 4), 1);
  listed_close(&l);
}

/* An index of another epoch, and one that is ahead, say nothing. */
static void other_index(void **state) {
  (void)state;
  put(md5(9), -1);
  write_index();
  in.delta_bytes = 0;
  assert_int_equal(listed_open(&l, &in), 0);
  assert_int_equal(has(md5(5), 5), 0);
  listed_close(&l);
  in = (struct index){.epoch = E2};
  put(md5(5), 5);
  assert_int_equal(listed_open(&l, &in), 0);
  assert_int_equal(has(md5(5), 5), 1);
  assert_int_equal(has(md5(6), 6), 0);
  listed_close(&l);
}

static void broken(void **state) {
  (void)state;
  assert_int_equal(listed_open(&l, &in), 0);
  errno = 0;
  assert_int_equal(has("5d41", 0), -1);
  assert_int_equal(errno, EPROTO);
  listed_close(&l);
  ++in.delta_bytes;
  assert_int_equal(listed_open(&l, &in), -1);
  assert_int_equal(errno, EPROTO);
  put("nonsense", 1);
  assert_int_equal(listed_open(&l, &in), -1);
  assert_int_equal(errno, EPROTO);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(delta_or_index),
      cmocka_unit_test(since_then),
      cmocka_unit_test(other_index),
      cmocka_unit_test(broken),
  };
  return cmocka_run_group_tests(tests, in_store, 0);
}
