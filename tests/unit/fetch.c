/* waits */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../httpd.h"
#include "clock.h"
#include "fetch.h"

static unsigned int port;
static struct fetch f;
static char got[64];
static size_t len;
static int verdict; /* of each */

static int take(void *context, const char *p, size_t n) {
  assert_ptr_equal(context, &f);
  if (verdict == 2) /* nothing is kept */
    return 0;
  assert_true(n > 0 && n < sizeof got - len);
  memcpy(got + len, p, n);
  got[len += n] = 0;
  return verdict;
}

static const char *get(const char *path, uint64_t from, uint64_t to,
                       uint64_t max) {
  char url[128];
  snprintf(url, sizeof url, "http://127.0.0.1:%u/%s", port, path);
  len = 0;
  *got = 0;
  return fetch_get(&f, url, from, to, max, take, &f);
}

static int start(void **state) {
  (void)state;
  if (mkdir("www", 0755) < 0)
    return -1;
  httpd_file("www/ten", "0123456789");
  port = httpd_start();
  return fetch_open(&f, 3, 1, 60);
}

static int stop(void **state) {
  (void)state;
  fetch_close(&f);
  return 0;
}

static void whole(void **state) {
  (void)state;
  assert_null(get("ten", 0, FETCH_ALL, 10));
  assert_string_equal(got, "0123456789");
  assert_string_equal(get("ten", 0, FETCH_ALL, 9), "it is too large");
  assert_string_equal(got, "012345678");
  assert_string_equal(get("none", 0, FETCH_ALL, 9), "HTTP status 404");
  assert_int_equal(len, 0);
  assert_true(f.status == 404);
}

static void range(void **state) {
  static const char *const paths[] = {"ten", "whole/ten"};
  (void)state;
  for (int i = 0; i < 2; ++i) {
    assert_null(get(paths[i], 3, 7, 0));
    assert_string_equal(got, "3456");
    assert_null(get(paths[i], 0, 10, 0));
    assert_string_equal(got, "0123456789");
    assert_null(get(paths[i], 9, 10, 0));
    assert_string_equal(got, "9");
    assert_string_equal(get(paths[i], 8, 11, 0),
                        "it is shorter than it should be");
    assert_string_equal(got, "89");
  }
  assert_string_equal(get("ten", 10, 11, 0), "HTTP status 416");
  assert_string_equal(get("whole/ten", 10, 11, 0),
                      "it is shorter than it should be");
  assert_string_equal(get("other/ten", 2, 4, 0),
                      "the server sends another range");
  assert_int_equal(len, 0);
  assert_string_equal(get("other/ten", 0, FETCH_ALL, 9),
                      "the server sends another range");
}

static void what_each_says(void **state) {
  (void)state;
  verdict = 1;
  assert_null(get("ten", 0, FETCH_ALL, 10));
  verdict = -1;
  assert_string_equal(get("ten", 0, 4, 0), "it makes no sense");
  verdict = 0;
  assert_null(get("ten", 0, 4, 0));
}

static void hostile(void **state) {
  uint64_t before = clock_ms();
  (void)state;
  assert_string_equal(get("moved/ten", 0, FETCH_ALL, 10), "HTTP status 302");
  assert_non_null(get("slow/ten", 0, FETCH_ALL, 10));
  assert_true(clock_ms() - before < 20000);
  assert_int_equal(len, 0);
  assert_non_null(
      fetch_get(&f, "file:///etc/passwd", 0, FETCH_ALL, 10, take, &f));
  assert_int_equal(len, 0);
  f.deadline = clock_ms();
  assert_non_null(get("ten", 0, FETCH_ALL, 10));
  assert_int_equal(len, 0);
  f.deadline = clock_ms() + 60000;
  assert_null(get("ten", 0, FETCH_ALL, 10));
}

/* A fetch of its own that follows redirects. */
static void follow(void **state) {
  struct fetch plain = f;
  (void)state;
  assert_int_equal(fetch_open(&f, 3, 1, 0), 0);
  assert_int_equal(fetch_follow(&f), 0);
  assert_null(get("moved/ten", 0, FETCH_ALL, 10));
  assert_string_equal(got, "0123456789");
  assert_null(get("moved/moved/ten", 2, 5, 0));
  assert_string_equal(got, "234");
  assert_non_null(
      get("moved/moved/moved/moved/moved/moved/ten", 0, FETCH_ALL, 10));
  assert_non_null(get("file/ten", 0, FETCH_ALL, 10));
  assert_int_equal(len, 0);
  assert_int_equal(f.status, 302);
  fetch_close(&f);
  f = plain;
}

static void head_without_end(void **state) {
  (void)state;
  assert_string_equal(get("heads/ten", 0, FETCH_ALL, 10),
                      "its HTTP header has no end");
}

static void cut(void **state) {
  (void)state;
  assert_non_null(get("cut/ten", 0, FETCH_ALL, 10));
  assert_int_equal(f.cut, CURLE_PARTIAL_FILE);
  assert_string_equal(got, "0123");
  assert_null(get("ten", len, 10, 0));
  assert_int_equal(f.cut, 0);
  assert_string_equal(got, "456789");
}

static void rate(void **state) {
  uint64_t before = clock_ms();
  static char big[60001];
  (void)state;
  memset(big, 'x', sizeof big - 1);
  httpd_file("www/big", big);
  assert_int_equal(fetch_rate(&f, 40000), 0);
  verdict = 2;
  assert_null(get("big", 0, FETCH_ALL, sizeof big));
  assert_true(clock_ms() - before >= 1200);
  verdict = 0;
  pace_start(&f.pace, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(whole),
      cmocka_unit_test(range),
      cmocka_unit_test(what_each_says),
      cmocka_unit_test(hostile),
      cmocka_unit_test(follow),
      cmocka_unit_test(head_without_end),
      cmocka_unit_test(cut),
      cmocka_unit_test(rate),
  };
  return cmocka_run_group_tests(tests, start, stop);
}
