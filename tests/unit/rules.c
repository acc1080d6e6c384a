#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rules.h"

#define OWN 17478
#define DENIED "denied by the target rules"
#define PORT "port not allowed by the target rules"
#define NO_RULE "not allowed by the target rules"
#define NO_HOST "address of no host"

static struct rules r;

static void use(const char *text) {
  FILE *f = fopen("rules", "w");
  assert_non_null(f);
  assert_true(fputs(text, f) >= 0);
  assert_int_equal(fclose(f), 0);
  assert_int_equal(system("tcprules rules.cdb rules.tmp < rules"), 0);
  rules_close(&r);
  assert_int_equal(rules_open(&r, "rules.cdb"), 0);
}

static int end(void **state) {
  (void)state;
  rules_close(&r);
  return 0;
}

static int start(void **state) {
  (void)state;
  r.fd = -1;
  return 0;
}

static const char *judged(const char *target, uint16_t own) {
  char buf[LIST_TEXT];
  struct entry e;
  if (entry_scan(target, strlen(target), buf, &e))
    fail_msg("no target: %s", target);
  return rules_refuse(&r, &e, own);
}

static void refused(const char *target, const char *why) {
  const char *got = judged(target, OWN);
  if (!got || strcmp(got, why))
    fail_msg("%s: %s", target, got ? got : "allowed");
}

static void allowed(const char *target) {
  const char *got = judged(target, OWN);
  if (got)
    fail_msg("%s: %s", target, got);
}

static void no_rules(void **state) {
  (void)state;
  assert_int_equal(rules_open(&r, 0), 0);
  refused("10.0.0.1:17478", "no target rules");
  refused("host.example:17478", "no target rules");
  rules_close(&r);
  rules_close(&r);
  assert_int_equal(rules_open(&r, "none.cdb"), -1);
  refused("10.0.0.1:17478", "no target rules");
}

static void no_match_is_no(void **state) {
  (void)state;
  use("10.0.0.1:allow\n");
  allowed("10.0.0.1:17478");
  refused("10.0.0.2:17478", NO_RULE);
  refused("110.0.0.1:17478", NO_RULE);
  refused("10.0.0.10:17478", NO_RULE);
  refused("[2001:db8::1]:17478", NO_RULE);
  refused("host.example:17478", NO_RULE);
  use("");
  refused("10.0.0.1:17478", NO_RULE);
}

static void exact_before_prefix_before_default(void **state) {
  (void)state;
  use("10.0.0.1:deny\n10.0.0.:allow\n10.0.:deny\n10.:allow\n"
      "2001.db8:deny\n:deny\n");
  refused("10.0.0.1:17478", DENIED);
  allowed("10.0.0.2:17478");
  refused("10.0.1.1:17478", DENIED);
  allowed("10.1.1.1:17478");
  refused("11.1.1.1:17478", DENIED);
  use(":allow\n10.:deny\n10.0.0.1:allow\n");
  allowed("192.0.2.1:17478");
  allowed("[2001:db8::1]:17478");
  refused("10.0.0.2:17478", DENIED);
  allowed("10.0.0.1:17478");
}

/* A prefix is one only where it ends in a dot. */
static void no_half_numbers(void **state) {
  (void)state;
  use("10:allow\n10.0.0:allow\n1:allow\n");
  refused("10.0.0.1:17478", NO_RULE);
  refused("1.0.0.1:17478", NO_RULE);
}

static void ranges(void **state) {
  (void)state;
  use("10.0.0.1-3:allow\n");
  refused("10.0.0.0:17478", NO_RULE);
  allowed("10.0.0.1:17478");
  allowed("10.0.0.3:17478");
  refused("10.0.0.4:17478", NO_RULE);
}

static void names_by_their_own_rule(void **state) {
  (void)state;
  use("=host.example:allow\n=.example:allow\n=:allow\n:allow\n"
      "=bad.example:deny\n");
  allowed("host.example:17478");
  allowed("HOST.Example:17478");
  refused("host.example.:17478", NO_RULE);
  refused("a.host.example:17478", NO_RULE);
  refused("other.example:17478", NO_RULE);
  refused("localhost:17478", NO_RULE);
  refused("bad.example:17478", DENIED);
  allowed("10.0.0.1:17478");
}

static void ports(void **state) {
  (void)state;
  use("10.0.0.1:allow\n"
      "10.0.0.2:allow,DFPORTS=\"17479,4000\"\n"
      "10.0.0.3:allow,DFPORTS=\"\"\n"
      "10.0.0.4:allow,OTHER=\"1\",DFPORTS=\"1,65535\",X=\"2\"\n"
      "10.0.0.5:allow,DFPORTS=\"1 2,x,,3\"\n"
      "10.0.0.6:deny,DFPORTS=\"17478\"\n"
      "10.0.0.7:allow,XDFPORTS=\"4000\",DFPORTSX=\"4000\"\n"
      "=n.example:allow,DFPORTS=\"80\"\n");
  allowed("10.0.0.1:17478");
  refused("10.0.0.1:17479", PORT);
  assert_null(judged("10.0.0.1:80", 80));
  assert_string_equal(judged("10.0.0.1:17478", 80), PORT);
  assert_string_equal(judged("10.0.0.1:17478", 0), PORT);
  assert_null(judged("10.0.0.2:4000", 0));
  refused("10.0.0.2:17478", PORT);
  allowed("10.0.0.2:17479");
  allowed("10.0.0.2:4000");
  refused("10.0.0.2:400", PORT);
  refused("10.0.0.2:40000", PORT);
  refused("10.0.0.3:17478", PORT);
  allowed("10.0.0.4:1");
  allowed("10.0.0.4:65535");
  refused("10.0.0.4:2", PORT);
  refused("10.0.0.4:17478", PORT);
  allowed("10.0.0.5:3");
  refused("10.0.0.5:1", PORT);
  refused("10.0.0.5:2", PORT);
  refused("10.0.0.6:17478", DENIED);
  allowed("10.0.0.7:17478");
  refused("10.0.0.7:4000", PORT);
  allowed("n.example:80");
  refused("n.example:17478", PORT);
}

static void no_host(void **state) {
  (void)state;
  use(":allow\n0.0.0.0:allow\n0:allow\n");
  refused("0.0.0.0:17478", NO_HOST);
  refused("[::]:17478", NO_HOST);
  refused("[0:0:0:0:0:0:0:0]:17478", NO_HOST);
  refused("[::ffff:0.0.0.0]:17478", NO_HOST);
  allowed("0.0.0.1:17478");
  allowed("[::1]:17478");
}

static void mapped_is_ipv4(void **state) {
  (void)state;
  use("127.:deny\n10.0.0.1:allow\n:deny\n");
  allowed("[::ffff:10.0.0.1]:17478");
  allowed("[::ffff:a00:1]:17478");
  refused("[::ffff:127.0.0.1]:17478", DENIED);
  use("127.:deny\n");
  refused("[::ffff:127.0.0.1]:17478", DENIED);
  refused("[::ffff:10.0.0.1]:17478", NO_RULE);
  refused("[::fffe:127.0.0.1]:17478", NO_RULE);
}

static void ipv6(void **state) {
  (void)state;
  use("2001:db8::1:allow\n2001:db8:2:::allow\n2001:db8:3::deny\n"
      "2001:db8:allow\nfe80::::deny\n");
  allowed("[2001:db8::1]:17478");
  allowed("[2001:0DB8:0::0:1]:17478");
  refused("[2001:db8::2]:17478", NO_RULE);
  refused("[2001:db8::11]:17478", NO_RULE);
  allowed("[2001:db8:2::9]:17478");
  refused("[2001:db8:3::9]:17478", DENIED);
  refused("[2001:db8:4::9]:17478", NO_RULE);
  refused("10.0.0.1:17478", NO_RULE);
}

static void broken_cdb(void **state) {
  static char data[5000];
  FILE *f;
  (void)state;
  use("10.0.0.1:allow\n");
  rules_close(&r);
  assert_int_equal(system("head -c 100 rules.cdb > cut.cdb"), 0);
  assert_int_equal(rules_open(&r, "cut.cdb"), 0);
  assert_non_null(judged("10.0.0.1:17478", OWN));
  rules_close(&r);
  f = fopen("empty.cdb", "w");
  assert_non_null(f);
  fclose(f);
  assert_int_equal(rules_open(&r, "empty.cdb"), 0);
  assert_non_null(judged("10.0.0.1:17478", OWN));
  rules_close(&r);
  memset(data, 'x', sizeof data - 1);
  f = fopen("long", "w");
  assert_non_null(f);
  fprintf(f, "10.0.0.1:allow,X=\"%s\"\n", data);
  fclose(f);
  assert_int_equal(system("tcprules rules.cdb rules.tmp < long"), 0);
  assert_int_equal(rules_open(&r, "rules.cdb"), 0);
  refused("10.0.0.1:17478", "unable to read the target rules");
}

/* Whatever the port. */
static void hosts(void **state) {
  (void)state;
  use("10.0.0.1:allow,DFPORTS=\"1\"\n10.0.0.:deny\n=a.example:allow\n"
      "2001:0db8:0000:0000:0000:0000:0000:0001:allow\n");
  assert_null(rules_refuse_host(&r, "10.0.0.1"));
  assert_null(rules_refuse_host(&r, "A.example"));
  assert_string_equal(rules_refuse_host(&r, "10.0.0.2"),
                      "denied by the target rules");
  assert_string_equal(rules_refuse_host(&r, "b.example"),
                      "not allowed by the target rules");
  assert_string_equal(rules_refuse_host(&r, "2001:db8::2"),
                      "not allowed by the target rules");
  assert_string_equal(rules_refuse_host(&r, "-a"), "no host");
  assert_string_equal(rules_refuse_host(&r, "::"), "address of no host");
  assert_string_equal(rules_refuse_host(&r, "::ffff:0.0.0.0"),
                      "address of no host");
}

static void targets(void **state) {
  (void)state;
  use("10.0.0.2:allow,DFPORTS=\"17478\"\n");
  assert_null(rules_refuse_target("rules.cdb", "10.0.0.2:17478", OWN));
  assert_string_equal(rules_refuse_target("rules.cdb", "10.0.0.3:17478", OWN),
                      NO_RULE);
  assert_string_equal(rules_refuse_target("rules.cdb", "10.0.0.2", OWN),
                      "no target");
  assert_string_equal(rules_refuse_target("rules.cdb", "", OWN), "no target");
  assert_string_equal(rules_refuse_target("none.cdb", "10.0.0.2:17478", OWN),
                      "unable to open the target rules");
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup_teardown(f, start, end)
  const struct CMUnitTest tests[] = {
      TEST(no_rules),
      TEST(no_match_is_no),
      TEST(exact_before_prefix_before_default),
      TEST(no_half_numbers),
      TEST(ranges),
      TEST(names_by_their_own_rule),
      TEST(ports),
      TEST(no_host),
      TEST(mapped_is_ipv4),
      TEST(ipv6),
      TEST(broken_cdb),
      TEST(hosts),
      TEST(targets),
  };
  return cmocka_run_group_tests(tests, 0, 0);
}
