/* waits */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../httpd.h"
#include "file.h"
#include "published.h"
#include "receipt.h"
#include "store.h"

#define A "5d41402abc4b2a76b9719d911017c592"
#define B "7d793037a0760186574b0282f2f435e7"
#define S "@400000006a1b2c3d00000001"
#define L "d41d8cd98f00b204e9800998ecf8427e"
#define E1 "@400000006a00000000000001"
#define E2 "@400000006a00000000000002"
#define TAKEN(m) "{\"md5\":\"" m "\",\"taken\":[\"" S " " L "\"]}"
#define NOISE "{\"md5\":\"" B "\",\"taken\":[]}\n"
#define CURSOR ".df/receipt/127.0.0.1:1"

static unsigned int port;
static char url[64];
static struct wants wants;

static int start(void **state) {
  (void)state;
  if (store_open() || mkdir("www", 0755) < 0 || mkdir("www/delta", 0755) < 0)
    return -1;
  port = httpd_start();
  return 0;
}

static void status(const char *epoch, size_t bytes) {
  char text[256];
  snprintf(text, sizeof text, "{\"epoch\":\"%s\",\"delta_bytes\":%lu}\n", epoch,
           (unsigned long)bytes);
  httpd_file("www/status.json", text);
}

static void index_file(const char *epoch, size_t bytes, const char *records) {
  char text[1024];
  snprintf(text, sizeof text,
           "{\"epoch\":\"%s\",\"delta_bytes\":%lu,\"chunks\":[\n%s%s]}\n",
           epoch, (unsigned long)bytes, records, *records ? "\n" : "");
  httpd_file("www/index.json", text);
}

static void cursor(const char *text) {
  mkdir(".df/receipt", 0700);
  httpd_file(CURSOR, text);
}

static int clear(void **state) {
  (void)state;
  unlink(CURSOR);
  unlink("asked");
  unlink("www/index.json");
  unlink("www/status.json");
  unlink("www/delta/" E1 ".jsonl");
  unlink("www/delta/" E2 ".jsonl");
  return 0;
}

/* Looks for chunk A; what was asked for is in asked. */
static const char *look(const char *path, unsigned int wait) {
  struct receipt r = {.target = "127.0.0.1:1",
                      .host = "127.0.0.1",
                      .url = url,
                      .connect = 3,
                      .stall = 2,
                      .wait = wait};
  snprintf(url, sizeof url, "http://%%h:%u/%s", port, path);
  wants_free(&wants);
  assert_int_equal(wants_add(&wants, A, S, L), 1);
  wants_sort(&wants);
  return receipt_look(&r, &wants);
}

static void is(const char *name, const char *want) {
  char text[1024];
  ssize_t n = file_read(name, text, sizeof text - 1);
  assert_true(n >= 0);
  text[n] = 0;
  assert_string_equal(text, want);
}

static void only_what_is_new_is_asked_for(void **state) {
  static const char *const paths[] = {"", "whole/"};
  (void)state;
  for (int i = 0; i < 2; ++i) {
    clear(0);
    httpd_file("www/delta/" E1 ".jsonl", "not read\n" TAKEN(A) "\nnor this");
    status(E1, 9 + sizeof TAKEN(A));
    cursor(E1 " 9\n");
    assert_null(look(paths[i], 0));
    assert_int_equal(wants.missing, 0);
    is("asked", i ? "/whole/status.json -\n/whole/delta/" E1 ".jsonl 9-122\n"
                  : "/status.json -\n/delta/" E1 ".jsonl 9-122\n");
    is(CURSOR, E1 " 123\n");
  }
}

static void what_came_before_is_in_the_index(void **state) {
  (void)state;
  status(E1, 1000);
  cursor(E1 " 1000\n");
  index_file(E1, 1000, TAKEN(B) ",\n" TAKEN(A));
  assert_null(look("", 0));
  assert_int_equal(wants.missing, 0);
  is("asked", "/status.json -\n/index.json -\n");
  index_file(E1, 1000, TAKEN(B));
  assert_null(look("", 0));
  assert_int_equal(wants.missing, 1);
  index_file(E1, 1000, "");
  assert_null(look("", 0));
  assert_int_equal(wants.missing, 1);
}

/* The index is of the old epoch yet. */
static void new_epoch(void **state) {
  (void)state;
  status(E2, sizeof TAKEN(A));
  cursor(E1 " 1000\n");
  index_file(E1, 5000, "");
  httpd_file("www/delta/" E2 ".jsonl", TAKEN(A) "\n");
  assert_null(look("", 0));
  assert_int_equal(wants.missing, 0);
  is(CURSOR, E2 " 114\n");
}

static void waits_for_what_comes(void **state) {
  pid_t pid;
  (void)state;
  pid = fork(); /* publishes for the first time when it was asked twice */
  if (!pid) {
    char text[4096];
    while (file_read("asked", text, sizeof text) < 36)
      ;
    index_file(E1, 0, "");
    httpd_file("www/delta/" E1 ".jsonl", TAKEN(A) "\n");
    httpd_file("www/new", "{\"epoch\":\"" E1 "\",\"delta_bytes\":114}");
    _exit(rename("www/new", "www/status.json"));
  }
  assert_null(look("", 30));
  assert_int_equal(wants.missing, 0);
}

static void waits_no_longer(void **state) {
  (void)state;
  assert_string_equal(look("", 1), "status.json: HTTP status 404");
  status(E1, 0);
  index_file(E1, 0, "");
  assert_null(look("", 1));
  assert_int_equal(wants.missing, 1);
}

static void is_wrong(const char *epoch, size_t bytes, const char *delta,
                     const char *index, const char *why) {
  clear(0);
  status(epoch, bytes);
  if (delta)
    httpd_file("www/delta/" E1 ".jsonl", delta);
  if (index)
    httpd_file("www/index.json", index);
  assert_string_equal(look("", 0), why);
  assert_int_equal(access(CURSOR, F_OK), -1);
}

static void hostile(void **state) {
  const char *empty =
      "{\"epoch\":\"" E1 "\",\"delta_bytes\":0,\"chunks\":[\n]}\n";
  (void)state;
  is_wrong("../../x", 0, 0, 0, "status.json: it makes no sense");
  is_wrong(E1, 4, NOISE, empty, "delta/" E1 ".jsonl: a record is cut off");
  is_wrong(E1, 9999, NOISE, empty,
           "delta/" E1 ".jsonl: it is shorter than it should be");
  is_wrong(E1, 2, "x\n", empty, "delta/" E1 ".jsonl: it makes no sense");
  is_wrong(E1, 2, 0, empty, "delta/" E1 ".jsonl: HTTP status 404");
  is_wrong(E1, 0, 0, "{}", "index.json: it is cut off");
  is_wrong(E1, 0, 0, "{}\n", "index.json: it makes no sense");
  is_wrong(E1, 0, 0, "{\"epoch\":\"" E1 "\",\"delta_bytes\":0,\"chunks\":[\n",
           "index.json: it is cut off");
  is_wrong(E1, 0, 0,
           "{\"epoch\":\"" E1 "\",\"delta_bytes\":0,\"chunks\":[\n]}\n]}\n",
           "index.json: it makes no sense");
}

static void a_place_where_no_record_begins_is_forgotten(void **state) {
  (void)state;
  httpd_file("www/delta/" E1 ".jsonl", NOISE TAKEN(A) "\n");
  status(E1, sizeof NOISE - 1 + sizeof TAKEN(A));
  index_file(E1, 0, "");
  cursor(E1 " 5\n");
  assert_non_null(look("", 0));
  assert_null(look("", 0));
  assert_int_equal(wants.missing, 0);
}

static void long_lines(void **state) {
  static char text[PUBLISHED_LINE + 3];
  const char *end = "\",\"taken\":[\"" S " " L "\"]}\n";
  const char *begin = "{\"md5\":\"" A "\",\"host\":\"";
  (void)state;
  for (size_t more = 0; more < 2; ++more) {
    size_t n = PUBLISHED_LINE + 1 + more;
    memset(text, 'a', sizeof text);
    memcpy(text, begin, strlen(begin));
    strcpy(text + n - strlen(end), end);
    httpd_file("www/delta/" E1 ".jsonl", text);
    status(E1, n);
    index_file(E1, 0, "");
    unlink(CURSOR);
    if (more)
      assert_string_equal(look("", 0), "delta/" E1 ".jsonl: it makes no sense");
    else
      assert_null(look("", 0));
    assert_int_equal(wants.missing, more);
  }
}

#define TEST(f) cmocka_unit_test_setup(f, clear)
int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(only_what_is_new_is_asked_for),
      TEST(what_came_before_is_in_the_index),
      TEST(new_epoch),
      TEST(waits_for_what_comes),
      TEST(waits_no_longer),
      TEST(hostile),
      TEST(a_place_where_no_record_begins_is_forgotten),
      TEST(long_lines),
  };
  return cmocka_run_group_tests(tests, start, 0);
}
