#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

#include "commit.h"
#include "list.h"
#include "setup.h"

#define ID "0123456789abcdef0123456789abcdef"
#define STORED "@400000006a1b2c3d00000001"
#define STREAM STORED ".4711"
#define MD5 "5d41402abc4b2a76b9719d911017c592"
#define SHA "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
#define HEADER "Host: 10.0.0.1\nStamp: " STORED "\n"

/* Which fsync fails (1: the next one); 0: none. */
static int failing;

int fsync(int fd) {
  if (failing && !--failing) {
    errno = EIO;
    return -1;
  }
  return (int)syscall(SYS_fsync, fd);
}

static void begin(struct commit_writer *w, const char *name, unsigned targets) {
  char text[LIST_TEXT];
  assert_int_equal(commit_start(w, name, STREAM, ID, STORED, "\0list\n,", 7),
                   0);
  for (unsigned t = 0; t < targets; ++t) {
    snprintf(text, sizeof text, "10.0.0.%u:17478", t);
    assert_int_equal(commit_add_target(w, 2 * t, text), 0);
  }
}

static void add(struct commit_writer *w, uint64_t length, const char *sha) {
  assert_int_equal(
      commit_add_chunk(w, MD5, length, sha, HEADER, strlen(HEADER)), 0);
}

static void stamps(void **state) {
  struct commit_writer w;
  struct commit c;
  struct stat st;
  (void)state;
  begin(&w, "stamped", 1);
  add(&w, 1, "");
  assert_int_equal(fstat(w.fd, &st), 0);
  assert_int_equal(st.st_size, 0); /* it is held */
  assert_int_equal(commit_flush(&w), 0);
  assert_int_equal(fstat(w.fd, &st), 0);
  assert_int_equal(st.st_size, w.size);
  assert_int_equal(commit_stamp(&w, "@400000006a1b2c3dffffffff"), 0);
  assert_int_equal(commit_finish(&w, "+", "T"), 0);
  assert_int_equal(commit_open(&c, "stamped"), 1);
  assert_string_equal(c.stored, "@400000006a1b2c3dffffffff");
  assert_int_equal(c.list_len, 7);
  assert_memory_equal(c.list, "\0list\n,", 7);
  commit_close(&c);
  assert_int_equal(unlink(".df/commit/stamped"), 0);
}

static void made(const char *name, unsigned targets, const char *flags,
                 const char *duty) {
  struct commit_writer w;
  begin(&w, name, targets);
  for (const char *f = flags; *f; ++f)
    add(&w, 5, "");
  assert_int_equal(commit_finish(&w, flags, duty), 0);
}

static void comes_back(void **state) {
  struct commit_writer w;
  struct commit c;
  struct commit_target t;
  struct commit_chunk k;
  size_t at;
  (void)state;
  begin(&w, "a", 2);
  add(&w, UINT64_C(999999999999999999), SHA);
  add(&w, 0, "");
  assert_int_equal(names_in(".df/commit"), 0);
  assert_int_equal(commit_open(&c, "a"), 0);
  assert_int_equal(commit_finish(&w, "+-", "TD"), 0);
  assert_int_equal(names_in(".df/tmp"), 0);
  commit_cancel(&w);
  assert_int_equal(commit_open(&c, "a"), 1);
  assert_string_equal(c.name, "a");
  assert_int_equal(c.chunks, 2);
  assert_int_equal(c.targets, 2);
  assert_int_equal(c.stream_len, strlen(STREAM));
  assert_memory_equal(c.stream, STREAM, strlen(STREAM));
  assert_memory_equal(c.id, ID, 32);
  assert_string_equal(c.stored, STORED);
  assert_int_equal(c.list_len, 7);
  assert_memory_equal(c.list, "\0list\n,", 7);
  assert_int_equal(commit_published(&c), 0);
  at = c.targets_at;
  assert_int_equal(commit_next_target(&c, &at, &t), 1);
  assert_int_equal(t.entry, 0);
  assert_int_equal(t.text_len, 14);
  assert_memory_equal(t.text, "10.0.0.0:17478", 14);
  assert_int_equal(commit_next_target(&c, &at, &t), 1);
  assert_int_equal(t.entry, 2);
  assert_memory_equal(t.text, "10.0.0.1:17478", 14);
  assert_int_equal(at, c.chunks_at);
  assert_int_equal(commit_next_chunk(&c, &at, 0, &k), 1);
  assert_memory_equal(k.md5, MD5, 32);
  assert_true(k.length == UINT64_C(999999999999999999));
  assert_int_equal(k.sha256_len, 64);
  assert_memory_equal(k.sha256, SHA, 64);
  assert_int_equal(k.header_len, strlen(HEADER));
  assert_memory_equal(k.header, HEADER, strlen(HEADER));
  assert_int_equal(k.is_void, 0);
  assert_int_equal(commit_next_chunk(&c, &at, 1, &k), 1);
  assert_true(k.length == 0);
  assert_int_equal(k.sha256_len, 0);
  assert_int_equal(k.is_void, 1);
  assert_int_equal(commit_next_chunk(&c, &at, 2, &k), -1);
  assert_int_equal(errno, EPROTO);
  for (uint32_t i = 0; i < 2; ++i) {
    assert_int_equal(commit_duty(&c, i, 0), DUTY_TODO);
    assert_int_equal(commit_duty(&c, i, 1), DUTY_DONE);
  }
  commit_close(&c);
}

static void the_greatest(void **state) {
  char flags[COMMIT_CHUNKS], duty[COMMIT_CHUNKS];
  struct commit_writer w;
  struct commit_chunk k;
  struct commit c;
  size_t at;
  (void)state;
  begin(&w, "great", 3);
  for (uint32_t i = 0; i < COMMIT_CHUNKS; ++i) {
    add(&w, i, "");
    flags[i] = i % 3 ? '+' : '-';
    duty[i] = i % 5 ? 'T' : 'D';
  }
  assert_int_equal(commit_finish(&w, flags, duty), 0);
  assert_int_equal(commit_open(&c, "great"), 1);
  at = c.chunks_at;
  for (uint32_t i = 0; i < COMMIT_CHUNKS; ++i) {
    assert_int_equal(commit_next_chunk(&c, &at, i, &k), 1);
    assert_true(k.length == i);
    assert_int_equal(k.is_void, i % 3 == 0);
    assert_int_equal(commit_duty(&c, 2, i), duty[i]);
  }
  commit_close(&c);
  unlink(".df/commit/great");
}

/* Each note is one byte, and whoever has it open sees it. */
static void notes(void **state) {
  struct commit a, b;
  (void)state;
  made("n", 3, "++", "TT");
  assert_int_equal(commit_open(&a, "n"), 1);
  assert_int_equal(commit_open(&b, "n"), 1);
  assert_int_equal(commit_note(&a, 1, 0, DUTY_TAKEN_OVER), 0);
  assert_int_equal(commit_note(&b, 2, 1, DUTY_GIVEN_UP), 0);
  for (int i = 0; i < 2; ++i) {
    struct commit *c = i ? &a : &b;
    for (uint32_t t = 0; t < 3; ++t)
      for (uint32_t k = 0; k < 2; ++k)
        assert_int_equal(commit_duty(c, t, k), t == 1 && k == 0   ? 'B'
                                               : t == 2 && k == 1 ? 'X'
                                                                  : 'T');
  }
  assert_int_equal(commit_note(&a, 3, 0, DUTY_DONE), -1);
  assert_int_equal(errno, EPROTO);
  assert_int_equal(commit_note(&a, 0, 2, DUTY_DONE), -1);
  assert_int_equal(errno, EPROTO);
  assert_int_equal(commit_mark_published(&a), 0);
  assert_int_equal(commit_published(&b), 1);
  assert_int_equal(commit_duty(&b, 0, 0), 'T');
  commit_close(&a);
  commit_close(&b);
  unlink(".df/commit/n");
}

static int settle(const char *name) {
  struct commit c;
  int r;
  assert_int_equal(commit_open(&c, name), 1);
  r = commit_settle(&c);
  commit_close(&c);
  assert_int_equal(access(".df/commit/s", F_OK), r == 1 ? -1 : 0);
  return r;
}

static void note(uint32_t target, uint32_t chunk, enum duty duty) {
  struct commit c;
  assert_int_equal(commit_open(&c, "s"), 1);
  assert_int_equal(commit_note(&c, target, chunk, duty), 0);
  commit_close(&c);
}

static void publish(void) {
  struct commit c;
  assert_int_equal(commit_open(&c, "s"), 1);
  assert_int_equal(commit_mark_published(&c), 0);
  commit_close(&c);
}

static void settled_when_published_last(void **state) {
  (void)state;
  made("s", 2, "+-+", "TTT");
  assert_int_equal(settle("s"), 0);
  for (uint32_t t = 0; t < 2; ++t)
    for (uint32_t i = 0; i < 3; i += 2) {
      note(t, i, DUTY_DONE);
      assert_int_equal(settle("s"), 0);
    }
  publish();
  assert_int_equal(settle("s"), 1);
}

static void settled_when_done_last(void **state) {
  static const enum duty left[] = {DUTY_TODO, DUTY_TAKEN_OVER, DUTY_GIVEN_UP};
  (void)state;
  made("s", 2, "++", "DT");
  publish();
  for (int i = 0; i < 3; ++i) {
    note(0, 1, left[i]);
    assert_int_equal(settle("s"), 0);
    note(1, 1, DUTY_DONE);
    assert_int_equal(settle("s"), 0);
  }
  note(0, 1, DUTY_DONE);
  assert_int_equal(settle("s"), 1);
}

static void settled_without_targets(void **state) {
  struct commit a, b;
  (void)state;
  made("s", 0, "+", "T");
  assert_int_equal(settle("s"), 0);
  publish();
  assert_int_equal(commit_open(&a, "s"), 1);
  assert_int_equal(commit_open(&b, "s"), 1);
  assert_int_equal(commit_settle(&a), 1);
  assert_int_equal(commit_settle(&b), 1); /* gone already */
  commit_close(&a);
  commit_close(&b);
  assert_int_equal(commit_open(&a, "s"), 0);
}

static void settle_syncs_first(void **state) {
  struct commit c;
  (void)state;
  made("s", 1, "+", "D");
  publish();
  assert_int_equal(commit_open(&c, "s"), 1);
  failing = 1;
  assert_int_equal(commit_settle(&c), -1);
  assert_int_equal(failing, 0);
  assert_int_equal(errno, EIO);
  assert_int_equal(access(".df/commit/s", F_OK), 0);
  commit_close(&c);
  assert_int_equal(settle("s"), 1);
}

static void cancelled(void **state) {
  struct commit_writer w;
  int n = names_in(".df/commit");
  (void)state;
  begin(&w, "x", 1);
  add(&w, 5, "");
  assert_int_equal(names_in(".df/tmp"), 1);
  commit_cancel(&w);
  assert_int_equal(names_in(".df/tmp"), 0);
  assert_int_equal(names_in(".df/commit"), n);
  commit_cancel(&w);
}

/* After any failure there is neither a commit nor a file aside; what stands
 * under the name stays. */
static void finish_fails_whole(void **state) {
  struct commit_writer w;
  struct commit c;
  int n = names_in(".df/commit");
  (void)state;
  for (int at = 1; at <= 2; ++at) {
    begin(&w, "x", 1);
    add(&w, 5, "");
    failing = at;
    errno = 0;
    assert_int_equal(commit_finish(&w, "+", "T"), -1);
    assert_int_equal(failing, 0);
    assert_int_equal(errno, EIO);
    assert_int_equal(names_in(".df/tmp"), 0);
    assert_int_equal(names_in(".df/commit"), n);
    assert_int_equal(commit_open(&c, "x"), 0);
  }
  made("x", 1, "++", "TD");
  begin(&w, "x", 1);
  add(&w, 5, "");
  assert_int_equal(commit_finish(&w, "+", "T"), -1);
  assert_int_equal(errno, EEXIST);
  assert_int_equal(names_in(".df/tmp"), 0);
  assert_int_equal(commit_open(&c, "x"), 1);
  assert_int_equal(c.chunks, 2);
  commit_close(&c);
  unlink(".df/commit/x");
  assert_int_equal(rename(".df/tmp", ".df/away"), 0);
  assert_int_equal(commit_start(&w, "x", STREAM, ID, STORED, "", 0), -1);
  assert_int_equal(errno, ENOENT);
  commit_cancel(&w);
  assert_int_equal(rename(".df/away", ".df/tmp"), 0);
}

/* So that all that is walked over is really read. */
static volatile size_t seen;

/* Opens and walks whatever stands under the name: 1, or -1 with EPROTO. */
static int walked(const char *name) {
  struct commit c;
  struct commit_target t;
  struct commit_chunk k;
  size_t sum = 0;
  size_t at;
  int r;
  errno = 0;
  r = commit_open(&c, name);
  if (r == 1) {
    at = c.targets_at;
    for (uint32_t i = 0; r == 1 && i < c.targets; ++i)
      if ((r = commit_next_target(&c, &at, &t)) == 1)
        for (size_t j = 0; j < t.text_len; ++j)
          sum += (unsigned char)t.text[j];
    at = c.chunks_at;
    for (uint32_t i = 0; r == 1 && i < c.chunks; ++i)
      if ((r = commit_next_chunk(&c, &at, i, &k)) == 1) {
        for (size_t j = 0; j < k.header_len; ++j)
          sum += (unsigned char)k.header[j];
        for (size_t j = 0; j < k.sha256_len; ++j)
          sum += (unsigned char)k.sha256[j];
        for (uint32_t j = 0; j < c.targets; ++j)
          sum += (unsigned char)commit_duty(&c, j, i);
        for (int j = 0; j < MD5_HEX; ++j)
          sum += (unsigned char)k.md5[j];
      }
    for (size_t j = 0; j < c.list_len; ++j)
      sum += (unsigned char)c.list[j];
    commit_close(&c);
  }
  if (r < 0)
    assert_int_equal(errno, EPROTO);
  seen = sum;
  return r;
}

static char whole[4096];
static size_t whole_len;

static void put(const void *p, size_t len) {
  int fd = open(".df/commit/bad", O_WRONLY | O_CREAT | O_TRUNC, 0600);
  assert_true(fd >= 0);
  assert_int_equal(file_write(fd, p, len), 0);
  close(fd);
}

static void load(void) {
  struct commit_writer w;
  ssize_t len;
  begin(&w, "whole", 2);
  add(&w, 12345, SHA);
  add(&w, 6, "");
  assert_int_equal(commit_finish(&w, "++", "TT"), 0);
  len = file_read(".df/commit/whole", whole, sizeof whole);
  assert_true(len > 0);
  whole_len = (size_t)len;
}

static void cut_anywhere(void **state) {
  (void)state;
  load();
  put(whole, whole_len);
  assert_int_equal(walked("bad"), 1);
  for (size_t n = whole_len; n--;) {
    assert_int_equal(truncate(".df/commit/bad", (off_t)n), 0);
    if (walked("bad") != -1)
      fail_msg("%zu of %zu bytes are taken for a commit", n, whole_len);
  }
  whole[whole_len] = 'T';
  put(whole, whole_len + 1);
  assert_int_equal(walked("bad"), -1);
}

static void any_byte_changed(void **state) {
  static const char other[] = {0, '\xff', '0', '9', ':', ',', ' ', '+', 'T'};
  int fd;
  (void)state;
  put(whole, whole_len);
  fd = open(".df/commit/bad", O_WRONLY);
  for (size_t n = 0; n < whole_len; ++n) {
    for (size_t i = 0; i < sizeof other; ++i) {
      assert_int_equal(pwrite(fd, other + i, 1, (off_t)n), 1);
      walked("bad");
    }
    assert_int_equal(pwrite(fd, whole + n, 1, (off_t)n), 1);
  }
  close(fd);
  assert_int_equal(walked("bad"), 1);
}

static void what_is_no_commit(void **state) {
  static char big[2048];
  struct commit c;
  char text[200];
  (void)state;
  memset(text, '0', sizeof text);
  put(text, sizeof text);
  assert_int_equal(walked("bad"), -1);
  snprintf(text, sizeof text, "DFC1 N %08u %08u %012u\n", 0, 0, 38);
  put(text, 38);
  assert_int_equal(walked("bad"), -1);
  snprintf(text, sizeof text, "DFC1 N %08u %08u %012u\n", 1025, 0, 38);
  put(text, 38);
  assert_int_equal(walked("bad"), -1);
  put("x", 1);
  assert_int_equal(walked("bad"), -1);
  for (int n = COMMIT_CHUNKS; n <= COMMIT_CHUNKS + 1; ++n) { /* one too many */
    int len = snprintf(big, sizeof big,
                       "DFC1 N %08d %08u %012u\n0:,32:" ID ",25:" STORED ",0:,",
                       n, 0, 109);
    assert_int_equal(len, 109);
    memset(big + len, '+', (size_t)n);
    put(big, (size_t)(len + n));
    assert_int_equal(commit_open(&c, "bad"), n > COMMIT_CHUNKS ? -1 : 1);
    if (n <= COMMIT_CHUNKS)
      commit_close(&c);
  }
  /* An id of another length. */
  snprintf(big, sizeof big,
           "DFC1 N %08d %08u %012u\n0:,31:%.31s,25:" STORED ",0:,", 0, 0, 108,
           ID);
  put(big, 108);
  assert_int_equal(walked("bad"), -1);
  assert_int_equal(commit_open(&c, "none"), 0);
  assert_int_equal(symlink("whole", ".df/commit/link"), 0);
  assert_int_equal(commit_open(&c, "link"), -1);
  assert_int_equal(errno, ELOOP);
  assert_int_equal(mkdir(".df/commit/dir", 0700), 0);
  assert_int_equal(commit_open(&c, "dir"), -1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(comes_back),
      cmocka_unit_test(stamps),
      cmocka_unit_test(the_greatest),
      cmocka_unit_test(notes),
      cmocka_unit_test(settled_when_published_last),
      cmocka_unit_test(settled_when_done_last),
      cmocka_unit_test(settled_without_targets),
      cmocka_unit_test(settle_syncs_first),
      cmocka_unit_test(cancelled),
      cmocka_unit_test(finish_fails_whole),
      cmocka_unit_test(cut_anywhere),
      cmocka_unit_test(any_byte_changed),
      cmocka_unit_test(what_is_no_commit),
  };
  return cmocka_run_group_tests(tests, in_store, 0);
}
