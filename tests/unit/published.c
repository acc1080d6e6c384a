#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../httpd.h"
#include "clock.h"
#include "file.h"
#include "published.h"

#define E1 "@400000006a00000000000001"
#define E2 "@400000006a00000000000002"

static unsigned int port;
static char url[64];
static struct published p;
static char told[4096]; /* the records, "+" where all is told anew */

static int record(void *context, const char *line, size_t len) {
  assert_ptr_equal(context, told);
  strncat(told, line, len);
  strcat(told, ";");
  return len == 3 && !memcmp(line, "bad", 3)
             ? -1
             : len == 6 && !memcmp(line, "enough", 6);
}

static void anew(void *context) {
  strcat(context, "+");
}

static int start(void **state) {
  (void)state;
  if (mkdir("www", 0755) < 0 || mkdir("www/delta", 0755) < 0)
    return -1;
  port = httpd_start();
  return 0;
}

static void at(const char *path) {
  snprintf(url, sizeof url, "http://%%h:%u/%s", port, path);
}

static int begin(void **state) {
  (void)state;
  unlink("asked");
  unlink("www/index.json");
  unlink("www/status.json");
  unlink("www/delta/" E1 ".jsonl");
  unlink("www/delta/" E2 ".jsonl");
  at("");
  memset(&p, 1, sizeof p);
  *told = 0;
  p.host = "127.0.0.1";
  p.url = url;
  p.record = record;
  p.anew = anew;
  p.context = told;
  return published_open(&p, 3, 2, 60);
}

static int end(void **state) {
  (void)state;
  published_close(&p);
  return 0;
}

static void status(const char *epoch, size_t bytes) {
  char text[256];
  snprintf(text, sizeof text,
           "{\"epoch\":\"%s\",\"delta_bytes\":%lu,\"chunks\":7}\n", epoch,
           (unsigned long)bytes);
  httpd_file("www/status.json", text);
}

static void index_file(const char *epoch, size_t bytes, const char *records) {
  char text[1024];
  snprintf(text, sizeof text,
           "{\"epoch\":\"%s\",\"delta_bytes\":%lu,\"chunks\":[\n%s]}\n", epoch,
           (unsigned long)bytes, records);
  httpd_file("www/index.json", text);
}

static void asked(const char *want) {
  char text[1024];
  ssize_t n = file_read("asked", text, sizeof text - 1);
  assert_true(n >= 0);
  text[n] = 0;
  assert_string_equal(text, want);
  unlink("asked");
}

/* status.json, then what is new. */
static void tells(const char *want) {
  *told = 0;
  assert_null(published_status(&p));
  assert_null(published_new(&p));
  assert_string_equal(told, want);
}

static void all_then_what_is_new(void **state) {
  (void)state;
  index_file(E1, 2, "one,\ntwo\n");
  httpd_file("www/delta/" E1 ".jsonl", "a\nb\nc\nd\n");
  status(E1, 4);
  tells("+one;two;b;");
  assert_string_equal(p.epoch, E1);
  assert_true(p.bytes == 4 && p.read == 4 && p.chunks == 7);
  asked("/status.json -\n/index.json -\n/delta/" E1 ".jsonl 2-3\n");
  tells("");
  asked("/status.json -\n");
  status(E1, 8);
  tells("c;d;");
  asked("/status.json -\n/delta/" E1 ".jsonl 4-7\n");
}

static void less_than_was_read(void **state) {
  (void)state;
  status(E1, 4);
  index_file(E1, 4, "one\n");
  memcpy(p.read_epoch, E1, sizeof E1);
  p.read = 5;
  tells("+one;");
}

/* The new epoch begins with all: the old index is not read. */
static void an_index_of_another_epoch(void **state) {
  (void)state;
  status(E2, 4);
  index_file(E1, 2, "one,\ntwo\n");
  httpd_file("www/delta/" E2 ".jsonl", "a\nb\n");
  memcpy(p.read_epoch, E1, sizeof E1);
  tells("+a;b;");
  assert_string_equal(p.read_epoch, E2);
}

static void enough(void **state) {
  (void)state;
  status(E1, 0);
  index_file(E1, 0, "one,\nenough,\ntwo\n");
  tells("+one;enough;");
}

/* Of the delta nothing is left out: what follows would be lost. */
static void never_enough_of_the_delta(void **state) {
  (void)state;
  status(E1, 9);
  index_file(E1, 0, "");
  httpd_file("www/delta/" E1 ".jsonl", "enough\nb\n");
  tells("+enough;b;");
}

static void all_anew_after_a_failure(void **state) {
  (void)state;
  status(E1, 8);
  index_file(E1, 8, "one\n");
  httpd_file("www/delta/" E1 ".jsonl", "a\nb\nbad\n");
  memcpy(p.read_epoch, E1, sizeof E1);
  p.read = 2;
  assert_null(published_status(&p));
  assert_string_equal(published_new(&p),
                      "delta/" E1 ".jsonl: it makes no sense");
  tells("+one;");
  index_file(E1, 8, "bad\n");
  assert_string_equal(published_all(&p), "index.json: it makes no sense");
  index_file(E1, 8, "two\n");
  tells("+two;");
}

static void status_makes_no_sense(void **state) {
  static const char *const bad[] = {
      "",
      "{}",
      "[]",
      "{\"epoch\":1,\"delta_bytes\":0}",
      "{\"epoch\":\"" E1 "\"}",
      "{\"epoch\":\"" E1 "\",\"delta_bytes\":-1}",
      "{\"epoch\":\"" E1 "\",\"delta_bytes\":1.0}",
      "{\"epoch\":\"" E1 "\\u0000\",\"delta_bytes\":1,}",
      "{\"epoch\":\"../x\",\"delta_bytes\":1}",
  };
  (void)state;
  for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i) {
    httpd_file("www/status.json", bad[i]);
    assert_string_equal(published_status(&p), "status.json: it makes no sense");
    assert_int_equal(published_is_bare(&p), 0);
  }
  httpd_file("www/status.json", "{\"epoch\":\"" E1 "\",\"delta_bytes\":0}");
  assert_null(published_status(&p));
  assert_true(p.chunks == PUBLISHED_UNKNOWN);
}

static void waits_until_it_has_moved(void **state) {
  pid_t pid;
  int moved;
  (void)state;
  status(E1, 0);
  index_file(E1, 0, "");
  tells("+");
  unlink("asked");
  assert_null(published_await(&p, clock_ms(), 100, &moved));
  assert_int_equal(moved, 0);
  unlink("www/status.json");
  pid = fork();
  if (!pid) {
    char text[4096];
    while (file_read("asked", text, sizeof text) < 45)
      ;
    httpd_file("www/new", "{\"epoch\":\"" E1 "\",\"delta_bytes\":9}");
    _exit(rename("www/new", "www/status.json"));
  }
  assert_null(published_await(&p, clock_ms(), 30000, &moved));
  assert_int_equal(moved, 1);
  at("moved/");
  assert_string_equal(published_await(&p, clock_ms(), 30000, &moved),
                      "status.json: HTTP status 302");
  assert_int_equal(moved, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)
int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(all_then_what_is_new),      TEST(less_than_was_read),
      TEST(an_index_of_another_epoch), TEST(enough),
      TEST(never_enough_of_the_delta), TEST(all_anew_after_a_failure),
      TEST(status_makes_no_sense),     TEST(waits_until_it_has_moved),
  };
  return cmocka_run_group_tests(tests, start, 0);
}
