#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../httpd.h"
#include "download.h"

#include <errno.h>

#define DIGITS "0123456789"
#define MD5 "781e5e245d69b566979b86e28d23f2c7"
#define SHA "84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882"

static unsigned int port;
static struct fetch f;
static struct sink s;
static struct download d = {.fetch = &f, .sink = &s};
static const char *why;
static uint64_t seen;

static void progress(void *context, uint64_t bytes) {
  assert_ptr_equal(context, &seen);
  seen = bytes;
}

static enum download_end from(const char *path) {
  char url[128];
  snprintf(url, sizeof url, "http://127.0.0.1:%u/%s", port, path);
  return download_from(&d, url, &why);
}

static void out_is(const char *want) {
  char text[64];
  int fd = open(*s.tmp ? s.tmp : "out", O_RDONLY);
  ssize_t len = read(fd, text, sizeof text);
  close(fd);
  assert_int_equal(len, strlen(want));
  assert_memory_equal(text, want, (size_t)len);
}

static int start(void **state) {
  (void)state;
  if (mkdir("www", 0755) < 0)
    return -1;
  httpd_file("www/right", DIGITS);
  httpd_file("www/flipped", "0123456788");
  httpd_file("www/short", "012345678");
  httpd_file("www/shorter", "012");
  httpd_file("www/long", DIGITS DIGITS);
  httpd_file("www/none", "");
  port = httpd_start();
  d.progress = progress;
  d.context = &seen;
  return fetch_open(&f, 3, 60, 0);
}

static int again(void **state) {
  (void)state;
  download_start(&d, 10, MD5, SHA);
  return sink_file(&s, "out");
}

static int end(void **state) {
  (void)state;
  sink_give_up(&s);
  return 0;
}

static void right(void **state) {
  (void)state;
  assert_int_equal(from("right"), DOWNLOAD_RIGHT);
  out_is(DIGITS);
  assert_int_equal(seen, 10);
  assert_int_equal(sink_end(&s, 0600), 0);
  out_is(DIGITS);
}

static void empty(void **state) {
  (void)state;
  download_start(&d, 0, "d41d8cd98f00b204e9800998ecf8427e", "");
  assert_int_equal(from("right"), DOWNLOAD_WRONG);
  assert_string_equal(why, "it is too large");
  assert_int_equal(from("absent"), DOWNLOAD_ABSENT);
  assert_int_equal(from("none"), DOWNLOAD_RIGHT);
}

static void wrong(void **state) {
  (void)state;
  assert_int_equal(from("flipped"), DOWNLOAD_WRONG);
  assert_string_equal(why, "md5hash does not agree");
  out_is("");
  assert_int_equal(from("short"), DOWNLOAD_WRONG);
  assert_string_equal(why, "it is shorter than it should be");
  assert_int_equal(from("long"), DOWNLOAD_WRONG);
  assert_string_equal(why, "it is too large");
  assert_int_equal(from("absent"), DOWNLOAD_ABSENT);
  assert_string_equal(why, "HTTP status 404");
  assert_int_equal(from("moved/right"), DOWNLOAD_ABSENT);
  assert_int_equal(from("other/right"), DOWNLOAD_ABSENT);
  out_is("");
  download_start(&d, 10, MD5,
                 "00000000000000000000000000000000"
                 "00000000000000000000000000000000");
  assert_int_equal(from("right"), DOWNLOAD_WRONG);
  assert_string_equal(why, "SHA-256 does not agree");
  download_start(&d, 10, MD5, "");
  assert_int_equal(from("right"), DOWNLOAD_RIGHT);
}

/* /cut/ is cut again when asked for the rest: it sends the first four bytes,
 * whatever the range. */
static void cut(void **state) {
  (void)state;
  assert_int_equal(from("absent"), DOWNLOAD_ABSENT);
  assert_int_equal(from("cut/right"), DOWNLOAD_ABSENT);
  assert_int_equal(f.cut, CURLE_PARTIAL_FILE);
  out_is("0123");
  assert_int_equal(from("absent"), DOWNLOAD_ABSENT);
  assert_int_equal(from("right"), DOWNLOAD_RIGHT);
  out_is(DIGITS);
}

/* Whoever went on is asked for all of it. */
static void cut_and_mixed(void **state) {
  (void)state;
  from("cut/right");
  assert_int_equal(from("flipped"), DOWNLOAD_WRONG);
  out_is("");
  from("cut/right");
  assert_int_equal(from("shorter"), DOWNLOAD_WRONG);
  out_is("");
  download_start(&d, 10, "a1b1a1d8a4e9d2a9c1c0dbb9d6bd0e15", "");
  from("cut/right");
  assert_int_equal(from("whole/right"), DOWNLOAD_WRONG);
  out_is("");
}

/* Where nothing can be taken back. */
static void flow(void **state) {
  int fd = open("/dev/null", O_WRONLY);
  (void)state;
  sink_give_up(&s);
  assert_int_equal(sink_descriptor(&s, fd), 0);
  s.is_out = 1;
  from("cut/right");
  assert_int_equal(from("shorter"), DOWNLOAD_ABSENT);
  assert_int_equal(from("other/right"), DOWNLOAD_ABSENT);
  assert_int_equal(from("right"), DOWNLOAD_RIGHT);
  download_start(&d, 10, MD5, SHA);
  assert_int_equal(from("flipped"), DOWNLOAD_STUCK);
  assert_string_equal(why, "md5hash does not agree");
  download_start(&d, 10, MD5, SHA);
  assert_int_equal(from("long"), DOWNLOAD_RIGHT);
  close(fd);
}

static void output_fails(void **state) {
  int fd = open("/dev/full", O_WRONLY);
  (void)state;
  sink_give_up(&s);
  assert_int_equal(sink_descriptor(&s, fd), 0);
  s.is_out = 1;
  assert_int_equal(from("right"), DOWNLOAD_ERROR);
  assert_int_equal(d.error, ENOSPC);
  close(fd);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(right, again, end),
      cmocka_unit_test_setup_teardown(empty, again, end),
      cmocka_unit_test_setup_teardown(wrong, again, end),
      cmocka_unit_test_setup_teardown(cut, again, end),
      cmocka_unit_test_setup_teardown(cut_and_mixed, again, end),
      cmocka_unit_test_setup_teardown(flow, again, end),
      cmocka_unit_test_setup_teardown(output_fails, again, end),
  };
  return cmocka_run_group_tests(tests, start, 0);
}
