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

#include "indexfile.h"
#include "newest.h"

#define HEAD                                                                   \
  "{\"epoch\":\"@400000006a00000000000000\",\"delta_bytes\":0,\"chunks\":[\n"

static struct newest w;
static char index_text[200000];

/* n records in an order of their own; when(i) seconds are of which date. */
static void make(int n, int step) {
  size_t len = strlen(strcpy(index_text, HEAD));
  struct text t = {index_text, 0};
  struct index in;
  size_t pos;
  for (int i = 0; i < n; ++i) {
    int at = i * step % n;
    len +=
        (size_t)sprintf(index_text + len,
                        "%s{\"md5\":\"%032x\",\"keys\":[\"\\\",\\\"stored\\\""
                        ":\\\"9\"],\"stored\":\"2026-01-01T%02d:%02d:%02dZ\","
                        "\"expires\":null}",
                        i ? ",\n" : "", at, at / 3600, at / 60 % 60, at % 60);
  }
  len += strlen(strcpy(index_text + len, n ? "\n]}\n" : "]}\n"));
  t.len = len;
  assert_int_equal(indexfile_scan(&t, &in, &pos), 1);
  newest_find(&w, &t, pos);
}

static void is(int n) {
  char md5[60];
  assert_int_equal(w.n, n < NEWEST ? n : NEWEST);
  for (int i = 0; i < (int)w.n; ++i) {
    snprintf(md5, sizeof md5, "{\"md5\":\"%032x\"", n - 1 - i);
    assert_memory_equal(w.record[i].p, md5, strlen(md5));
    assert_int_equal(w.record[i].p[w.record[i].len - 1], '}');
  }
}

static void last_first(void **state) {
  static const struct {
    int n, step;
  } cases[] = {{0, 1},   {1, 1},     {2, 1},   {199, 7},   {200, 7}, {201, 1},
               {201, 7}, {201, 200}, {999, 1}, {999, 998}, {999, 7}};
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
    make(cases[i].n, cases[i].step);
    is(cases[i].n);
  }
}

/* What says no date comes last. */
static void no_date(void **state) {
  static const char text[] =
      "{\"md5\":\"1\"},\n{\"md5\":\"2\",\"stored\":\"2026-"
      "01-01T00:00:00Z\"},\n{\"md5\":\"3\",\"stored\":\""
      "\"}\n]}\n";
  const struct text t = {text, sizeof text - 1};
  (void)state;
  newest_find(&w, &t, 0);
  assert_int_equal(w.n, 3);
  assert_memory_equal(w.record[0].p, "{\"md5\":\"2\"", 10);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(last_first),
      cmocka_unit_test(no_date),
  };
  return cmocka_run_group_tests(tests, 0, 0);
}
