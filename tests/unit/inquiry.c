#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../httpd.h"
#include "clock.h"
#include "file.h"
#include "holding.h"
#include "inquiry.h"

#include <sys/mman.h>

#define E1 "@400000006a00000000000001"
#define MD5(d) "0000000000000000000000000000000" d
#define HAS(d) "{\"md5\":\"" MD5(d) "\"}"

static const unsigned char md5s[32] = {[15] = 1, [31] = 2};
static unsigned int port;
static char url[64];
static int fd; /* what was found */

static int start(void **state) {
  char here[4096];
  (void)state;
  if (mkdir("www", 0755) < 0 || mkdir("www/delta", 0755) < 0 ||
      mkdir("cache", 0755) < 0 || !getcwd(here, sizeof here - 6))
    return -1;
  strcat(here, "/cache");
  setenv("XDG_CACHE_HOME", here, 1);
  port = httpd_start();
  snprintf(url, sizeof url, "http://%%h:%u/", port);
  return 0;
}

static void publish(size_t bytes, size_t chunks) {
  char text[256];
  snprintf(text, sizeof text,
           "{\"epoch\":\"" E1 "\",\"delta_bytes\":%lu,\"chunks\":%lu}",
           (unsigned long)bytes, (unsigned long)chunks);
  httpd_file("www/new", text);
  if (rename("www/new", "www/status.json"))
    abort();
}

static int begin(void **state) {
  (void)state;
  unlink("asked");
  unlink("www/status.json");
  httpd_file("www/delta/" E1 ".jsonl", HAS("2") "\n");
  httpd_file("www/index.json", "{\"epoch\":\"" E1 "\",\"delta_bytes\":0,"
                               "\"chunks\":[\n" HAS("1") "\n]}\n");
  fd = memfd_create("found", MFD_CLOEXEC);
  return fd < 0 ? -1 : system("rm -rf cache/dataflow");
}

static int end(void **state) {
  (void)state;
  close(fd);
  return 0;
}

/* Asks for the first n MD5s. */
static const char *ask(size_t n, unsigned int ms) {
  struct inquiry a = {.host = "127.0.0.1",
                      .url = url,
                      .connect = 3,
                      .stall = 2,
                      .wait = 1,
                      .deadline = clock_ms() + ms,
                      .md5s = md5s,
                      .n = n};
  return inquiry_host(&a, fd);
}

/* So many of them were found, and what was asked for. */
static void found(size_t n, const char *files) {
  char text[1024], got[32] = "", *p;
  const unsigned char *have;
  const char *map;
  size_t len;
  ssize_t r = file_read("asked", text, sizeof text - 1);
  assert_int_equal(file_map(fd, &map, &len), 0);
  assert_int_equal(holding_view(map, len, &have), n);
  assert_memory_equal(have, md5s, n * MD5SET_BYTES);
  file_unmap(map, len);
  assert_true(r > 0);
  text[r] = 0;
  for (p = strtok(text, "\n"); p; p = strtok(0, "\n"))
    strncat(got, p + 1, 1);
  assert_string_equal(got, files);
  unlink("asked");
}

static void one_look(void **state) {
  (void)state;
  publish(0, 1);
  assert_null(ask(1, 0));
  found(1, "si");
}

static void from_the_cache(void **state) {
  (void)state;
  publish(0, 1);
  assert_null(ask(1, 0));
  assert_int_equal(ftruncate(fd, 0), 0);
  unlink("asked");
  publish(sizeof HAS("2"), 2);
  assert_null(ask(2, 0));
  found(2, "sd");
}

/* Without a cache, what was found the last time will do. */
static void from_what_was_found(void **state) {
  (void)state;
  publish(0, 1);
  assert_null(ask(1, 0));
  assert_int_equal(system("rm -rf cache/dataflow"), 0);
  unlink("asked");
  assert_null(ask(1, 0));
  found(1, "s");
}

static void waits(void **state) {
  (void)state;
  if (!fork()) {
    char text[4096];
    while (file_read("asked", text, sizeof text) < 31)
      ;
    publish(sizeof HAS("2"), 2);
    _exit(0);
  }
  assert_null(ask(2, 30000));
  assert_int_equal(access("asked", F_OK), 0);
  unlink("asked");
  assert_null(ask(2, 30000));
  found(2, "s");
}

static void no_longer(void **state) {
  uint64_t since = clock_ms();
  (void)state;
  publish(0, 1);
  assert_null(ask(2, 300));
  assert_true(clock_ms() - since >= 300);
  unlink("www/status.json");
  assert_string_equal(ask(2, 100), "status.json: HTTP status 404");
}

static void cannot_be_kept(void **state) {
  (void)state;
  publish(0, 1);
  close(fd);
  fd = open("/dev/full", O_RDWR);
  assert_string_equal(ask(1, 0), "unable to keep what was found");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)
int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(one_look), TEST(from_the_cache), TEST(from_what_was_found),
      TEST(waits),    TEST(no_longer),      TEST(cannot_be_kept),
  };
  return cmocka_run_group_tests(tests, start, 0);
}
