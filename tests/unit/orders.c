#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "orders.h"

#define MD5 "5d41402abc4b2a76b9719d911017c592"
#define NAME "@400000006a1b2c3d00000001.4711.0"

static struct order o;

static int scan(const char *line) {
  memset(&o, 0x55, sizeof o);
  return order_scan(line, strlen(line), &o);
}

static void each_kind(void **state) {
  (void)state;
  assert_int_equal(scan(MD5), 1);
  assert_int_equal(o.kind, ORDER_MD5);
  assert_string_equal(o.name, MD5);
  assert_int_equal(scan("commit " NAME " 1023"), 1);
  assert_int_equal(o.kind, ORDER_COMMIT);
  assert_string_equal(o.name, NAME);
  assert_int_equal(o.index, 1023);
  assert_int_equal(scan("spool " NAME "/7"), 1);
  assert_int_equal(o.kind, ORDER_SPOOL);
  assert_string_equal(o.name, NAME "/7");
  assert_int_equal(scan("done"), 1);
  assert_int_equal(o.kind, ORDER_DONE);
  assert_int_equal(scan("lost"), 1);
  assert_int_equal(o.kind, ORDER_LOST);
  assert_int_equal(scan("committed " NAME), 1);
  assert_int_equal(o.kind, ORDER_COMMITTED);
  assert_string_equal(o.name, NAME);
  assert_int_equal(o.has_index, 0);
  assert_int_equal(scan("committed " NAME " 0"), 1);
  assert_int_equal(o.kind, ORDER_COMMITTED);
  assert_int_equal(o.has_index, 1);
  assert_int_equal(o.index, 0);
  assert_int_equal(scan("committed " NAME " 4294967295"), 1);
  assert_int_equal(o.index, 4294967295u);
  assert_int_equal(scan("end"), 1);
  assert_int_equal(o.kind, ORDER_END);
}

static void no_orders(void **state) {
  static const char *const bad[] = {
      "",
      " ",
      "5d41402abc4b2a76b9719d911017c59",
      MD5 "0",
      "5D41402abc4b2a76b9719d911017c592",
      MD5 " ",
      "en",
      "end ",
      "ended",
      "End",
      "done\r",
      "lost 1",
      "commit",
      "commit ",
      "commit " NAME,
      "commit " NAME " ",
      "commit " NAME " x",
      "commit " NAME " -1",
      "commit " NAME " 1 ",
      "commit " NAME "  1",
      "commit " NAME " 4294967296",
      "commit  1",
      "spool",
      "spool ",
      "spool " NAME " 1",
      "spool ../x",
      "spool .x",
      "spool /etc/passwd",
      "spool a/../../x",
      "spool a/.x",
      "spool A/1",
      "spool a=b",
      "spool a\tb",
      "committed",
      "committed ",
      "committed ../../x",
      "committed a b",
      "committed a 1 2",
      "unknown a",
  };
  (void)state;
  for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i)
    if (scan(bad[i]) != 0)
      fail_msg("taken for an order: \"%s\"", bad[i]);
  assert_int_equal(order_scan("end\0", 4, &o), 0);
  assert_int_equal(order_scan("spool a\0b", 9, &o), 0);
}

static void longest_name(void **state) {
  char line[ORDER_LINE] = "spool ";
  (void)state;
  memset(line + 6, 'n', ORDER_NAME - 1);
  assert_int_equal(scan(line), 1);
  assert_int_equal(strlen(o.name), ORDER_NAME - 1);
  line[6 + ORDER_NAME - 1] = 'n';
  assert_int_equal(scan(line), 0);
}

static void line_by_line(void **state) {
  struct orders r;
  int p[2];
  (void)state;
  assert_int_equal(pipe2(p, O_NONBLOCK), 0);
  orders_start(&r, p[0]);
  assert_int_equal(write(p[1], "spool a/0\ndone\ncom", 18), 18);
  assert_int_equal(orders_ready(&r), 0);
  assert_int_equal(orders_next(&r, &o), 1);
  assert_string_equal(o.name, "a/0");
  assert_int_equal(orders_ready(&r), 1);
  assert_int_equal(orders_next(&r, &o), 1);
  assert_int_equal(o.kind, ORDER_DONE);
  assert_int_equal(orders_ready(&r), 0);
  assert_int_equal(orders_next(&r, &o), -1);
  assert_int_equal(errno, EAGAIN);
  assert_int_equal(write(p[1], "mitted b 3\nen", 13), 13);
  assert_int_equal(orders_next(&r, &o), 1);
  assert_int_equal(o.kind, ORDER_COMMITTED);
  assert_string_equal(o.name, "b");
  assert_int_equal(o.index, 3);
  close(p[1]);
  assert_int_equal(orders_next(&r, &o), 0);
  assert_int_equal(orders_next(&r, &o), 0);
  close(p[0]);
}

/* A file that grows, a byte at a time; many more orders than the buffer has. */
static void a_file_that_grows(void **state) {
  struct orders r;
  char line[ORDER_LINE];
  int out = open("orders", O_WRONLY | O_CREAT | O_APPEND, 0600);
  int in = open("orders", O_RDONLY);
  (void)state;
  orders_start(&r, in);
  assert_int_equal(orders_next(&r, &o), 0);
  for (const char *s = "spool a/12\n"; *s; ++s) {
    assert_int_equal(orders_next(&r, &o), 0);
    assert_int_equal(write(out, s, 1), 1);
  }
  assert_int_equal(orders_next(&r, &o), 1);
  assert_string_equal(o.name, "a/12");
  for (int i = 0; i < 1000; ++i)
    dprintf(out, "commit " NAME " %d\n", i);
  for (uint32_t i = 0; i < 1000; ++i) {
    assert_int_equal(orders_next(&r, &o), 1);
    assert_int_equal(o.index, i);
    snprintf(line, sizeof line, "%s", o.name);
    assert_string_equal(line, NAME);
  }
  assert_int_equal(orders_next(&r, &o), 0);
  dprintf(out, "no order\nend\n");
  assert_int_equal(orders_next(&r, &o), -1);
  assert_int_equal(errno, EPROTO);
  assert_int_equal(orders_next(&r, &o), 1);
  assert_int_equal(o.kind, ORDER_END);
  close(in);
  close(out);
}

static void a_line_without_end(void **state) {
  struct orders r;
  int p[2];
  (void)state;
  assert_int_equal(pipe(p), 0);
  for (int i = 0; i < ORDER_LINE; ++i)
    assert_int_equal(write(p[1], "e", 1), 1);
  close(p[1]);
  orders_start(&r, p[0]);
  assert_int_equal(orders_next(&r, &o), -1);
  assert_int_equal(errno, EPROTO);
  close(p[0]);
  orders_start(&r, -1);
  assert_int_equal(orders_next(&r, &o), -1);
  assert_int_equal(errno, EBADF);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_kind),         cmocka_unit_test(no_orders),
      cmocka_unit_test(longest_name),      cmocka_unit_test(line_by_line),
      cmocka_unit_test(a_file_that_grows), cmocka_unit_test(a_line_without_end),
  };
  return cmocka_run_group_tests(tests, 0, 0);
}
