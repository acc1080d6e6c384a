#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../httpd.h"
#include "file.h"
#include "hex.h"
#include "holding.h"

#include <errno.h>

#define E1 "@400000006a00000000000001"
#define MD5(d) "0000000000000000000000000000000" d
#define HAS(d) "{\"md5\":\"" MD5(d) "\"}"
#define GONE(d) "{\"md5\":\"" MD5(d) "\",\"gone\":\"expired\"}"
#define DELTA "www/delta/" E1 ".jsonl"

static unsigned int port;
static char url[64];
static struct holding h;

static int start(void **state) {
  (void)state;
  if (mkdir("www", 0755) < 0 || mkdir("www/delta", 0755) < 0)
    return -1;
  port = httpd_start();
  return 0;
}

static int begin(void **state) {
  (void)state;
  unlink("asked");
  unlink("www/index.json");
  unlink("www/status.json");
  unlink(DELTA);
  snprintf(url, sizeof url, "http://%%h:%u/", port);
  return holding_open(&h, "127.0.0.1", url, 3, 2, 60);
}

static int end(void **state) {
  (void)state;
  holding_close(&h);
  return 0;
}

static void status(const char *epoch, size_t bytes, size_t chunks) {
  char text[256];
  snprintf(text, sizeof text,
           "{\"epoch\":\"%s\",\"delta_bytes\":%lu,\"chunks\":%lu}\n", epoch,
           (unsigned long)bytes, (unsigned long)chunks);
  httpd_file("www/status.json", text);
}

static void index_file(const char *epoch, size_t bytes, const char *records) {
  char text[1024];
  snprintf(text, sizeof text,
           "{\"epoch\":\"%s\",\"delta_bytes\":%lu,\"chunks\":[\n%s]}\n", epoch,
           (unsigned long)bytes, records);
  httpd_file("www/index.json", text);
}

/* The last digits of what the host has. */
static void has(const char *want) {
  char hex[33], got[64] = "";
  for (size_t i = 0; i < h.set.n; ++i) {
    hex_fmt(hex, h.set.md5s + 16 * i, 16);
    strcat(got, hex + 31);
  }
  assert_string_equal(got, want);
}

/* A look, and what was asked for, a letter for each file. */
static void asks(const char *want, const char *files) {
  char text[1024], got[16] = "", *p;
  ssize_t n;
  assert_null(holding_look(&h));
  has(want);
  n = file_read("asked", text, sizeof text - 1);
  assert_true(n > 0);
  text[n] = 0;
  for (p = strtok(text, "\n"); p; p = strtok(0, "\n"))
    strncat(got, p + 1, 1);
  assert_string_equal(got, files);
  unlink("asked");
}

static void comes_and_goes(void **state) {
  const char *delta = HAS("3") "\n" GONE("1") "\n" HAS("1") "\n" GONE("2") "\n";
  (void)state;
  httpd_file(DELTA, delta);
  index_file(E1, 0, HAS("2") ",\n" HAS("1") "\n");
  status(E1, 0, 2);
  asks("12", "si");
  asks("12", "s");
  status(E1, sizeof HAS("3") + sizeof GONE("1"), 2);
  asks("23", "sd");
  status(E1, strlen(delta), 2);
  asks("13", "sd");
}

static void has_all(void **state) {
  unsigned char m[48] = {0};
  (void)state;
  m[15] = 1;
  m[31] = 2;
  m[47] = 3;
  index_file(E1, 0, HAS("1") ",\n" HAS("3") "\n");
  status(E1, 0, 2);
  asks("13", "si");
  assert_int_equal(holding_has(&h, m, 0), 1);
  assert_int_equal(holding_has(&h, m, 1), 1);
  assert_int_equal(holding_has(&h, m, 3), 0);
  assert_int_equal(holding_has(&h, m + 32, 1), 1);
}

/* What was remembered does not fit what is there: all is read, once. */
static void counted(void **state) {
  (void)state;
  index_file(E1, 0, HAS("1") ",\n" HAS("2") "\n");
  status(E1, 0, 2);
  asks("12", "si");
  index_file(E1, 0, HAS("5") "\n");
  status(E1, 0, 1);
  asks("5", "si");
  status(E1, 0, 7); /* it counts otherwise for good */
  asks("5", "si");
  asks("5", "s");
  httpd_file("www/status.json", "{\"epoch\":\"" E1 "\",\"delta_bytes\":0}");
  asks("5", "s");
}

static void delta_that_does_not_fit(void **state) {
  (void)state;
  index_file(E1, 0, HAS("1") "\n");
  status(E1, 0, 1);
  asks("1", "si");
  index_file(E1, 9, HAS("2") "\n");
  httpd_file(DELTA, HAS("4") "\nbad\n");
  status(E1, sizeof HAS("4") + 4, 1);
  assert_string_equal(holding_look(&h),
                      "delta/" E1 ".jsonl: it makes no sense");
  index_file(E1, sizeof HAS("4") + 4, HAS("2") "\n");
  unlink("asked");
  asks("2", "si");
}

static void records(void **state) {
  static const char *const bad[] = {
      "",
      "x",
      "[]",
      "{}",
      "{\"md5\":\"" MD5("1") "\"",
      "{\"md5\":\"" MD5("") "\"}",
      "{\"md5\":\"" MD5("12") "\"}",
      "{\"md5\":\"" MD5("A") "\"}",
      "{\"md5\":[\"" MD5("") "\"]}",
      "{\"md5\":1}",
      "{\"md5\":\"" MD5("1") "\",\"gone\":null}",
      "{\"md5\":\"" MD5("1") "\",\"gone\":{}}",
      "{\"gone\":\"expired\"}",
  };
  char text[256];
  (void)state;
  status(E1, 0, 1);
  for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i) {
    snprintf(text, sizeof text, HAS("2") ",\n%s\n", bad[i]);
    index_file(E1, 0, text);
    assert_string_equal(holding_look(&h), "index.json: it makes no sense");
  }
  index_file(E1, 0,
             "{\"keys\":[\"gone\"],\"x\":{\"gone\":1},\"md5\":\"" MD5(
                 "1") "\",\"y\":[\"md5\"]}\n");
  assert_null(holding_look(&h));
  has("1");
}

/* Saved to the file "held" and loaded again. What load says. */
static int load(void) {
  int fd = open("held", O_RDONLY), r;
  md5set_free(&h.set);
  *h.from.read_epoch = 0;
  r = holding_load(&h, fd);
  close(fd);
  return r;
}

static void save(void) {
  int fd = open("held", O_WRONLY | O_CREAT | O_TRUNC, 0600);
  assert_int_equal(holding_save(&h, fd), 0);
  close(fd);
}

static void kept(void **state) {
  const unsigned char *md5s;
  char text[256];
  ssize_t n;
  (void)state;
  httpd_file(DELTA, HAS("3") "\n");
  index_file(E1, 0, HAS("2") ",\n" HAS("1") "\n");
  status(E1, 0, 2);
  asks("12", "si");
  save();
  n = file_read("held", text, sizeof text);
  assert_int_equal(holding_view(text, (size_t)n, &md5s), 2);
  assert_memory_equal(md5s, h.set.md5s, 32);
  assert_int_equal(holding_view(text, 0, &md5s), 0);
  assert_int_equal(load(), 1);
  asks("12", "s");
  status(E1, sizeof HAS("3"), 3);
  assert_int_equal(load(), 1);
  asks("123", "sd");
  md5set_free(&h.set);
  save();
  assert_int_equal(load(), 1);
  assert_int_equal(h.set.n, 0);
}

/* Whatever byte is another, however much is missing or too much. */
static void damaged(void **state) {
  char good[256], bad[257];
  size_t n;
  (void)state;
  index_file(E1, 0, HAS("2") ",\n" HAS("1") "\n");
  status(E1, 0, 2);
  asks("12", "si");
  save();
  n = (size_t)file_read("held", good, sizeof good);
  for (size_t i = 0; i <= 2 * n; ++i) {
    size_t len = i < n ? n : i == 2 * n ? n + 1 : i - n;
    int fd = open("held", O_WRONLY | O_TRUNC);
    memcpy(bad, good, n);
    if (i < n)
      bad[i] ^= (char)(1 << i % 8);
    assert_int_equal(file_write(fd, bad, len), 0);
    close(fd);
    assert_int_equal(load(), 0);
    assert_string_equal(h.from.read_epoch, "");
  }
  httpd_file("held", "");
  assert_int_equal(load(), 0);
  asks("12", "si");
}

static void of_another_host(void **state) {
  char other[80];
  (void)state;
  index_file(E1, 0, HAS("1") "\n");
  status(E1, 0, 1);
  asks("1", "si");
  save();
  h.from.host = "127.0.0.2";
  assert_int_equal(load(), 0);
  h.from.host = "127.0.0.1";
  snprintf(other, sizeof other, "%sx/", url);
  h.from.url = other;
  assert_int_equal(load(), 0);
  h.from.url = url;
  assert_int_equal(load(), 1);
}

static void cannot_be_kept(void **state) {
  int fd = open("/dev/full", O_WRONLY);
  (void)state;
  index_file(E1, 0, HAS("1") "\n");
  status(E1, 0, 1);
  asks("1", "si");
  assert_int_equal(holding_save(&h, fd), -1);
  close(fd);
  fd = open(".", O_RDONLY);
  assert_int_equal(holding_load(&h, fd), -1);
  assert_int_equal(errno, EISDIR);
  close(fd);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)
int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(comes_and_goes), TEST(has_all),
      TEST(counted),        TEST(delta_that_does_not_fit),
      TEST(records),        TEST(kept),
      TEST(damaged),        TEST(of_another_host),
      TEST(cannot_be_kept),
  };
  return cmocka_run_group_tests(tests, start, 0);
}
