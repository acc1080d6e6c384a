#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "netstring.h"
#include "stream.h"

#define ID "0123456789abcdef0123456789abcdef"
#define STAMP "@400000006a1b2c3d00000001"
#define MD5 "5d41402abc4b2a76b9719d911017c592"
#define HEADER "Host: 10.0.0.1\nStamp: " STAMP "\n"
#define TRAILER "Content-Length: 5\nmd5hash: " MD5 "\n"
#define BEGIN "3:DF1,32:" ID ",0:,"

/* What the op gives: up to step bytes at a time, an EINTR before each, then end
 * of file or an errno. */
struct source {
  const char *p;
  size_t len, at, step;
  int interrupt, error;
};

static struct source from;
static struct stream s;
static char id[STREAM_ID + 1], list[LIST_MAX], header[HEADER_MAX];
static size_t list_len, header_len;
static struct header h;
static struct trailer t;

static ssize_t op(void *context, void *p, size_t len) {
  struct source *o = context;
  size_t n = o->len - o->at;
  assert_true(len > 0);
  if (o->interrupt ^= 1) {
    errno = EINTR;
    return -1;
  }
  if (!n && o->error) {
    errno = o->error;
    return -1;
  }
  if (n > len)
    n = len;
  if (n > o->step)
    n = o->step;
  memcpy(p, o->p + o->at, n);
  o->at += n;
  return (ssize_t)n;
}

static void feed(const char *p, size_t len, size_t step) {
  from = (struct source){.p = p, .len = len, .step = step};
  stream_start(&s, op, &from);
}

/* A whole stream to its end of file. data (max bytes) gets all chunks' data.
 * 1; -1. */
static int run(char *data, size_t max, size_t *got, int *chunks, int *given) {
  const char *p;
  size_t len;
  int r;
  *got = 0;
  *chunks = *given = 0;
  if (stream_begin(&s, id, list, &list_len) < 0)
    return -1;
  while ((r = stream_header(&s, header, &header_len, &h)) == 1) {
    while ((r = stream_data(&s, &p, &len)) == 1) {
      assert_true(len > 0);
      assert_true(*got + len <= max);
      memcpy(data + *got, p, len);
      *got += len;
    }
    if (r < 0)
      return -1;
    r = stream_trailer(&s, &t);
    if (r < 0)
      return -1;
    *given += r;
    ++*chunks;
  }
  return r < 0 ? -1 : stream_eof(&s);
}

static int all(const char *text, size_t len, size_t step) {
  static char data[1024];
  size_t got;
  int chunks, given;
  feed(text, len, step);
  return run(data, sizeof data, &got, &chunks, &given);
}

static char text[4096];
static size_t text_len;

static void put(const char *p, size_t len) {
  assert_true(text_len + len + 12 < sizeof text);
  text_len += netstring_put(text + text_len, p, len);
}

static void puts_(const char *p) {
  put(p, strlen(p));
}

/* Two blocks, no block, given up. */
static void make(void) {
  text_len = 0;
  puts_("DF1");
  puts_(ID);
  put("\0\0\0\x0b\x04\x0a\0\0\x01\x44\x46\0\0\0\0", 15);
  puts_(HEADER);
  put("hel", 3);
  put("lo", 2);
  puts_("");
  puts_(TRAILER);
  puts_(HEADER "X-Other: 1\n");
  puts_("");
  puts_(TRAILER);
  puts_(HEADER);
  put("\0,\n", 3);
  puts_("");
  puts_("");
  puts_("");
}

static void in_any_pieces(void **state) {
  char data[64];
  size_t got;
  int chunks, given;
  (void)state;
  make();
  for (size_t step = 1; step <= text_len; ++step) {
    feed(text, text_len, step);
    assert_int_equal(run(data, sizeof data, &got, &chunks, &given), 1);
    assert_string_equal(id, ID);
    assert_int_equal(list_len, 15);
    assert_memory_equal(list, "\0\0\0\x0b\x04\x0a", 6);
    assert_int_equal(chunks, 3);
    assert_int_equal(given, 2);
    assert_int_equal(got, 8);
    assert_memory_equal(data, "hello\0,\n", 8);
    assert_int_equal(header_len, 0);
    assert_string_equal(h.stamp, STAMP);
    assert_true(s.bytes == text_len);
    assert_null(s.why);
  }
}

static void header_and_trailer(void **state) {
  const char *p;
  size_t len;
  (void)state;
  make();
  feed(text, text_len, text_len);
  assert_int_equal(stream_ready(&s), 0);
  assert_int_equal(stream_begin(&s, id, list, &list_len), 1);
  assert_int_equal(stream_ready(&s), 1);
  assert_int_equal(stream_header(&s, header, &header_len, &h), 1);
  assert_int_equal(header_len, strlen(HEADER));
  assert_memory_equal(header, HEADER, strlen(HEADER));
  assert_int_equal(h.host_len, 8);
  while (stream_data(&s, &p, &len) == 1)
    ;
  assert_int_equal(stream_trailer(&s, &t), 1);
  assert_string_equal(t.md5, MD5);
  assert_true(t.length == 5);
  assert_int_equal(stream_header(&s, header, &header_len, &h), 1);
  assert_int_equal(stream_data(&s, &p, &len), 0);
  assert_int_equal(stream_trailer(&s, &t), 1);
  assert_int_equal(stream_header(&s, header, &header_len, &h), 1);
  while (stream_data(&s, &p, &len) == 1)
    ;
  assert_int_equal(stream_trailer(&s, &t), 0);
  assert_int_equal(stream_header(&s, header, &header_len, &h), 0);
  assert_int_equal(stream_ready(&s), 0);
  assert_int_equal(stream_eof(&s), 1);
}

/* Cut anywhere: the end of file and any failure of the op. */
static void cut_anywhere(void **state) {
  static const struct {
    int error;
    const char *why;
  } ends[] = {{0, "stream cut off"},
              {ETIMEDOUT, "timed out"},
              {ECONNRESET, "unable to read"}};
  char data[64];
  size_t got;
  int chunks, given;
  (void)state;
  make();
  for (size_t n = 0; n < text_len; ++n)
    for (size_t e = 0; e < 3; ++e) {
      feed(text, n, n % 2 ? 1 : text_len);
      from.error = ends[e].error;
      assert_int_equal(run(data, sizeof data, &got, &chunks, &given), -1);
      assert_non_null(s.why);
      assert_string_equal(s.why, ends[e].why);
      assert_int_equal(s.cut, 1);
    }
  feed(text, text_len, text_len);
  from.error = ETIMEDOUT;
  assert_int_equal(run(data, sizeof data, &got, &chunks, &given), -1);
  assert_string_equal(s.why, "timed out");
  assert_int_equal(s.cut, 1);
}

static void broken(const char *whole, size_t len, const char *why) {
  for (size_t step = 1; step < 3; ++step) {
    assert_int_equal(all(whole, len, step == 1 ? 1 : len), -1);
    if (!s.why || strcmp(s.why, why))
      fail_msg("\"%s\" instead of \"%s\"", s.why, why);
    assert_int_equal(s.cut, 0);
  }
}

static void broken_netstrings(void **state) {
  static const char *const bad[] = {
      "GET / HTTP/1.0\r\n",
      ":DF1,",
      "03:DF1,",
      "00:,",
      "+3:DF1,",
      " 3:DF1,",
      "-1:,",
      "3 :x,",
      "3;DF1,",
      "\n",
      "x",
  };
  (void)state;
  for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i)
    broken(bad[i], strlen(bad[i]), "no netstring where one should be");
  broken("3:DF1;", 6, "netstring without its comma");
  broken("3:DF1\n", 6, "netstring without its comma");
  broken(BEGIN "0:x", strlen(BEGIN) + 3, "netstring without its comma");
}

static char big[400000];

static void wrong(const char *why, const char *fmt, ...) {
  va_list ap;
  int n;
  va_start(ap, fmt);
  n = vsnprintf(big, sizeof big, fmt, ap);
  va_end(ap);
  assert_true(n > 0 && (size_t)n < sizeof big);
  broken(big, (size_t)n, why);
}

static void broken_begin(void **state) {
  (void)state;
  wrong("not a dataflow stream", "3:DF2,");
  wrong("not a dataflow stream", "2:DF,");
  wrong("not a dataflow stream", "0:,");
  wrong("not a dataflow stream", "4:DF1 ,");
  wrong("not a dataflow stream", "99999999:");
  wrong("id is too long", "3:DF1,33:");
  wrong("id is not 32 hex digits", "3:DF1,31:%.31s,", ID);
  wrong("id is not 32 hex digits", "3:DF1,0:,");
  wrong("id is not 32 hex digits", "3:DF1,32:%.31sA,", ID);
  wrong("id is not 32 hex digits", "3:DF1,32:%.31s/,", ID);
  wrong("list is too long", "3:DF1,32:" ID ",262145:");
  wrong("the length of a set is cut off", "3:DF1,32:" ID ",3:abc,");
  broken("3:DF1,32:" ID ",4:\0\0\0\0,", strlen(ID) + 17, "a set is empty");
}

static void broken_chunk(void **state) {
  (void)state;
  wrong("header is too long", BEGIN "16385:");
  wrong("malformed header line", BEGIN "1:x,");
  wrong("header without Host", BEGIN "33:Stamp: " STAMP "\n,");
  wrong("block is too long", BEGIN "%zu:%s,16777217:", strlen(HEADER), HEADER);
  wrong("no netstring where one should be", BEGIN "%zu:%s,x", strlen(HEADER),
        HEADER);
  wrong("netstring without its comma", BEGIN "%zu:%s,1:xx", strlen(HEADER),
        HEADER);
  wrong("trailer is too long", BEGIN "%zu:%s,0:,1025:", strlen(HEADER), HEADER);
  wrong("malformed trailer line", BEGIN "%zu:%s,0:,1:x,", strlen(HEADER),
        HEADER);
  wrong("bytes after the end mark", BEGIN "0:,x");
  wrong("bytes after the end mark", BEGIN "0:,0:,");
}

/* Each limit of protocol.md section 2 can be reached. */
static void greatest(void **state) {
  size_t n = (size_t)snprintf(big, sizeof big, BEGIN "16384:");
  size_t end = n + 16384;
  (void)state;
  n += (size_t)snprintf(big + n, sizeof big - n, HEADER);
  while (end - n > 2000)
    n += (size_t)snprintf(big + n, sizeof big - n, "X: %0996d\n", 0);
  n += (size_t)snprintf(big + n, sizeof big - n, "X: %0*d\n",
                        (int)(end - n - 4), 0);
  assert_int_equal(n, end);
  n += (size_t)snprintf(big + n, sizeof big - n, ",0:,0:,0:,");
  assert_int_equal(all(big, n, 1), 1);
  assert_int_equal(all(big, n, n), 1);
}

/* A block of the greatest length, in a stream longer than the buffer. */
static ssize_t endless(void *context, void *p, size_t len) {
  uint64_t *left = context;
  if (len > *left)
    len = *left;
  memset(p, 'x', len);
  *left -= len;
  return (ssize_t)len;
}

static void greatest_block(void **state) {
  char start[256];
  uint64_t left = STREAM_BLOCK, got = 0;
  const char *p;
  size_t len;
  int r;
  (void)state;
  feed(start,
       (size_t)snprintf(start, sizeof start, BEGIN "%zu:%s,%d:", strlen(HEADER),
                        HEADER, STREAM_BLOCK),
       sizeof start);
  assert_int_equal(stream_begin(&s, id, list, &list_len), 1);
  assert_int_equal(stream_header(&s, header, &header_len, &h), 1);
  s.op = endless;
  s.context = &left;
  while (got < STREAM_BLOCK) {
    assert_int_equal(stream_data(&s, &p, &len), 1);
    assert_true(len > 0 && len <= STREAM_BUFFER);
    for (size_t i = 0; i < len; ++i)
      if (p[i] != 'x')
        fail();
    got += len;
  }
  assert_true(got == STREAM_BLOCK);
  s.op = op;
  s.context = &from;
  from = (struct source){.p = ",0:,0:,0:,", .len = 10, .step = 1};
  r = stream_data(&s, &p, &len);
  assert_int_equal(r, 0);
  assert_int_equal(stream_trailer(&s, &t), 0);
  assert_int_equal(stream_header(&s, header, &header_len, &h), 0);
  assert_int_equal(stream_eof(&s), 1);
}

/* Any byte changed: nothing but 1 or -1 with a reason. */
static void any_byte_changed(void **state) {
  static const char other[] = {0, '\xff', '0', '1', '9', ':', ',', '\n'};
  (void)state;
  make();
  for (size_t n = 0; n < text_len; ++n)
    for (size_t i = 0; i < sizeof other; ++i) {
      const char was = text[n];
      text[n] = other[i];
      if (all(text, text_len, n % 2 ? 7 : text_len) < 0)
        assert_non_null(s.why);
      text[n] = was;
    }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(in_any_pieces),    cmocka_unit_test(header_and_trailer),
      cmocka_unit_test(cut_anywhere),     cmocka_unit_test(broken_netstrings),
      cmocka_unit_test(broken_begin),     cmocka_unit_test(broken_chunk),
      cmocka_unit_test(greatest),         cmocka_unit_test(greatest_block),
      cmocka_unit_test(any_byte_changed),
  };
  return cmocka_run_group_tests(tests, 0, 0);
}
