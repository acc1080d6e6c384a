#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "setup.h"
#include "taken.h"

#define ID "0123456789abcdef0123456789abcdef"
#define STAMP "@400000006a1b2c3d00000001"
#define LATER "@400000006a1b2c3d00000002"
#define A "5d41402abc4b2a76b9719d911017c592"
#define B "d41d8cd98f00b204e9800998ecf8427e"
#define LIST "a list, as it came"

static struct group g;
static struct spool spool = {.name = "other"};

static int begin(void **state) {
  (void)state;
  memset(&g, 0, sizeof g);
  g.spool = &spool;
  g.list = LIST;
  g.list_len = strlen(LIST);
  digest_md5(LIST, strlen(LIST), g.list_md5);
  return system("rm -rf .df/commit/* head/??");
}

/* A commit of two chunks: md5 with this Stamp second, flags as given. */
static void commit(const char *name, const char *md5, const char *stamp,
                   const char *list, const char *flags) {
  struct commit_writer w;
  char header[200];
  int n = snprintf(header, sizeof header, "Host: h\nStamp: %s\n", stamp);
  assert_int_equal(commit_start(&w, name, "s", ID, STAMP, list, strlen(list)),
                   0);
  assert_int_equal(commit_add_chunk(&w, "00000000000000000000000000000000", 1,
                                    "", header, (size_t)n),
                   0);
  assert_int_equal(commit_add_chunk(&w, md5, 1, "", header, (size_t)n), 0);
  assert_int_equal(commit_finish(&w, flags, "TT"), 0);
}

static void stored(const char *md5, const char *lines) {
  char path[STORE_MD5], text[2048];
  int n;
  store_header_dir(path, md5);
  assert_true(file_mkdir(path, 0755) >= 0);
  store_header(path, md5);
  n = snprintf(text, sizeof text,
               "Host: h\nStamp: " LATER "\nContent-Length: 5\nmd5hash: %s\n"
               "Stored: " LATER "\n%s",
               md5, lines);
  assert_int_equal(file_replace(path, text, (size_t)n, 0644, 0), 0);
}

static struct pending *add(const char *md5, const char *stamp, int outcome) {
  struct pending *p = &g.p[g.n++];
  memset(p, 0, sizeof *p);
  memcpy(p->md5, md5, sizeof p->md5);
  memcpy(p->stamp, stamp, sizeof p->stamp);
  p->outcome = (unsigned char)outcome;
  return p;
}

static void in_a_commit(void **state) {
  const struct pending *a = add(A, STAMP, OUTCOME_DUPLICATE);
  const struct pending *b = add(B, STAMP, OUTCOME_DUPLICATE);
  const struct pending *later = add(A, LATER, OUTCOME_DUPLICATE);
  const struct pending *again = add(A, STAMP, OUTCOME_DUPLICATE);
  const struct pending *new = add(A, STAMP, OUTCOME_STORED);
  const struct pending *other = add(A, STAMP, OUTCOME_COLLISION);
  (void)state;
  commit("c", A, STAMP, LIST, "++");
  assert_int_equal(taken_find(&g), 0);
  assert_int_equal(a->taken, 1);
  assert_string_equal(a->taken_name, "c");
  assert_int_equal(a->taken_index, 1);
  assert_int_equal(again->taken, 1);
  assert_int_equal(b->taken, 0);
  assert_int_equal(later->taken, 0);
  assert_int_equal(new->taken, 0);
  assert_int_equal(other->taken, 0);
}

static void void_or_another_list(void **state) {
  const struct pending *a = add(A, STAMP, OUTCOME_DUPLICATE);
  (void)state;
  commit("a", A, STAMP, LIST, "+-");
  commit("b", A, STAMP, LIST " ", "++");
  commit("c", A, STAMP, "a list, as it camf", "++");
  commit("d", A, STAMP, "", "++");
  assert_int_equal(taken_find(&g), 0);
  assert_int_equal(a->taken, 0);
  assert_string_equal(a->taken_name, "");
}

static void among_many_commits(void **state) {
  const struct pending *a, *b;
  char name[COMMIT_NAME];
  (void)state;
  for (int i = 0; i < 50; ++i) {
    snprintf(name, sizeof name, "n%d", i);
    commit(name, i == 33 ? A : i == 7 ? B : LATER "0000000", STAMP, LIST, "++");
  }
  a = add(A, STAMP, OUTCOME_DUPLICATE);
  b = add(B, STAMP, OUTCOME_DUPLICATE);
  assert_int_equal(taken_find(&g), 0);
  assert_string_equal(a->taken_name, "n33");
  assert_string_equal(b->taken_name, "n7");
}

static void in_the_stored_header(void **state) {
  const struct pending *a = add(A, STAMP, OUTCOME_DUPLICATE);
  const struct pending *b = add(B, STAMP, OUTCOME_DUPLICATE);
  char lines[400];
  (void)state;
  snprintf(lines, sizeof lines, "Taken: %s %s\nTaken: %s %s\n", LATER,
           g.list_md5, STAMP, g.list_md5);
  stored(A, lines);
  snprintf(lines, sizeof lines, "Taken: %s %s\nTaken: %s %s\nTaken: %s\n",
           LATER, g.list_md5, STAMP, A, STAMP);
  stored(B, lines);
  assert_int_equal(taken_find(&g), 0);
  assert_int_equal(a->taken, 1);
  assert_string_equal(a->taken_name, "");
  assert_int_equal(b->taken, 0);
}

/* Whose relays have the duties: those of the commit's stream. */
static void kept_by_this_stream(void **state) {
  static struct spool own = {.name = "s"};
  const struct pending *a = add(A, STAMP, OUTCOME_DUPLICATE);
  (void)state;
  commit("c", A, STAMP, LIST, "++");
  assert_int_equal(taken_find(&g), 0);
  assert_int_equal(a->taken, 1);
  assert_int_equal(a->kept, 0);
  g.n = 0;
  a = add(A, STAMP, OUTCOME_DUPLICATE);
  g.spool = &own;
  assert_int_equal(taken_find(&g), 0);
  assert_int_equal(a->taken, 1);
  assert_int_equal(a->kept, 1);
}

/* The duties that are open stand in the commit: it is asked first. */
static void the_commit_first(void **state) {
  const struct pending *a = add(A, STAMP, OUTCOME_DUPLICATE);
  char lines[400];
  (void)state;
  snprintf(lines, sizeof lines, "Taken: %s %s\n", STAMP, g.list_md5);
  stored(A, lines);
  commit("c", A, STAMP, LIST, "++");
  assert_int_equal(taken_find(&g), 0);
  assert_int_equal(a->taken, 1);
  assert_string_equal(a->taken_name, "c");
}

static void failures(void **state) {
  (void)state;
  add(A, STAMP, OUTCOME_STORED);
  assert_int_equal(file_replace(".df/commit/x", "x", 1, 0600, 0), 0);
  assert_int_equal(taken_find(&g), 0); /* nothing has to be known */
  add(A, STAMP, OUTCOME_DUPLICATE);
  assert_int_equal(taken_find(&g), -1);
  assert_int_equal(errno, EPROTO);
  assert_int_equal(unlink(".df/commit/x"), 0);
  assert_int_equal(file_replace(".df/commit/.x", "x", 1, 0600, 0), 0);
  assert_int_equal(taken_find(&g), 0);
  assert_int_equal(unlink(".df/commit/.x"), 0);
  assert_int_equal(rename(".df/commit", ".df/away"), 0);
  assert_int_equal(taken_find(&g), -1);
  assert_int_equal(errno, ENOENT);
  assert_int_equal(rename(".df/away", ".df/commit"), 0);
  stored(A, "");
  assert_int_equal(truncate("head/5d/" A, HEADER_MAX + 1), 0);
  assert_int_equal(taken_find(&g), -1);
  assert_int_equal(errno, EFBIG);
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup(f, begin)
  const struct CMUnitTest tests[] = {
      TEST(in_a_commit),
      TEST(void_or_another_list),
      TEST(among_many_commits),
      TEST(in_the_stored_header),
      TEST(kept_by_this_stream),
      TEST(the_commit_first),
      TEST(failures),
  };
  return cmocka_run_group_tests(tests, in_store, 0);
}
