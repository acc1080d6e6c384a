#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "arriving.h"
#include "clock.h"
#include "label.h"
#include "netstring.h"
#include "orders.h"
#include "receive.h"
#include "relaying.h"
#include "setup.h"
#include "slot.h"

#define ID "0123456789abcdef0123456789abcdef"
#define STAMP "@400000006a1b2c3d00000001"
#define HEADER "Host: 10.0.0.1\nStamp: " STAMP "\n"
#define LIST                                                                   \
  "\0\0\0\x0b\x04\x0a\0\0\x02\x44\x46\0\0\0\0"                                 \
  "\0\0\0\x0b\x04\x0a\0\0\x03\x44\x46\0\0\0\0"
#define LIST_LEN (sizeof LIST - 1)

/* It writes down its arguments and goes. */
static const char fake[] = "#!/bin/sh\necho \"$*\" >> relays\n";

static struct receiver r, other;
static char events[8192], text[65536], stream[8 << 20];
static size_t stream_len;
static int to;

/* A disk of so many bytes, on which is only what is being received; 0: the true
 * one. From the call of this number on nothing is left on it. */
static uint64_t disk, used;
static int full_at, looks;

static int add_used(const char *path, const struct stat *st, int type,
                    struct FTW *f) {
  (void)path;
  (void)f;
  used += type == FTW_F ? (uint64_t)st->st_blocks * 512 : 0;
  return 0;
}

int statvfs(const char *path, struct statvfs *v) {
  int done, fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  done = fstatvfs(fd, v);
  close(fd);
  ++looks;
  if (!disk)
    return done;
  used = 0;
  nftw(".df/stream", add_used, 8, FTW_PHYS);
  v->f_frsize = 1;
  v->f_bavail = used > disk || (full_at && looks >= full_at) ? 0 : disk - used;
  return done;
}

static int start(void **state) {
  char path[4096], dir[4000];
  (void)state;
  if (mkdir("bin", 0755) < 0 || mkdir("store", 0755) < 0 || !getcwd(dir, 4000))
    return -1;
  snprintf(path, sizeof path, "%s/bin:/usr/bin:/bin", dir);
  setenv("PATH", path, 1);
  if (chdir("store") < 0 || store_open())
    return -1;
  return file_replace("../bin/dfrelay", fake, strlen(fake), 0755, 0);
}

/* An event a line: what, the data's length, code, reason or target. */
static void told(void *context, const struct receiver_event *e) {
  static const char *const what[] = {"stored", "duplicate", "refused",
                                     "given up", "no relay"};
  size_t n = strlen(events);
  assert_string_equal(context, "context");
  snprintf(events + n, sizeof events - n, "%s %llu %d%s%s%s\n", what[e->what],
           (unsigned long long)e->bytes, e->code, e->md5 ? "" : " no md5",
           e->reason ? " " : "", e->reason ? e->reason : "");
}

static void set_up(struct receiver *x) {
  int p[2];
  hashing_stop(&x->c.hashing);
  memset(x, 0, sizeof *x);
  assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, p), 0);
  x->input = (struct input){.fd = p[0], .timeout = 30};
  x->largest = INT64_MAX;
  x->reserve = 1;
  x->relay.timeout = 30;
  x->relay.connect_timeout = 3;
  x->relay.relays = 64;
  x->told = told;
  x->context = (void *)(uintptr_t) "context";
  x->spool.lock = -1;
  to = p[1];
}

static int begin(void **state) {
  (void)state;
  set_up(&r);
  *events = 0;
  stream_len = 0;
  return system("rm -rf md5/?? head/?? .df/commit/* .df/id/* .df/stream/* "
                ".df/lock/* .df/recent relays");
}

static void finish(struct receiver *x) {
  if (x->twin.fd > 0)
    close(x->twin.fd);
  if (x->spool.lock >= 0)
    spool_close(&x->spool);
  if (x->group.store > 0)
    close(x->group.store);
  close(x->input.fd);
}

static int end(void **state) {
  (void)state;
  finish(&r);
  close(to);
  while (waitpid(-1, 0, WNOHANG) > 0)
    ;
  return 0;
}

static void ns(const void *p, size_t len) {
  assert_true(stream_len + len + 12 < sizeof stream);
  stream_len += netstring_put(stream + stream_len, p, len);
}

static void words(const char *s) {
  ns(s, strlen(s));
}

static void begin_stream(const char *list, size_t len) {
  stream_len = 0;
  words("DF1");
  words(ID);
  ns(list, len);
}

static void trailer(uint64_t length, const char *md5, const char *sha256) {
  struct trailer t = {.length = length};
  char out[TRAILER_MAX];
  snprintf(t.md5, sizeof t.md5, "%s", md5);
  snprintf(t.sha256, sizeof t.sha256, "%s", sha256);
  ns(out, trailer_fmt(out, &t));
}

static const char *md5_of(const void *p, size_t len) {
  static char md5[MD5_HEX + 1];
  digest_md5(p, len, md5);
  return md5;
}

static void chunk(const char *header, const char *data, size_t len) {
  words(header);
  if (len)
    ns(data, len);
  words("");
  trailer(len, md5_of(data, len), "");
}

static void small(const char *header, const char *data) {
  chunk(header, data, strlen(data));
}

/* A child feeds the stream and half-closes. */
static void feed(void) {
  pid_t pid = fork();
  assert_true(pid >= 0);
  if (pid == 0) {
    close(r.input.fd);
    _exit(file_write(to, stream, stream_len) < 0 || shutdown(to, SHUT_WR) < 0);
  }
  close(to);
  to = -1;
}

/* As dfserve does. 1 all well, 0 refused, -1. */
static int received(struct receiver *x) {
  int more;
  if (receiver_begin(x) < 0)
    return -1;
  while ((more = receiver_chunk(x)) > 0)
    ;
  if (more < 0)
    return -1;
  more = !strstr(events, "refused");
  if (receiver_end(x) < 0)
    return -1;
  if (more)
    twin_done(&x->twin);
  else
    twin_give_back(&x->twin);
  return more;
}

static int run(void) {
  feed();
  return received(&r);
}

static int is_stored(const char *data, size_t len) {
  char path[STORE_MD5];
  static char got[sizeof stream];
  store_data(path, md5_of(data, len));
  return file_read(path, got, sizeof got) == (ssize_t)len &&
         !memcmp(got, data, len);
}

/* The orders with the stream's name as S and commits' names as S.n. */
static const char *orders(const struct receiver *x) {
  char path[SPOOL_PATH + 16], *at;
  size_t n = strlen(x->spool.name);
  ssize_t len;
  snprintf(path, sizeof path, ".df/stream/%s/orders", x->spool.name);
  len = file_read(path, text, sizeof text - 1);
  if (len < 0)
    return "";
  text[len] = 0;
  while ((at = strstr(text, x->spool.name))) {
    *at = 'S';
    memmove(at + 1, at + n, strlen(at + n) + 1);
  }
  return text;
}

static void without_targets(void **state) {
  (void)state;
  begin_stream("", 0);
  small(HEADER "Key: k\n", "hello");
  small(HEADER, "");
  words(HEADER);
  ns("part", 4);
  words("");
  words("");
  small(HEADER, "hello");
  words("");
  assert_int_equal(run(), 1);
  assert_string_equal(events,
                      strstr(events, "stored 5 0\nstored 0 0\ngiven up 4 0 no "
                                     "md5 given up by its sender\n")
                          ? "stored 5 0\nstored 0 0\ngiven up 4 0 no md5 given "
                            "up by its sender\nduplicate 5 0\n"
                          : "given up 4 0 no md5 given up by its sender\n"
                            "stored 5 0\nstored 0 0\nduplicate 5 0\n");
  assert_true(is_stored("hello", 5));
  assert_true(is_stored("", 0));
  assert_false(is_stored("part", 4));
  assert_string_equal(orders(&r), "");
  assert_string_equal(r.id, ID);
  assert_int_equal(r.twin.fd, -1);
  assert_int_equal(names_in(".df/id"), 0);
  spool_close(&r.spool);
  r.spool.lock = -1;
  assert_int_equal(names_in(".df/stream"), 0);
  assert_int_equal(names_in(".df/tmp"), 0);
  assert_int_equal(access("relays", F_OK), -1);
}

/* What cannot be seen from how long things take: all is fed at once. */
static void orders_of_a_stream(void **state) {
  static char big[RELAYING_EARLY * 2];
  ssize_t len;
  (void)state;
  memset(big, 'b', sizeof big);
  begin_stream(LIST, LIST_LEN);
  chunk(HEADER, big, sizeof big);
  words("");
  assert_int_equal(run(), 1);
  assert_string_equal(events, "stored 131072 0\n");
  assert_string_equal(orders(&r), "spool S/0\ndone\ncommitted S.0\nend\n");
  while (wait(0) > 0)
    ;
  len = file_read("relays", text, sizeof text - 1);
  assert_true(len > 0);
  text[len] = 0;
  assert_int_equal(strncmp(text, "-t 30 -T 3 -n 64 -i " ID " ", 53), 0);
  assert_non_null(strstr(text, " 0 10.0.0.2 17478\n"));
  assert_int_equal(text[strcspn(text, "\n") + 1], 0); /* one relay */
}

/* Some while the client is slow: it goes on at once. */
static void a_slow_client(void **state) {
  char c;
  int p[2];
  pid_t pid;
  (void)state;
  assert_int_equal(pipe(p), 0);
  begin_stream(LIST, LIST_LEN);
  words(HEADER);
  ns("hel", 3);
  pid = fork();
  assert_true(pid >= 0);
  if (pid == 0) {
    uint64_t last = clock_ms() + 20000;
    size_t first = stream_len;
    close(r.input.fd);
    if (file_write(to, stream, first) < 0)
      _exit(1);
    while (access("relays", F_OK) < 0 && clock_ms() < last)
      clock_wait(5);
    stream_len = 0;
    ns("lo", 2);
    words("");
    trailer(5, md5_of("hello", 5), "");
    if (file_write(to, stream, stream_len) < 0)
      _exit(1);
    while (names_in(".df/commit") == 0 && clock_ms() < last)
      clock_wait(5);
    _exit(write(p[1], names_in(".df/commit") ? "y" : "n", 1) != 1 ||
          file_write(to, "0:,", 3) < 0);
  }
  close(to);
  to = -1;
  assert_int_equal(received(&r), 1);
  assert_int_equal(read(p[0], &c, 1), 1);
  assert_int_equal(c, 'y'); /* committed before the end mark came */
  close(p[0]);
  close(p[1]);
  assert_string_equal(orders(&r), "spool S/0\ndone\ncommitted S.0\nend\n");
  assert_true(is_stored("hello", 5));
}

/* With a header that was committed with this list of late, it is not passed on
 * before it is whole and known to be new. */
static void sent_again(void **state) {
  static char big[RELAYING_EARLY * 2];
  char list_md5[MD5_HEX + 1];
  struct recent before;
  (void)state;
  digest_md5(LIST, LIST_LEN, list_md5);
  recent_key(&before, HEADER, strlen(HEADER), list_md5);
  recent_add(&before);
  memset(big, 'a', sizeof big);
  begin_stream(LIST, LIST_LEN);
  chunk(HEADER, big, sizeof big);
  words("");
  assert_int_equal(run(), 1);
  assert_string_equal(orders(&r), "commit S.0 0\ncommitted S.0\nend\n");
}

static void refused(const char *header, const char *data, size_t length,
                    const char *md5, const char *sha256, const char *why) {
  char want[256];
  int status;
  finish(&r);
  close(to);
  begin(0);
  begin_stream(LIST, LIST_LEN);
  words(header);
  if (*data)
    words(data);
  words("");
  trailer(length, md5, sha256);
  small(HEADER, "good");
  words("");
  assert_int_equal(run(), 0);
  snprintf(want, sizeof want, "refused %zu 100 %s\n", strlen(data), why);
  if (!strstr(events, want))
    fail_msg("\"%s\" instead of \"%s\"", events, want);
  assert_non_null(strstr(events, "stored 4 0\n"));
  assert_true(is_stored("good", 4));
  assert_int_equal(names_in("md5"), 1);
  assert_int_equal(names_in(".df/commit"), 1);
  orders(&r);
  assert_non_null(strstr(text, "lost\n"));
  assert_non_null(strstr(text, "committed S.0\n"));
  while (wait(&status) > 0)
    ;
}

static void refused_alone(void **state) {
  char md5[MD5_HEX + 1], sha[SHA256_HEX + 1], header[HEADER_MAX];
  char label[LABEL_LEN + 1], key[KEY_MAX + 1];
  struct digest d;
  (void)state;
  digest_start(&d, 1);
  digest_add(&d, "hello", 5);
  digest_end(&d, md5, sha);
  refused(HEADER, "hello", 4, md5, "", "Content-Length does not agree");
  refused(HEADER, "hellO", 5, md5, "", "md5hash does not agree");
  sha[63] ^= 1;
  refused(HEADER, "hello", 5, md5, sha, "SHA-256 does not agree");
  snprintf(header, sizeof header, HEADER "SHA-256: %s\n", sha);
  refused(header, "hello", 5, md5, "", "SHA-256 does not agree");
  refused(HEADER "Content-Length: 6\n", "hello", 5, md5, "",
          "Content-Length does not agree");
  refused(HEADER "md5hash: " ID "\n", "hello", 5, md5, "",
          "md5hash does not agree");
  refused(HEADER "Data: none\n", "", 5, md5, "",
          "header alone of a chunk that is not here");
  label_fmt(label, time(0) + 86400 + 600, 0);
  snprintf(header, sizeof header, "Host: h\nStamp: %s\n", label);
  refused(header, "hello", 5, md5, "", "stamp is more than a day ahead");
  memset(key, '/', 100);
  key[100] = 0;
  snprintf(header, sizeof header, HEADER "Key: %s\n", key);
  refused(header, "hello", 5, md5, "", "key is too long as a file name");
}

static void not_yet_too_late(void **state) {
  char header[256], label[LABEL_LEN + 1];
  (void)state;
  label_fmt(label, time(0) + 86400 - 600, 0);
  snprintf(header, sizeof header, "Host: h\nStamp: %s\n", label);
  begin_stream("", 0);
  small(header, "hello");
  words("");
  assert_int_equal(run(), 1);
}

static void too_large(void **state) {
  (void)state;
  r.largest = 5;
  begin_stream("", 0);
  small(HEADER, "hello");
  small(HEADER, "hello!");
  small(HEADER "Content-Length: 6\n", "world!");
  small(HEADER "Content-Length: 1000000000000000\n", "x"); /* no room, too */
  words("");
  assert_int_equal(run(), 0);
  assert_non_null(strstr(events, "refused 6 100 too large\n"));
  assert_non_null(strstr(events, "refused 1 100 too large\n"));
  assert_non_null(strstr(events, "stored 5 0\n"));
  assert_int_equal(names_in("md5"), 1);
}

static void no_room(void **state) {
  (void)state;
  r.reserve = (uint64_t)1 << 62;
  begin_stream("", 0);
  small(HEADER, "hello");
  words("");
  assert_int_equal(run(), 0);
  assert_string_equal(events, "refused 5 111 no room\n");
  assert_int_equal(names_in("md5"), 0);
}

#define MIB 1048576

static int spooled(void) {
  used = 0;
  assert_int_equal(nftw(".df/stream", add_used, 8, FTW_PHYS), 0);
  return used != 0;
}

static void announced(unsigned int length) {
  static char data[8 * MIB];
  char header[200];
  snprintf(header, sizeof header, HEADER "Content-Length: %u\n", length);
  chunk(header, data, length);
  words("");
}

/* The reserve counts what open streams have announced or spooled. */
static void slow_hoarders(void **state) {
  struct spool hoarder;
  int fd;
  (void)state;
  disk = 20 * MIB;
  r.reserve = 4 * MIB;
  assert_int_equal(spool_open(&hoarder), 0);
  fd = spool_create(&hoarder, 10 * MIB);
  assert_true(fd >= 0);
  begin_stream("", 0);
  announced(7 * MIB);
  assert_int_equal(run(), 0);
  assert_string_equal(events, "refused 7340032 111 no room\n");
  assert_int_equal(names_in("md5"), 0);
  close(fd);
  spool_close(&hoarder);
  disk = 0;
}

static void hoarders_leave_this(void **state) {
  struct spool hoarder;
  int fd;
  (void)state;
  disk = 20 * MIB;
  r.reserve = 4 * MIB;
  assert_int_equal(spool_open(&hoarder), 0);
  fd = spool_create(&hoarder, 10 * MIB);
  assert_true(fd >= 0);
  begin_stream("", 0);
  announced(5 * MIB);
  assert_int_equal(run(), 1);
  assert_string_equal(events, "stored 5242880 0\n");
  close(fd);
  spool_close(&hoarder);
  disk = 0;
}

/* Of unknown length: looked after at each MiB. */
static void no_room_while_receiving(void **state) {
  static char data[6 * MIB];
  (void)state;
  disk = 6 * MIB;
  r.reserve = 3 * MIB;
  begin_stream("", 0);
  chunk(HEADER, data, sizeof data);
  words("");
  assert_int_equal(run(), 0);
  assert_string_equal(events, "refused 6291456 111 no room\n");
  assert_int_equal(spooled(), 0);
  disk = 0;
}

/* Two that look at the same time find the same room; and others write, too. */
static void room_that_goes(void **state) {
  (void)state;
  for (full_at = 2; full_at < 4; ++full_at) {
    disk = 20 * MIB;
    looks = 0;
    *events = 0;
    if (full_at > 2) {
      end(0);
      set_up(&r);
    }
    begin_stream("", 0);
    announced(full_at == 2 ? 500000 : 5000000);
    assert_int_equal(run(), 0);
    assert_string_equal(events, full_at == 2 ? "refused 500000 111 no room\n"
                                             : "refused 5000000 111 no room\n");
    assert_int_equal(spooled(), 0);
    assert_int_equal(looks, full_at);
  }
  disk = 0;
  full_at = 0;
}

/* What is more than was announced is not written: no room was looked for. */
static void more_than_announced(void **state) {
  static char data[1 << 20];
  char path[SPOOL_PATH];
  (void)state;
  begin_stream("", 0);
  words(HEADER "Content-Length: 5\n");
  ns(data, sizeof data);
  stream_len -= 1; /* the block's end never comes */
  feed();
  assert_int_equal(receiver_begin(&r), 0);
  assert_int_equal(receiver_chunk(&r), -1);
  assert_int_equal(r.stream.cut, 1);
  assert_non_null(r.c.refused);
  assert_string_equal(r.c.refused, "Content-Length does not agree");
  spool_path(path, &r.spool, 0, "");
  assert_int_equal(access(path, F_OK), -1);
}

/* Cut anywhere: what came whole is stored, what was coming is lost. */
static void cut_anywhere(void **state) {
  size_t whole, first, opened;
  (void)state;
  begin_stream(LIST, LIST_LEN);
  opened = stream_len + strlen(HEADER) + 4;
  small(HEADER, "hello");
  first = stream_len;
  small(HEADER, "world");
  words("");
  whole = stream_len;
  for (size_t n = 55; n < whole; n += n < first - 3 ? 11 : 1) {
    finish(&r);
    begin(0);
    begin_stream(LIST, LIST_LEN);
    small(HEADER, "hello");
    small(HEADER, "world");
    words("");
    stream_len = n;
    assert_int_equal(run(), -1);
    if (n > 85 && r.step)
      fail_msg("%u bytes: unable to %s: %s", (unsigned)n, r.step,
               strerror(errno));
    assert_int_equal(r.stream.cut, 1);
    assert_string_equal(r.stream.why, "stream cut off");
    assert_int_equal(is_stored("hello", 5), n >= first);
    assert_int_equal(is_stored("world", 5), n >= whole - 3);
    if (n >= whole - 3)
      assert_non_null(strstr(orders(&r), "committed S."));
    assert_int_equal(strstr(orders(&r), "lost\n") != 0,
                     (n >= opened && n < first) ||
                         (n >= first + strlen(HEADER) + 4 && n < whole - 3));
    while (wait(0) > 0)
      ;
  }
}

static void data_after_a_header_alone(void **state) {
  (void)state;
  begin_stream("", 0);
  small(HEADER, "hello");
  words(HEADER "Data: none\n");
  words("hello");
  assert_int_equal(run(), -1);
  assert_int_equal(r.stream.cut, 0);
  assert_string_equal(r.stream.why, "data after a header alone");
  assert_true(is_stored("hello", 5));
}

static void a_header_alone(void **state) {
  struct commit c;
  (void)state;
  begin_stream(LIST, LIST_LEN);
  small(HEADER, "hello");
  words("Host: h\nStamp: @400000006a1b2c3d00000002\nData: none\n");
  words("");
  trailer(5, md5_of("hello", 5), "");
  words("");
  assert_int_equal(run(), 1);
  assert_non_null(strstr(events, "stored 5 0\nduplicate 5 0\n"));
  orders(&r);
  assert_non_null(strstr(text, "commit S.1 0\ncommitted S.1\n"));
  assert_int_equal(commit_open(&c, r.group.name), 1);
  assert_int_equal(commit_duty(&c, 0, 0), 'T');
  commit_close(&c);
}

static void bytes_after_the_end(void **state) {
  (void)state;
  begin_stream("", 0);
  small(HEADER, "hello");
  words("");
  words("");
  assert_int_equal(run(), -1);
  assert_string_equal(r.stream.why, "bytes after the end mark");
  assert_int_equal(r.stream.cut, 0);
  assert_true(is_stored("hello", 5));
  assert_int_equal(names_in(".df/id"), 1);
}

static void the_same_again_makes_no_duties(void **state) {
  struct commit c;
  (void)state;
  begin_stream(LIST, LIST_LEN);
  small(HEADER, "hello");
  words("");
  assert_int_equal(run(), 1);
  while (wait(0) > 0)
    ;
  finish(&r);
  unlink("relays");
  set_up(&r);
  *events = 0;
  assert_int_equal(run(), 1);
  assert_string_equal(events, "duplicate 5 0\n");
  assert_int_equal(commit_open(&c, r.group.name), 1);
  assert_int_equal(commit_duty(&c, 0, 0), 'D');
  commit_close(&c);
}

/* While the first of two is there, the later one orders nothing, but its
 * chunks are stored and their duties are the first's: which sends them, though
 * all that it brings itself was taken before. */
static void a_later_twin(void **state) {
  char want[4 * ORDER_LINE];
  const char *name = other.group.name;
  struct commit c;
  int first = to;
  (void)state;
  begin_stream(LIST, LIST_LEN);
  assert_int_equal(file_write(to, stream, stream_len), 0);
  assert_int_equal(receiver_begin(&r), 0);
  assert_true(r.twin.fd >= 0);
  set_up(&other);
  words(HEADER);
  words("");
  words("");
  small(HEADER, "hello");
  words("");
  assert_int_equal(file_write(to, stream, stream_len), 0);
  assert_int_equal(shutdown(to, SHUT_WR), 0);
  assert_int_equal(received(&other), 1);
  assert_int_equal(other.twin.fd, -1);
  assert_string_equal(relaying_keeper(&other), r.spool.name);
  assert_string_equal(relaying_keeper(&r), r.spool.name);
  assert_non_null(strstr(events, "stored 5 0\n"));
  assert_non_null(strstr(events, "given up 0 0"));
  assert_string_equal(orders(&other), "");
  assert_int_equal(commit_open(&c, other.group.name), 1);
  assert_int_equal(c.stream_len, strlen(r.spool.name));
  assert_memory_equal(c.stream, r.spool.name, c.stream_len);
  assert_int_equal(commit_duty(&c, 0, 0), 'T');
  commit_close(&c);
  assert_int_equal(access("relays", F_OK), -1);
  stream_len = 0;
  small(HEADER, "hello");
  words("");
  assert_int_equal(file_write(first, stream, stream_len), 0);
  assert_int_equal(shutdown(first, SHUT_WR), 0);
  assert_int_equal(receiver_chunk(&r), 1);
  assert_int_equal(receiver_chunk(&r), 0);
  assert_int_equal(receiver_end(&r), 0);
  close(first);
  snprintf(want, sizeof want,
           "commit %s 0\ncommitted %s 0\ncommitted S.0\nend\n", name, name);
  assert_string_equal(orders(&r), want);
  while (wait(0) > 0)
    ;
  assert_int_equal(access("relays", F_OK), 0);
  finish(&other);
}

static void no_relay_to_be_had(void **state) {
  (void)state;
  r.relay.relays = 0;
  begin_stream(LIST, LIST_LEN);
  small(HEADER, "hello");
  words("");
  assert_int_equal(run(), 1);
  assert_non_null(strstr(events, "no relay 0 0 no md5 too many relays\n"));
  assert_non_null(strstr(events, "stored 5 0\n"));
  assert_int_equal(names_in(".df/commit"), 1);
}

static void broken_begin(void **state) {
  (void)state;
  stream_len = 0;
  words("DF2");
  assert_int_equal(run(), -1);
  assert_null(r.step);
  assert_string_equal(r.stream.why, "not a dataflow stream");
  assert_int_equal(names_in(".df/stream"), 0);
}

static void this_host_fails(void **state) {
  (void)state;
  begin_stream("", 0);
  small(HEADER, "hello");
  words("");
  feed();
  assert_int_equal(receiver_begin(&r), 0);
  assert_int_equal(rename(".df/tmp", ".df/away"), 0);
  assert_int_equal(receiver_chunk(&r), -1);
  assert_non_null(r.step);
  assert_string_equal(r.step, "write a commit");
  assert_int_equal(rename(".df/away", ".df/tmp"), 0);
  assert_int_equal(names_in("md5"), 0);
  assert_int_equal(names_in(".df/commit"), 0);
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)
  const struct CMUnitTest tests[] = {
      TEST(without_targets),
      TEST(orders_of_a_stream),
      TEST(a_slow_client),
      TEST(sent_again),
      TEST(refused_alone),
      TEST(not_yet_too_late),
      TEST(too_large),
      TEST(no_room),
      TEST(slow_hoarders),
      TEST(hoarders_leave_this),
      TEST(no_room_while_receiving),
      TEST(room_that_goes),
      TEST(more_than_announced),
      TEST(cut_anywhere),
      TEST(data_after_a_header_alone),
      TEST(a_header_alone),
      TEST(bytes_after_the_end),
      TEST(the_same_again_makes_no_duties),
      TEST(a_later_twin),
      TEST(no_relay_to_be_had),
      TEST(broken_begin),
      TEST(this_host_fails),
  };
  return cmocka_run_group_tests(tests, start, 0);
}
