#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../httpd.h"
#include "finding.h"

/* A "host" is the first directory of a path of one server. */
#define MD5 "5d41402abc4b2a76b9719d911017c592"
#define OTHER "7d793037a0760186574b0282f2f435e7"
#define SHA "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
#define STAMP "@400000006553f10a00000000" /* 1700000000 */
#define THEN INT64_C(1700000000)
#define HEAD "Stamp: " STAMP "\nStored: " STAMP "\nmd5hash: " MD5 "\nKey: k\n"

static char url[64];
static struct finding f;
static char told[1024];

static void failed(void *context, const char *name, long status,
                   const char *why) {
  size_t len = strlen(told);
  (void)context;
  snprintf(told + len, sizeof told - len, "%s %ld %s;", name, status, why);
}

static void header(const char *dir, const char *text) {
  char path[128];
  snprintf(path, sizeof path, "www/%s", dir);
  mkdir(path, 0755);
  snprintf(path, sizeof path, "www/%s/head", dir);
  mkdir(path, 0755);
  snprintf(path, sizeof path, "www/%s/head/5d", dir);
  mkdir(path, 0755);
  snprintf(path, sizeof path, "www/%s/head/key", dir);
  mkdir(path, 0755);
  snprintf(path, sizeof path, "www/%s/head/5d/" MD5, dir);
  httpd_file(path, text);
  snprintf(path, sizeof path, "www/%s/head/key/k", dir);
  httpd_file(path, text);
}

static int start(void **state) {
  (void)state;
  if (mkdir("www", 0755) < 0)
    return -1;
  header("a", HEAD "Host: h\nBackup-Host: b\nContent-Length: 5\n");
  header("b", HEAD "Host: b\nContent-Length: 6\nSHA-256: " SHA "\n");
  header("mad", "Host: h\n");
  header("over", HEAD "Host: h\nContent-Length: 5\nCache-Time: 10\n");
  header("third", "Stamp: " STAMP "\nStored: " STAMP "\nmd5hash: " OTHER
                  "\nKey: other\nHost: h\nContent-Length: 5\n");
  snprintf(url, sizeof url, "http://127.0.0.1:%u/%%h/", httpd_start());
  return 0;
}

static int again(void **state) {
  (void)state;
  memset(&f, 0, sizeof f);
  f.ask =
      (struct asking){.url = url, .connect = 3, .stall = 60, .failed = failed};
  f.most = 1000;
  f.now = THEN + 10;
  *told = 0;
  return 0;
}

static void add(const char *name) {
  assert_int_equal(hosts_add(&f.hosts, name, strlen(name)), 1);
}

static void next_is(const char *name) {
  size_t host;
  assert_int_equal(finding_next(&f, &host), 1);
  assert_string_equal(f.hosts.at[host].name, name);
}

static void none_is_left(void) {
  size_t host;
  assert_int_equal(finding_next(&f, &host), 0);
}

static void hosts_are(const char *want) {
  char got[256] = "";
  for (size_t i = 0; i < f.hosts.n; ++i) {
    strcat(got, f.hosts.at[i].name);
    strcat(got, " ");
  }
  assert_string_equal(got, want);
}

static void by_key(void **state) {
  (void)state;
  f.key = "k";
  add("none");
  add("mad");
  add("third");
  add("a");
  next_is("a");
  assert_string_equal(told, "none 404 HTTP status 404;"
                            "mad 200 its header makes no sense;"
                            "third 200 its header is of another key;");
  assert_string_equal(f.md5, MD5);
  assert_int_equal(f.header.length, 5);
  hosts_are("none mad third a h b ");
  finding_failed(&f, 3, 1, 0);
  next_is("none"); /* it may have the chunk all the same */
}

static void doubt(void **state) {
  (void)state;
  memcpy(f.md5, MD5, sizeof f.md5);
  add("a");
  add("third");
  next_is("a");
  hosts_are("a third h b ");
  *told = 0;
  finding_failed(&f, 0, 1, 1);
  next_is("b");
  assert_string_equal(told, "third 200 its header is of another chunk;"
                            "h 404 HTTP status 404;");
  assert_int_equal(f.header.length, 6);
  assert_string_equal(f.header.sha256, SHA);
  finding_failed(&f, 3, 1, 1);
  none_is_left();
}

static void only(void **state) {
  (void)state;
  memcpy(f.md5, MD5, sizeof f.md5);
  f.only = 1;
  add("a");
  next_is("a");
  hosts_are("a ");
  finding_failed(&f, 0, 0, 0);
  none_is_left();
}

static void limits(void **state) {
  (void)state;
  memcpy(f.md5, MD5, sizeof f.md5);
  f.most = 5;
  f.now = THEN + 11;
  add("b");
  add("over");
  add("a");
  next_is("a");
  assert_string_equal(told, "b 200 it is too large;over 200 " FINDING_OVER ";");
  assert_true(f.end == INT64_MAX);
}

static void life(void **state) {
  (void)state;
  memcpy(f.md5, MD5, sizeof f.md5);
  add("over");
  next_is("over");
  assert_true(f.end == THEN + 10);
}

static const char *ticket(const char *text) {
  return finding_ticket(&f, text, strlen(text));
}

static void of_a_ticket(void **state) {
  (void)state;
  add("given");
  assert_null(ticket("Stamp: " STAMP "\nmd5hash: " MD5 "\nContent-Length: 5\n"
                     "Backup-Host: b\nHost: a\nTTL: 10\nCache-Time: 20\n"));
  hosts_are("given a b ");
  assert_false(finding_is_old(&f, THEN + 10));
  assert_true(finding_is_old(&f, THEN + 11));
  assert_true(f.end == THEN + 20);
  next_is("given");
  assert_string_equal(told, "");
  finding_failed(&f, 0, 1, 1);
  next_is("a");
  assert_string_equal(told, "");
}

static void bad_tickets(void **state) {
  (void)state;
  assert_string_equal(ticket("x"), "malformed header line");
  assert_string_equal(ticket("Stamp: " STAMP "\nHost: a\nmd5hash: " MD5 "\n"),
                      "header without Content-Length");
  assert_string_equal(ticket("Stamp: " STAMP "\nHost: a\nContent-Length: 5\n"),
                      "header without md5hash");
  assert_string_equal(ticket("Stamp: " STAMP "\nHost: a\nContent-Length: 1001\n"
                             "md5hash: " MD5 "\n"),
                      "it is too large");
}

static void refreshed(void **state) {
  (void)state;
  add("given");
  assert_null(ticket("Stamp: " STAMP "\nmd5hash: " MD5 "\nContent-Length: 5\n"
                     "Host: b\nBackup-Host: x\nBackup-Host: a\nTTL: 10\n"
                     "Cache-Time: 20\n"));
  assert_int_equal(finding_refresh(&f), 1);
  assert_string_equal(told, "given 404 HTTP status 404;"
                            "b 200 its header has another Content-Length;"
                            "x 404 HTTP status 404;");
  hosts_are("given h b x a ");
  assert_true(f.end == INT64_MAX);
  next_is("h");
  assert_int_equal(f.header.length, 5);
}

static void refreshed_by_nobody(void **state) {
  (void)state;
  assert_null(ticket("Stamp: " STAMP "\nmd5hash: " MD5 "\nContent-Length: 7\n"
                     "Host: a\nBackup-Host: x\nTTL: 10\n"));
  assert_int_equal(finding_refresh(&f), 0);
  next_is("a");
}

static void raced(void **state) {
  (void)state;
  f.ask.hedge = 50;
  add("slow");
  assert_null(ticket("Stamp: " STAMP "\nmd5hash: " MD5 "\nContent-Length: 5\n"
                     "Host: x\nBackup-Host: a\n"));
  next_is("a");
  hosts_are("slow x a ");
  assert_string_equal(told, "x 404 HTTP status 404;");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(by_key, again),
      cmocka_unit_test_setup(doubt, again),
      cmocka_unit_test_setup(only, again),
      cmocka_unit_test_setup(limits, again),
      cmocka_unit_test_setup(life, again),
      cmocka_unit_test_setup(of_a_ticket, again),
      cmocka_unit_test_setup(bad_tickets, again),
      cmocka_unit_test_setup(refreshed, again),
      cmocka_unit_test_setup(refreshed_by_nobody, again),
      cmocka_unit_test_setup(raced, again),
  };
  return cmocka_run_group_tests(tests, start, 0);
}
