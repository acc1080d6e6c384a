/* waits */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../httpd.h"
#include "asking.h"
#include "clock.h"

/* A "host" is the first directory of a path of one server. */
static char url[64];
static struct hosts hosts;
static struct header_text text;
static struct asking a;
static char told[1024];
static size_t host;

static const char *judge(void *context, const char *p, size_t len) {
  assert_ptr_equal(context, &a);
  return len == 4 && !memcmp(p, "good", 4) ? 0 : "it is bad";
}

static void failed(void *context, const char *name, long status,
                   const char *why) {
  size_t len = strlen(told);
  assert_ptr_equal(context, &a);
  snprintf(told + len, sizeof told - len, "%s %ld %s;", name, status, why);
}

static int start(void **state) {
  static char big[HEADER_MAX + 2];
  (void)state;
  memset(big, 'x', HEADER_MAX + 1);
  if (mkdir("www", 0755) < 0 || mkdir("www/a", 0755) < 0 ||
      mkdir("www/b", 0755) < 0 || mkdir("www/big", 0755) < 0)
    return -1;
  httpd_file("www/x", "good");
  httpd_file("www/a/x", "good");
  httpd_file("www/b/x", "evil");
  httpd_file("www/big/x", big);
  snprintf(url, sizeof url, "http://127.0.0.1:%u/%%h/", httpd_start());
  return 0;
}

static int again(void **state) {
  (void)state;
  a = (struct asking){.url = url,
                      .connect = 3,
                      .stall = 1,
                      .judge = judge,
                      .failed = failed,
                      .context = &a};
  hosts.n = 0;
  *told = 0;
  host = 99;
  return 0;
}

static void add(const char *name) {
  assert_int_equal(hosts_add(&hosts, name, strlen(name)), 1);
}

static void one_after_the_other(void **state) {
  (void)state;
  add("none");
  add("b");
  add("big");
  add("a");
  add("slow");
  assert_int_equal(asking(&a, &hosts, "x", &host, &text), 1);
  assert_int_equal(host, 3);
  assert_int_equal(text.len, 4);
  assert_memory_equal(text.s, "good", 4);
  assert_string_equal(
      told,
      "none 404 HTTP status 404;b 200 it is bad;big 200 it is too large;");
  assert_int_equal(hosts.at[0].state, HOST_FAILED);
  assert_int_equal(hosts.at[3].state, HOST_NEW);
  assert_int_equal(hosts.at[4].state, HOST_NEW);
}

static void nobody(void **state) {
  (void)state;
  assert_int_equal(asking(&a, &hosts, "x", &host, &text), 0);
  add("none");
  add("slow");
  assert_int_equal(asking(&a, &hosts, "x", &host, &text), 0);
  assert_non_null(strstr(told, "slow 0 "));
  assert_int_equal(hosts.at[0].state, HOST_FAILED);
  assert_int_equal(hosts.at[1].state, HOST_UNREACHABLE);
  assert_int_equal(host, 99);
}

/* The silent one is late; asked again when there is nobody else. */
static void hedged(void **state) {
  uint64_t before = clock_ms();
  (void)state;
  a.hedge = 50;
  a.stall = 60;
  add("slow");
  add("none");
  add("a");
  assert_int_equal(asking(&a, &hosts, "x", &host, &text), 1);
  assert_int_equal(host, 2);
  assert_true(clock_ms() - before >= 50);
  assert_true(clock_ms() - before < 30000);
  assert_int_equal(hosts.at[0].state, HOST_LATE);
  assert_int_equal(hosts.at[1].state, HOST_FAILED);
  assert_string_equal(told, "none 404 HTTP status 404;");
  a.stall = 1;
  hosts.at[2].state = HOST_FAILED;
  assert_int_equal(asking(&a, &hosts, "x", &host, &text), 0);
  assert_int_equal(hosts.at[0].state, HOST_UNREACHABLE);
}

/* More silent ones than are asked at once. */
static void many(void **state) {
  char name[16];
  (void)state;
  a.hedge = 1;
  for (int i = 0; i < ASKING_AT_ONCE + 3; ++i) {
    snprintf(name, sizeof name, "slow%d", i);
    add(name);
  }
  for (size_t i = 0; i < hosts.n; ++i)
    memcpy(hosts.at[i].name, "slow", 5);
  add("a");
  assert_int_equal(asking(&a, &hosts, "x", &host, &text), 1);
  assert_int_equal(host, hosts.n - 1);
}

static void redirects(void **state) {
  (void)state;
  add("moved");
  assert_int_equal(asking(&a, &hosts, "x", &host, &text), 0);
  assert_string_equal(told, "moved 302 HTTP status 302;");
  a.follow = 1;
  hosts.at[0].state = HOST_NEW;
  assert_int_equal(asking(&a, &hosts, "x", &host, &text), 1);
}

static void too_long(void **state) {
  static char path[3000];
  (void)state;
  memset(path, 'x', sizeof path - 1);
  add("a");
  add("b");
  assert_int_equal(asking(&a, &hosts, path, &host, &text), 0);
  assert_string_equal(told, "a 0 it is too long;b 0 it is too long;");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(one_after_the_other, again),
      cmocka_unit_test_setup(nobody, again),
      cmocka_unit_test_setup(hedged, again),
      cmocka_unit_test_setup(many, again),
      cmocka_unit_test_setup(redirects, again),
      cmocka_unit_test_setup(too_long, again),
  };
  return cmocka_run_group_tests(tests, start, 0);
}
