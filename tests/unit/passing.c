#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "passing.h"
#include "setup.h"

#define STAMP "@400000006a1b2c3d00000001"
#define ID "0123456789abcdef0123456789abcdef"
#define MD5 "5d41402abc4b2a76b9719d911017c592"
#define SHA "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
#define HEADER "Key: k\nHost: 10.0.0.1\nStamp: " STAMP "\n"

static struct passing p;

static int start(void **state) {
  if (in_store(state) < 0)
    return -1;
  return mkdir("md5/5d", 0755) < 0 || mkdir("head/5d", 0755) < 0 ? -1 : 0;
}

static int begin(void **state) {
  (void)state;
  memset(&p, 0x55, sizeof p);
  unlink("md5/5d/" MD5);
  unlink("head/5d/" MD5);
  return file_replace("md5/5d/" MD5, "hello", 5, 0444, 0);
}

static int end(void **state) {
  (void)state;
  passing_close(&p);
  return p.fd == -1 ? 0 : -1;
}

static void header_is(const char *want) {
  assert_int_equal(p.header_len, strlen(want));
  assert_memory_equal(p.header, want, p.header_len);
}

static void data_is(const char *want) {
  char got[16];
  assert_true(p.fd >= 0);
  assert_int_equal(pread(p.fd, got, sizeof got, 0), strlen(want));
  assert_memory_equal(got, want, strlen(want));
}

static void put_header(const char *text) {
  assert_int_equal(file_replace("head/5d/" MD5, text, strlen(text), 0644, 0),
                   0);
}

static void a_stored_chunk(void **state) {
  (void)state;
  put_header("key: a\nHost: 10.0.0.1\nKEY: b\nX-Other:  kept\nBackup-Host: h\n"
             "Content-Length: 5\nmd5hash: " MD5 "\nStamp: " STAMP
             "\nTTL: 9\nKey: c\nstored: " STAMP "\nTaken: " STAMP " " MD5
             "\nTAKEN: x\nSHA-256: " SHA "\n");
  assert_int_equal(passing_stored(&p, MD5), 1);
  header_is("key: a\nHost: 10.0.0.1\nX-Other:  kept\nBackup-Host: h\n"
            "Content-Length: 5\nmd5hash: " MD5 "\nStamp: " STAMP
            "\nTTL: 9\nSHA-256: " SHA "\n");
  assert_int_equal(p.has_trailer, 1);
  assert_string_equal(p.trailer.md5, MD5);
  assert_string_equal(p.trailer.sha256, SHA);
  assert_true(p.trailer.length == 5);
  assert_int_equal(p.alone, 0);
  assert_int_equal(p.pointless, 0);
  data_is("hello");
}

static void stored_but_not_all_there(void **state) {
  (void)state;
  assert_int_equal(passing_stored(&p, MD5), 0);
  put_header("Host: h\nStamp: " STAMP "\nContent-Length: 5\nmd5hash: " MD5
             "\nStored: " STAMP "\n");
  assert_int_equal(unlink("md5/5d/" MD5), 0);
  assert_int_equal(passing_stored(&p, MD5), 1);
  assert_int_equal(p.fd, -1);
  assert_string_equal(p.trailer.sha256, "");
  put_header("Host: h\nStamp: " STAMP "\n");
  assert_int_equal(passing_stored(&p, MD5), -1);
  assert_int_equal(errno, EPROTO);
}

static void commit(const char *name, const char *header, const char *flags,
                   const char *duty, unsigned targets) {
  struct commit_writer w;
  unlink(".df/commit/c");
  assert_int_equal(commit_start(&w, name, "s", ID, STAMP, "", 0), 0);
  for (unsigned t = 0; t < targets; ++t)
    assert_int_equal(commit_add_target(&w, t, "10.0.0.2:17478"), 0);
  assert_int_equal(commit_add_chunk(&w, ID, 3, "", "Host: x\n", 8), 0);
  assert_int_equal(commit_add_chunk(&w, MD5, 5, SHA, header, strlen(header)),
                   0);
  assert_int_equal(commit_finish(&w, flags, duty), 0);
}

static void a_chunk_of_a_commit(void **state) {
  struct commit c;
  (void)state;
  commit("c", HEADER, "++", "TT", 2);
  assert_int_equal(passing_commit(&p, "c", 1), 1);
  header_is(HEADER);
  assert_int_equal(p.has_trailer, 1);
  assert_string_equal(p.trailer.md5, MD5);
  assert_string_equal(p.trailer.sha256, SHA);
  assert_true(p.trailer.length == 5);
  assert_int_equal(p.alone, 0);
  assert_int_equal(p.pointless, 0);
  data_is("hello");
  passing_close(&p);
  assert_int_equal(commit_open(&c, "c"), 1);
  assert_int_equal(commit_note(&c, 0, 1, DUTY_DONE), 0);
  assert_int_equal(passing_commit(&p, "c", 1), 1);
  assert_int_equal(p.pointless, 0);
  passing_close(&p);
  assert_int_equal(commit_note(&c, 1, 1, DUTY_DONE), 0);
  commit_close(&c);
  assert_int_equal(passing_commit(&p, "c", 1), 1);
  assert_int_equal(p.pointless, 1);
  assert_int_equal(p.fd, -1);
  header_is(HEADER);
}

static void commits_of_other_kinds(void **state) {
  (void)state;
  assert_int_equal(passing_commit(&p, "none", 0), 0);
  assert_int_equal(p.fd, -1);
  commit("c", HEADER "Data: none\n", "++", "TT", 1);
  assert_int_equal(passing_commit(&p, "c", 1), 1);
  assert_int_equal(p.alone, 1);
  assert_int_equal(p.fd, -1);
  commit("c", HEADER, "+-", "TT", 1);
  assert_int_equal(passing_commit(&p, "c", 1), 1);
  assert_int_equal(p.pointless, 1);
  assert_int_equal(p.fd, -1);
  assert_int_equal(unlink("md5/5d/" MD5), 0);
  commit("c", HEADER, "++", "TT", 1);
  assert_int_equal(passing_commit(&p, "c", 1), 1);
  assert_int_equal(p.fd, -1);
  assert_int_equal(p.pointless, 0);
  errno = 0;
  assert_int_equal(passing_commit(&p, "c", 2), -1);
  assert_int_equal(errno, EPROTO);
  errno = 0;
  assert_int_equal(passing_commit(&p, "c", 0), -1); /* no header of a stream */
  assert_int_equal(errno, EPROTO);
  assert_int_equal(file_replace(".df/commit/c", "x", 1, 0600, 0), 0);
  assert_int_equal(passing_commit(&p, "c", 0), -1);
  assert_int_equal(errno, EPROTO);
}

static void a_spool_file_that_grows(void **state) {
  struct trailer t = {.md5 = MD5, .sha256 = SHA, .length = 5};
  struct spool s;
  char name[SPOOL_NAME + 16], path[SPOOL_PATH];
  int fd;
  (void)state;
  assert_int_equal(spool_open(&s), 0);
  snprintf(name, sizeof name, "%s/0", s.name);
  fd = spool_create(&s, 0);
  assert_int_equal(write(fd, "hel", 3), 3);
  assert_int_equal(spool_put_header(&s, 0, HEADER, strlen(HEADER)), 0);
  assert_int_equal(passing_spool(&p, name), 1);
  header_is(HEADER);
  assert_int_equal(p.has_trailer, 0);
  assert_int_equal(p.alone, 0);
  data_is("hel");
  assert_int_equal(passing_trailer(&p, name), 0);
  assert_int_equal(write(fd, "lo", 2), 2);
  data_is("hello");
  assert_int_equal(spool_put_trailer(&s, 0, &t), 0);
  assert_int_equal(passing_trailer(&p, name), 1);
  assert_string_equal(p.trailer.md5, MD5);
  assert_string_equal(p.trailer.sha256, SHA);
  assert_true(p.trailer.length == 5);
  assert_int_equal(passing_trailer(&p, name), 1);
  passing_close(&p);
  /* placed by now: its data stands under its MD5 */
  spool_drop(&s, 0);
  assert_int_equal(passing_spool(&p, name), 1);
  assert_int_equal(p.has_trailer, 1);
  data_is("hello");
  passing_close(&p);
  close(fd);
  /* given up: neither data nor trailer */
  assert_int_equal(spool_put_header(&s, 1, HEADER, strlen(HEADER)), 0);
  snprintf(name, sizeof name, "%s/1", s.name);
  assert_int_equal(passing_spool(&p, name), 1);
  header_is(HEADER);
  assert_int_equal(p.fd, -1);
  assert_int_equal(p.has_trailer, 0);
  assert_int_equal(passing_trailer(&p, name), 0);
  snprintf(name, sizeof name, "%s/2", s.name);
  assert_int_equal(passing_spool(&p, name), 0);
  spool_path(path, &s, 3, ".h");
  assert_int_equal(file_replace(path, "5:Host", 6, 0600, 0), 0);
  snprintf(name, sizeof name, "%s/3", s.name);
  assert_int_equal(passing_spool(&p, name), -1);
  assert_int_equal(errno, EPROTO);
  spool_close(&s);
}

/* A trailer of which only a part has been written is none yet. */
static void part_of_a_trailer(void **state) {
  char side[256], name[SPOOL_NAME + 16], path[SPOOL_PATH];
  struct spool s;
  size_t len, first;
  (void)state;
  assert_int_equal(spool_open(&s), 0);
  snprintf(name, sizeof name, "%s/0", s.name);
  spool_path(path, &s, 0, ".h");
  first =
      (size_t)snprintf(side, sizeof side, "%zu:%s,", strlen(HEADER), HEADER);
  len = first + (size_t)snprintf(side + first, sizeof side - first,
                                 "60:Content-Length: 5\nmd5hash: %s\n,", MD5);
  for (size_t n = 0; n <= len; ++n) {
    assert_int_equal(file_replace(path, side, n, 0600, 0), 0);
    if (n < first) {
      assert_int_equal(passing_spool(&p, name), -1);
      continue;
    }
    assert_int_equal(passing_spool(&p, name), 1);
    assert_int_equal(p.has_trailer, n == len);
    passing_close(&p);
  }
  spool_close(&s);
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)
  const struct CMUnitTest tests[] = {
      TEST(a_stored_chunk),          TEST(stored_but_not_all_there),
      TEST(a_chunk_of_a_commit),     TEST(commits_of_other_kinds),
      TEST(a_spool_file_that_grows), TEST(part_of_a_trailer),
  };
  return cmocka_run_group_tests(tests, start, 0);
}
