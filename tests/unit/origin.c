#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "backup.h"
#include "origin.h"
#include "ticket.h"

#include <stdio.h>
#include <string.h>

#define MD5 "5d41402abc4b2a76b9719d911017c592"

static struct header_text t, ticket;
static struct origin o;

static void adds_each_host_once(void **state) {
  static const char want[] = "Backup-Host: 10.0.0.1\nBackup-Host: 2001:DB8::1\n"
                             "Backup-Host: b.example\nBackup-Host: b\n";

  (void)state;
  t.len = t.lines = 0;
  assert_true(backup_add(&t, "10.0.0.1") && backup_add(&t, "2001:DB8::1"));
  assert_true(backup_add(&t, "b.example") && backup_add(&t, "10.0.0.1"));
  assert_true(backup_add(&t, "2001:db8:0::0:1") && backup_add(&t, "B.Example"));
  assert_true(backup_add(&t, "b"));
  assert_int_equal(t.len, strlen(want));
  assert_memory_equal(t.s, want, t.len);
}

static void knows_the_same_host(void **state) {
  (void)state;
  assert_true(backup_same("2001:db8::1", "2001:DB8:0::1"));
  assert_true(backup_same("B.example", "b.EXAMPLE"));
  assert_false(backup_same("10.0.0.1", "10.0.0.10"));
  assert_false(backup_same("::ffff:10.0.0.1", "10.0.0.1"));
}

static void adds_the_hosts_of_a_list(void **state) {
  static const char list[] = "\0\0\0\x1a"
                             "\4\x0a\0\0\1\0\1\0\0\0\x0f"
                             "\0\0\0\x0b\4\x0a\0\0\2\0\1\0\0\0\0";
  static const char want[] = "Backup-Host: 10.0.0.1\nBackup-Host: 10.0.0.2\n";

  (void)state;
  t.len = t.lines = 0;
  assert_true(backup_add_list(&t, list, 30));
  assert_int_equal(t.len, strlen(want));
  assert_memory_equal(t.s, want, t.len);
  t.len = t.lines = 0;
  assert_true(backup_add_list(&t, "", 0));
  assert_int_equal(t.len, 0);
}

static void keeps_the_limits(void **state) {
  char host[16];
  unsigned int i;

  (void)state;
  memset(&o, 0, sizeof o);
  o.host = "h";
  for (i = 0; i < HEADER_LINES - 4; i++) {
    snprintf(host, sizeof host, "h%u", i);
    assert_true(backup_add(&o.backups, host));
  }
  assert_true(origin_fits(&o, "key", 0));
  assert_false(origin_fits(&o, "key", 1));
  assert_true(backup_add(&o.backups, "one-more"));
  assert_false(origin_fits(&o, "key", 0));
  assert_true(origin_fits(&o, 0, 0));
}

static void makes_headers_and_tickets(void **state) {
  static const char want[] =
      "Key: k\nHost: h\nBackup-Host: b\nContent-Length: 5\nCache-Time: 0\n"
      "TTL: 1\nStamp: @";
  static const char added[] = "\nmd5hash: " MD5 "\n";
  struct trailer tr = {.length = 5, .md5 = MD5};
  const uint64_t length = 5;
  struct header h;

  (void)state;
  memset(&o, 0, sizeof o);
  o.host = "h";
  o.has_cache_time = o.has_ttl = 1;
  o.ttl = 1;
  assert_true(backup_add(&o.backups, "b"));
  assert_true(origin_header(&t, &o, "k", &length));
  assert_memory_equal(t.s, want, strlen(want));
  assert_null(header_scan(t.s, t.len, HEADER_STREAM, &h));
  assert_true(ticket_make(&ticket, &t, &tr));
  assert_int_equal(ticket.len, t.len + strlen(added) - 1);
  assert_memory_equal(ticket.s, t.s, t.len);
  assert_memory_equal(ticket.s + t.len - 1, added, strlen(added));
}

static void makes_the_least(void **state) {
  struct header h;

  (void)state;
  memset(&o, 0, sizeof o);
  o.host = "h";
  assert_true(origin_header(&t, &o, 0, 0));
  assert_null(header_scan(t.s, t.len, HEADER_STREAM, &h));
  assert_int_equal(t.lines, 2);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(adds_each_host_once),
      cmocka_unit_test(knows_the_same_host),
      cmocka_unit_test(adds_the_hosts_of_a_list),
      cmocka_unit_test(keeps_the_limits),
      cmocka_unit_test(makes_headers_and_tickets),
      cmocka_unit_test(makes_the_least),
  };

  return cmocka_run_group_tests(tests, 0, 0);
}
