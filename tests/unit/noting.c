#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "commit.h"
#include "noting.h"
#include "setup.h"

#define STORED "@400000006a1b2c3d00000001"
#define ID "0123456789abcdef0123456789abcdef"
#define HEADER "Host: 10.0.0.1\nStamp: " STORED "\n"
#define A "10.0.0.2:17478"
#define B "[2001:db8::2]:17478"

/* Of four chunks, of 1, 2, 3 and 4 bytes, the third is void. */
static void make(const char *name, char md5, const char *duty) {
  struct commit_writer w;
  char hex[MD5_HEX + 1];
  assert_int_equal(commit_start(&w, name, "s", ID, STORED, "", 0), 0);
  assert_int_equal(commit_add_target(&w, 0, A), 0);
  assert_int_equal(commit_add_target(&w, 1, B), 0);
  for (uint64_t i = 1; i <= 4; ++i) {
    snprintf(hex, sizeof hex, "%c%031u", md5, (unsigned)i);
    assert_int_equal(commit_add_chunk(&w, hex, i, "", HEADER, strlen(HEADER)),
                     0);
  }
  assert_int_equal(commit_finish(&w, "++-+", duty), 0);
}

static int made(void **state) {
  (void)state;
  unlink(".df/commit/a");
  unlink(".df/commit/b");
  make("a", 'a', "TTDT");
  make("b", 'b', "TTDT");
  return 0;
}

static void duties(const char *name, const char *of_a, const char *of_b) {
  struct commit c;
  assert_int_equal(commit_open(&c, name), 1);
  for (uint32_t i = 0; i < 4; ++i) {
    assert_int_equal(commit_duty(&c, 0, i), of_a[i]);
    assert_int_equal(commit_duty(&c, 1, i), of_b[i]);
  }
  commit_close(&c);
}

static int done(struct noting *n, const char *orders, const char *target) {
  int r, e, fd = open("orders", O_RDWR | O_CREAT | O_TRUNC, 0600);
  assert_int_equal(file_write(fd, orders, strlen(orders)), 0);
  memset(n, 0x55, sizeof *n);
  r = noting_done(n, fd, target);
  e = errno;
  close(fd);
  errno = e;
  return r;
}

static void all_of_a_commit(void **state) {
  struct noting n;
  (void)state;
  assert_int_equal(done(&n, "spool s/0\ndone\ncommitted a\nend\n", A), 0);
  duties("a", "DDDD", "TTDT");
  duties("b", "TTDT", "TTDT");
  assert_true(n.chunks == 3);
  assert_true(n.bytes == 7);
  assert_memory_equal(n.md5, "a000", 4);
  assert_string_equal(n.md5 + 31, "4");
  assert_int_equal(done(&n, "committed a\n", A), 0);
  assert_true(n.chunks == 0 && n.bytes == 0);
  assert_string_equal(n.md5, "");
  assert_int_equal(done(&n, "committed a\ncommitted b\n", B), 0);
  duties("a", "DDDD", "DDDD");
  duties("b", "TTDT", "DDDD");
  assert_true(n.chunks == 6);
  assert_true(n.bytes == 14);
}

static void one_chunk_of_it(void **state) {
  struct noting n;
  (void)state;
  assert_int_equal(done(&n, "committed b 1\ncommitted a 0\n", A), 0);
  duties("a", "DTDT", "TTDT");
  duties("b", "TDDT", "TTDT");
  assert_true(n.chunks == 2);
  assert_true(n.bytes == 3);
  assert_int_equal(done(&n, "committed b 2\ncommitted b 99\n", A), 0);
  duties("b", "TDDT", "TTDT");
  assert_true(n.chunks == 0);
}

static void whatever_was_left(void **state) {
  struct noting n;
  struct commit c;
  (void)state;
  assert_int_equal(commit_open(&c, "a"), 1);
  assert_int_equal(commit_note(&c, 0, 0, DUTY_TAKEN_OVER), 0);
  assert_int_equal(commit_note(&c, 0, 1, DUTY_GIVEN_UP), 0);
  commit_close(&c);
  assert_int_equal(done(&n, "committed a\n", A), 0);
  duties("a", "DDDD", "TTDT");
}

static void only_what_was_committed(void **state) {
  struct noting n;
  (void)state;
  assert_int_equal(done(&n, "commit a 0\nspool s/0\nlost\nend\n", A), 0);
  assert_true(n.chunks == 0);
  duties("a", "TTDT", "TTDT");
  assert_int_equal(done(&n, "committed a\n", "10.0.0.9:17478"), 0);
  assert_int_equal(done(&n, "committed a\n", "10.0.0.2:1747"), 0);
  assert_int_equal(done(&n, "committed a\n", "10.0.0.2:174789"), 0);
  duties("a", "TTDT", "TTDT");
  assert_true(n.chunks == 0);
  assert_int_equal(done(&n, "committed none\ncommitted a\n", A), 0);
  assert_true(n.chunks == 3);
}

static void the_last_one_settles(void **state) {
  struct noting n;
  struct commit c;
  (void)state;
  assert_int_equal(done(&n, "committed a\n", A), 0);
  assert_int_equal(done(&n, "committed a\n", B), 0);
  duties("a", "DDDD", "DDDD"); /* it has not been published */
  assert_int_equal(commit_open(&c, "b"), 1);
  assert_int_equal(commit_mark_published(&c), 0);
  commit_close(&c);
  assert_int_equal(done(&n, "committed b\n", A), 0);
  assert_int_equal(access(".df/commit/b", F_OK), 0);
  assert_int_equal(done(&n, "committed b\n", B), 0);
  assert_int_equal(access(".df/commit/b", F_OK), -1);
}

/* One that cannot be noted does not keep others from it. */
static void failures(void **state) {
  struct noting n;
  (void)state;
  assert_int_equal(file_replace(".df/commit/x", "x", 1, 0600, 0), 0);
  errno = 0;
  assert_int_equal(done(&n, "committed x\ncommitted a\n", A), -1);
  assert_int_equal(errno, EPROTO);
  duties("a", "DDDD", "TTDT");
  assert_true(n.chunks == 3);
  assert_int_equal(unlink(".df/commit/x"), 0);
  assert_int_equal(done(&n, "committed b 0\nno order\n", A), -1);
  assert_int_equal(errno, EPROTO);
  duties("b", "DTDT", "TTDT");
  assert_int_equal(noting_done(&n, -1, A), -1);
  assert_int_equal(errno, EBADF);
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup(f, made)
  const struct CMUnitTest tests[] = {
      TEST(all_of_a_commit),      TEST(one_chunk_of_it),
      TEST(whatever_was_left),    TEST(only_what_was_committed),
      TEST(the_last_one_settles), TEST(failures),
  };
  return cmocka_run_group_tests(tests, in_store, 0);
}
