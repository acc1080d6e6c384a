#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "append.h"
#include "backup.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define MD5 "5d41402abc4b2a76b9719d911017c592"
#define OLD "@400000006b00000000000000"
#define TICKET                                                                 \
  "Key: k\nKey: l\nHost: 10.0.0.1\nBackup-Host: b1\nX-colour: red\n"           \
  "Content-Length: 5\nTTL: 60\nStamp: " OLD "\nmd5hash: " MD5 "\n"

static struct append a;
static struct origin o;
static struct header h;

static const char *make(const char *key, const char *ticket) {
  return append_make(&a, &o, key, ticket, strlen(ticket));
}

/* The header up to its Stamp, and what follows that. */
static void is(const struct header_text *t, const char *before,
               const char *after) {
  const size_t n = strlen(before);

  assert_int_equal(t->len, n + 7 + LABEL_LEN + 1 + strlen(after));
  assert_memory_equal(t->s, before, n);
  assert_memory_equal(t->s + n, "Stamp: @", 8);
  assert_memory_equal(t->s + n + 7 + LABEL_LEN + 1, after, strlen(after));
}

static int fresh(void **state) {
  (void)state;
  memset(&o, 0, sizeof o);
  return 0;
}

static void adds_hosts_behind_those_there(void **state) {
  (void)state;
  assert_true(backup_add(&o.backups, "b2") && backup_add(&o.backups, "B1"));
  assert_null(make(0, TICKET));
  assert_null(header_scan(a.header.s, a.header.len, HEADER_STREAM, &h));
  assert_true(h.data_none && !h.key && strcmp(h.stamp, OLD) > 0);
  is(&a.header, "Host: 10.0.0.1\nBackup-Host: b1\nBackup-Host: b2\nTTL: 60\n",
     "X-colour: red\nData: none\n");
  is(&a.ticket, "Host: 10.0.0.1\nBackup-Host: b1\nBackup-Host: b2\nTTL: 60\n",
     "X-colour: red\nContent-Length: 5\nmd5hash: " MD5 "\n");
  assert_null(header_scan(a.ticket.s, a.ticket.len, HEADER_TICKET, &h));
  assert_string_equal(a.trailer.md5, MD5);
  assert_string_equal(a.trailer.sha256, "");
  assert_int_equal(a.trailer.length, 5);
}

static void says_anew_what_it_is_told(void **state) {
  (void)state;
  o.host = "10.0.0.9";
  o.has_ttl = 1;
  o.ttl = 7;
  assert_null(make("m", TICKET));
  is(&a.header,
     "Key: m\nHost: 10.0.0.9\nBackup-Host: 10.0.0.1\nBackup-Host: b1\nTTL: 7\n",
     "X-colour: red\nData: none\n");
  o.host = "10.0.0.1";
  assert_null(make(0, TICKET));
  is(&a.header, "Host: 10.0.0.1\nBackup-Host: b1\nTTL: 7\n",
     "X-colour: red\nData: none\n");
}

/* Of a ticket that is 1000 seconds old. */
static uint64_t life(const char *cache_time) {
  char ticket[512], label[LABEL_LEN + 1];

  label_fmt(label, time(0) - 1000, 0);
  snprintf(ticket, sizeof ticket,
           "Host: h\nContent-Length: 5\nmd5hash: " MD5 "\nStamp: %s\n%s", label,
           cache_time);
  assert_null(make(0, ticket));
  assert_null(header_scan(a.header.s, a.header.len, HEADER_STREAM, &h));
  return h.has_cache_time ? h.cache_time : UINT64_MAX;
}

static void never_shortens_a_life(void **state) {
  (void)state;
  assert_true(life("") == UINT64_MAX);
  assert_in_range(life("Cache-Time: 5000\n"), 3900, 4000);
  assert_int_equal(life("Cache-Time: 10\n"), 0);
  o.has_cache_time = 1;
  o.cache_time = 2000;
  assert_true(life("") == UINT64_MAX);
  assert_in_range(life("Cache-Time: 5000\n"), 3900, 4000);
  assert_int_equal(life("Cache-Time: 10\n"), 2000);
}

static void takes_stored_headers(void **state) {
  (void)state;
  assert_null(make(0, TICKET "Stored: " OLD "\nTaken: " OLD " " MD5 "\n"));
  is(&a.header, "Host: 10.0.0.1\nBackup-Host: b1\nTTL: 60\n",
     "X-colour: red\nData: none\n");
  assert_null(
      make(0, TICKET "SHA-256: " MD5 "0123456789abcdef0123456789abcdef\n"));
  assert_string_equal(a.trailer.sha256, MD5 "0123456789abcdef0123456789abcdef");
}

static void refuses_what_is_no_ticket(void **state) {
  char host[16];

  (void)state;
  assert_non_null(make(0, ""));
  assert_non_null(make(0, "hello"));
  assert_string_equal(make(0, "Host: h\nStamp: " OLD "\nmd5hash: " MD5 "\n"),
                      "header without Content-Length");
  assert_string_equal(make(0, "Host: h\nStamp: " OLD "\nContent-Length: 5\n"),
                      "header without md5hash");
  assert_string_equal(make(0, TICKET "Data: none\n"),
                      "Data line in a stored header");
  for (unsigned int i = 0; i < HEADER_LINES - 2; i++) {
    snprintf(host, sizeof host, "h%u", i);
    assert_true(backup_add(&o.backups, host));
  }
  assert_string_equal(make(0, TICKET), ORIGIN_LIMITS);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(adds_hosts_behind_those_there, fresh),
      cmocka_unit_test_setup(says_anew_what_it_is_told, fresh),
      cmocka_unit_test_setup(never_shortens_a_life, fresh),
      cmocka_unit_test_setup(takes_stored_headers, fresh),
      cmocka_unit_test_setup(refuses_what_is_no_ticket, fresh),
  };

  return cmocka_run_group_tests(tests, 0, 0);
}
