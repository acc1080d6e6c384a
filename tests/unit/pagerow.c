#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "pagerow.h"

#define MD5 "5d41402abc4b2a76b9719d911017c592"
#define ROW "<tr id=\"" MD5 "\"><td data-n=\"Key\">"
#define REST                                                                   \
  "<td class=\"n\" data-n=\"Size\">5 bytes<td data-n=\"Stored\"><time "        \
  "datetime=\"2026-11-23T12:00:00Z\">2026-11-23 12:00</time><td "              \
  "data-n=\"Until\">"
#define PLACE                                                                  \
  "<td class=\"md5\" data-n=\"MD5\"><a href=\"md5/5d/" MD5 "\">" MD5           \
  "</a><a href=\"head/5d/" MD5 "\">header</a><td data-n=\"Also at\">"

static struct html h;
static const struct text own = {"10.0.0.1", 8};

static void is(const char *want) {
  assert_false(h.failed);
  assert_true(stralloc_0(&h.out));
  assert_string_equal(h.out.s, want);
  stralloc_zero(&h.out);
}

static void row(const char *keys, const char *hosts, const char *expires,
                const char *url) {
  char record[4096];
  struct text t = {record, 0};
  int len = snprintf(record, sizeof record,
                     "{\"md5\":\"" MD5
                     "\",\"sha256\":null,\"content_length\":5,\"keys\":[%s],"
                     "\"host\":\"10.0.0.1\",\"backup_hosts\":[%s],"
                     "\"stored\":\"2026-11-23T12:00:00Z\",\"expires\":%s,"
                     "\"path\":\"md5/5d/" MD5 "\",\"taken\":[\"x y\"]}",
                     keys, hosts, expires);
  assert_in_range(len, 1, sizeof record - 1);
  t.len = (size_t)len;
  pagerow_chunk(&h, &t, &own, url);
}

static void least(void **state) {
  (void)state;
  row("", "", "null", "http://%h/");
  is(ROW REST "no end" PLACE "</tr>\n");
}

static void keys(void **state) {
  (void)state;
  row("\"a/b\",\"<script>\\\"\"", "", "\"2026-11-24T12:00:00Z\"", 0);
  is(ROW "<a href=\"key/a=2Fb\">a/b</a><a "
         "href=\"key/=3Cscript=3E=22\">&lt;script&gt;&quot;</a>" REST
         "<time datetime=\"2026-11-24T12:00:00Z\">2026-11-24 12:00</time>" PLACE
         "</tr>\n");
  row("\"\xef\xbf\xbd\"],\"keys_raw\":[\"=FF\"", "", "null", 0);
  is(ROW "<a href=\"key/=FF\">\xef\xbf\xbd</a>" REST "no end" PLACE "</tr>\n");
  row("\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\",\"10\"", "",
      "null", 0);
  assert_true(stralloc_0(&h.out));
  assert_non_null(strstr(h.out.s, "<a href=\"key/8\">8</a>and 2 more<td"));
  stralloc_zero(&h.out);
}

/* Not this host itself; with a wrong template no links. */
static void hosts(void **state) {
  (void)state;
  row("", "\"b.example\",\"10.0.0.1\",\"2001:db8::1\"", "null",
      "https://%h/s?a=1&b=2");
  is(ROW REST "no end" PLACE
              "<a href=\"https://b.example/s?a=1&amp;b=2/\">b.example</a><a "
              "href=\"https://[2001:db8::1]/s?a=1&amp;b=2/\">2001:db8::1</a>"
              "</tr>\n");
  row("", "\"b.example\"", "null", 0);
  is(ROW REST "no end" PLACE "<a>b.example</a></tr>\n");
  row("", "\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\"", "null", 0);
  is(ROW REST "no end" PLACE "<a>1</a><a>2</a><a>3</a><a>4</a><a>5</a><a>6</a>"
              "<a>7</a><a>8</a>and 1 more</tr>\n");
}

static void targets(void **state) {
  static const char *const json[] = {
      "{\"target\":\"h:1\",\"chunks\":2,\"bytes\":1000,\"oldest\":\"2026-11-23T"
      "12:00:00Z\",\"tries\":3,\"last_error\":null}",
      "{\"target\":\"h:1\",\"chunks\":2,\"bytes\":1000,\"oldest\":\"2026-11-23T"
      "12:00:00Z\",\"tries\":3,\"last_error\":\"null\"}",
      "{\"target\":\"h:1\",\"chunks\":2,\"bytes\":1000,\"oldest\":\"2026-11-23T"
      "12:00:00Z\",\"tries\":3,\"last_error\":\"<b>\"}"};
  static const char *const errors[] = {"none", "null", "&lt;b&gt;"};
  (void)state;
  for (int i = 0; i < 3; ++i) {
    char want[1024];
    const struct text t = {json[i], strlen(json[i])};
    snprintf(want, sizeof want,
             "<tr><td data-n=\"Target\">h:1<td class=\"n\" "
             "data-n=\"Chunks\">2<td class=\"n\" data-n=\"Size\">1.0 kB<td "
             "data-n=\"Since\"><time datetime=\"2026-11-23T12:00:00Z\">"
             "2026-11-23 12:00</time><td class=\"n\" data-n=\"Tries\">3<td "
             "data-n=\"Last error\">%s</tr>\n",
             errors[i]);
    pagerow_target(&h, &t);
    is(want);
  }
}

static void members(void **state) {
  const struct text t = {"{\"n\":7,\"s\":\"x\"}", 15};
  (void)state;
  assert_int_equal(pagerow_number(&t, "n"), 7);
  assert_int_equal(pagerow_number(&t, "s"), 0);
  assert_int_equal(pagerow_number(&t, "none"), 0);
  assert_int_equal(pagerow_member(&t, "s").len, 1);
  assert_int_equal(pagerow_member(&t, "none").len, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(least),   cmocka_unit_test(keys),
      cmocka_unit_test(hosts),   cmocka_unit_test(targets),
      cmocka_unit_test(members),
  };
  return cmocka_run_group_tests(tests, 0, 0);
}
