#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "clock.h"
#include "group.h"
#include "setup.h"
#include "slot.h"

#define ID "0123456789abcdef0123456789abcdef"
#define STAMP "@400000006a1b2c3d00000001"
#define LATER "@400000006a1b2c3d00000002"
#define HEADER "Host: 10.0.0.1\nStamp: " STAMP "\n"

static const char list[] = "\0\0\0\x16\x04\x0a\0\0\x02\x44\x46\0\0\0\0"
                           "\x04\x0a\0\0\x03\x44\x46\0\0\0";
static struct spool spool;
static struct targets targets, no_targets;
static struct group g;

/* What was done to files, a letter each: d data synced, f all synced, l a name
 * given, m a directory of md5/ synced, M md5/, c a commit's file, C its
 * directory. */
static char done[8192];
static int unlocked; /* a commit was written without the lock of its list */
static int failing;  /* which of them fails; 0: none */

static void look_at_lock(void) {
  char path[32];
  int fd;
  snprintf(path, sizeof path, ".df/lock/list.%c", g.list_md5[0]);
  fd = lock_take(path);
  unlocked |= fd >= 0;
  if (fd >= 0)
    close(fd);
}

static int note(char c) {
  size_t n = strlen(done);
  if (c == 'c' && g.targets == &targets)
    look_at_lock();
  if (n + 1 < sizeof done)
    done[n] = c;
  if (failing && !--failing) {
    errno = EIO;
    return -1;
  }
  return 0;
}

static char kind(int fd) {
  char link[64], name[4096];
  ssize_t n;
  const char *at;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  n = readlink(link, name, sizeof name - 1);
  if (n < 0)
    return '?';
  name[n] = 0;
  at = strstr(name, "/store/");
  if (!at)
    return '?';
  at += 7;
  return !strncmp(at, ".df/stream/", 11) ? 'd'
         : !strncmp(at, "md5/", 4)       ? 'm'
         : !strcmp(at, "md5")            ? 'M'
         : !strncmp(at, ".df/tmp/", 8)   ? 'c'
         : !strcmp(at, ".df/commit")     ? 'C'
                                         : '?';
}

int fsync(int fd) {
  return note(kind(fd)) < 0 ? -1 : (int)syscall(SYS_fsync, fd);
}

int syncfs(int fd) {
  return note('f') < 0 ? -1 : (int)syscall(SYS_syncfs, fd);
}

int renameat2(int a, const char *from, int b, const char *to,
              unsigned int flags) {
  int r = (int)syscall(SYS_renameat2, a, from, b, to, flags), e = errno;
  if (!strncmp(from, ".df/tmp/", 8))
    return r; /* the commit's */
  if (r == 0)
    r = note('l');
  else
    errno = e;
  return r;
}

static int start(void **state) {
  if (in_store(state) < 0)
    return -1;
  targets_scan(&targets, list, sizeof list);
  targets_scan(&no_targets, "", 0);
  return targets.n == 2 ? 0 : -1;
}

static int begin(void **state) {
  (void)state;
  memset(&g, 0, sizeof g);
  if (system("rm -rf md5/?? head/?? .df/commit/*") || spool_open(&spool) < 0)
    return -1;
  g.spool = &spool;
  g.targets = &targets;
  g.id = ID;
  g.keeper = spool.name;
  g.list = list;
  g.list_len = sizeof list;
  digest_md5(list, sizeof list, g.list_md5);
  g.store = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  memset(done, 0, sizeof done);
  failing = 0;
  return 0;
}

static int finish(void **state) {
  (void)state;
  failing = 0;
  group_clear(&g);
  close(g.store);
  spool_close(&spool);
  return names_in(".df/tmp") || names_in(".df/stream") ? -1 : 0;
}

static struct pending pending(const char *data, size_t len, const char *stamp) {
  struct pending p = {.length = len, .started = clock_ms()};
  p.fd = spool_create(&spool, 0);
  p.number = spool.next - 1;
  assert_true(p.fd >= 0);
  assert_int_equal(file_write(p.fd, data, len), 0);
  digest_md5(data, len, p.md5);
  snprintf(p.stamp, sizeof p.stamp, "%s", stamp);
  return p;
}

static void add(const char *data, const char *stamp) {
  struct pending p = pending(data, strlen(data), stamp);
  char header[256];
  int n = snprintf(header, sizeof header, "Host: 10.0.0.1\nStamp: %s\n", stamp);
  assert_int_equal(group_add(&g, &p, "", header, (size_t)n), 0);
}

static void stored(const char *data) {
  char md5[MD5_HEX + 1], path[STORE_MD5], got[4096];
  digest_md5(data, strlen(data), md5);
  store_data(path, md5);
  assert_int_equal(file_read(path, got, sizeof got), strlen(data));
  assert_memory_equal(got, data, strlen(data));
}

static void duties(uint32_t chunk, char want) {
  struct commit c;
  assert_int_equal(commit_open(&c, g.name), 1);
  for (uint32_t t = 0; t < c.targets; ++t)
    assert_int_equal(commit_duty(&c, t, chunk), want);
  commit_close(&c);
}

static void one_chunk(void **state) {
  struct commit c;
  struct commit_target t;
  struct commit_chunk k;
  size_t at;
  (void)state;
  assert_int_equal(group_full(&g), 0);
  assert_int_equal(group_commit(&g), 0);
  assert_int_equal(names_in(".df/commit"), 0);
  add("hello", STAMP);
  assert_int_equal(g.n, 1);
  assert_int_equal(names_in(".df/commit"), 0);
  unlocked = 0;
  assert_int_equal(group_commit(&g), 0);
  assert_int_equal(unlocked, 0);
  assert_int_equal(g.p[0].outcome, OUTCOME_STORED);
  assert_int_equal(g.p[0].taken, 0);
  stored("hello");
  /* the data, its name, that name, the directory made; then the commit */
  assert_string_equal(done, "dlmMcC");
  assert_int_equal(commit_open(&c, g.name), 1);
  assert_int_equal(c.chunks, 1);
  assert_int_equal(c.targets, 2);
  assert_memory_equal(c.id, ID, 32);
  assert_int_equal(c.stream_len, strlen(spool.name));
  assert_memory_equal(c.stream, spool.name, c.stream_len);
  assert_int_equal(c.list_len, sizeof list);
  assert_memory_equal(c.list, list, sizeof list);
  at = c.targets_at;
  assert_int_equal(commit_next_target(&c, &at, &t), 1);
  assert_int_equal(t.entry, 0);
  assert_memory_equal(t.text, "10.0.0.2:17478", t.text_len);
  assert_int_equal(commit_next_target(&c, &at, &t), 1);
  assert_int_equal(t.entry, 1);
  assert_memory_equal(t.text, "10.0.0.3:17478", t.text_len);
  assert_int_equal(commit_next_chunk(&c, &at, 0, &k), 1);
  assert_memory_equal(k.md5, g.p[0].md5, 32);
  assert_true(k.length == 5);
  assert_int_equal(k.header_len, strlen(HEADER));
  assert_memory_equal(k.header, HEADER, strlen(HEADER));
  assert_int_equal(k.is_void, 0);
  commit_close(&c);
  duties(0, 'T');
}

static void without_targets(void **state) {
  struct commit c;
  (void)state;
  g.targets = &no_targets;
  add("hello", STAMP);
  assert_int_equal(group_commit(&g), 0);
  assert_int_equal(commit_open(&c, g.name), 1);
  assert_int_equal(c.targets, 0);
  commit_close(&c);
}

/* Above GROUP_OPEN files no more than those are open, and all are synced at
 * once. */
static void many(uint32_t n) {
  char text[32];
  struct commit c;
  int open_before = names_in("/proc/self/fd");
  for (uint32_t i = 0; i < n; ++i) {
    assert_int_equal(group_full(&g), 0);
    snprintf(text, sizeof text, "chunk %u", (unsigned)i);
    add(text, STAMP);
    g.since = clock_ms();
  }
  assert_int_equal(names_in("/proc/self/fd") - open_before,
                   n > GROUP_OPEN ? 1 : n + 1);
  assert_int_equal(group_commit(&g), 0);
  assert_int_equal(done[0], n > GROUP_OPEN ? 'f' : 'd');
  assert_int_equal(strspn(done, n > GROUP_OPEN ? "f" : "d"),
                   n > GROUP_OPEN ? 1 : n);
  assert_string_equal(done + strlen(done) - 2, "cC");
  for (uint32_t i = 0; i < n; ++i) {
    snprintf(text, sizeof text, "chunk %u", (unsigned)i);
    stored(text);
    assert_int_equal(g.p[i].outcome, OUTCOME_STORED);
  }
  assert_int_equal(commit_open(&c, g.name), 1);
  assert_int_equal(c.chunks, n);
  commit_close(&c);
}

static void as_many_as_stay_open(void **state) {
  (void)state;
  many(GROUP_OPEN);
}

static void one_more(void **state) {
  (void)state;
  many(GROUP_OPEN + 1);
}

static void the_most(void **state) {
  (void)state;
  many(COMMIT_CHUNKS);
  assert_non_null(strchr(strchr(done, 'l'), 'f')); /* the names */
  assert_int_equal(group_full(&g), 1);
  group_clear(&g);
  assert_int_equal(g.n, 0);
  assert_int_equal(group_full(&g), 0);
  add("again", STAMP);
  assert_int_equal(group_commit(&g), 0);
  assert_int_equal(names_in(".df/commit"), 2);
}

static void full(void **state) {
  struct pending p = pending("x", 1, STAMP);
  uint64_t end = clock_ms() + 20000;
  (void)state;
  p.length = GROUP_BYTES - 1;
  assert_int_equal(group_add(&g, &p, "", HEADER, strlen(HEADER)), 0);
  assert_int_equal(group_full(&g), 0);
  p = pending("y", 1, STAMP);
  assert_int_equal(group_add(&g, &p, "", HEADER, strlen(HEADER)), 0);
  assert_int_equal(group_full(&g), 1);
  group_clear(&g);
  add("z", STAMP);
  assert_int_equal(group_full(&g), 0);
  while (!group_full(&g))
    assert_true(clock_ms() < end);
  assert_in_range(clock_ms() - g.since, GROUP_MS, 20000);
  group_clear(&g);
  assert_int_equal(names_in(".df/commit"), 0);
}

static void duplicates_in_a_group(void **state) {
  (void)state;
  add("hello", STAMP);
  add("hello", LATER);
  assert_int_equal(group_commit(&g), 0);
  assert_int_equal(g.p[0].outcome, OUTCOME_STORED);
  assert_int_equal(g.p[1].outcome, OUTCOME_DUPLICATE);
  duties(0, 'T');
  duties(1, 'T');
}

static void second(const char *stamp, int taken) {
  group_clear(&g);
  memset(done, 0, sizeof done);
  add("hello", stamp);
  assert_int_equal(group_commit(&g), 0);
  assert_int_equal(g.p[0].outcome, OUTCOME_DUPLICATE);
  assert_int_equal(g.p[0].taken, taken);
  /* its directories may not have been synced yet by whoever made them */
  assert_string_equal(done, "dmMcC");
  duties(0, taken ? 'D' : 'T');
}

static void the_same_again(void **state) {
  char first[COMMIT_NAME];
  (void)state;
  add("other", STAMP);
  add("hello", STAMP);
  assert_int_equal(group_commit(&g), 0);
  memcpy(first, g.name, sizeof first);
  second(STAMP, 1);
  assert_string_equal(g.p[0].taken_name, first);
  assert_int_equal(g.p[0].taken_index, 1);
  second(LATER, 0);
  memcpy(g.list_md5, "x", 1);
  g.list_len -= 11;
  second(STAMP, 0);
}

/* The commit was published and has gone: the stored header tells. */
static void the_same_after_publication(void **state) {
  char text[1024], path[STORE_MD5], md5[MD5_HEX + 1], name[128];
  int n;
  (void)state;
  add("hello", STAMP);
  assert_int_equal(group_commit(&g), 0);
  digest_md5("hello", 5, md5);
  n = snprintf(text, sizeof text,
               "Host: 10.0.0.1\nStamp: " STAMP
               "\nContent-Length: 5\nmd5hash: %s\nStored: " STAMP
               "\nTaken: %s %s\n",
               md5, STAMP, g.list_md5);
  snprintf(name, sizeof name, ".df/commit/%s", g.name);
  assert_int_equal(unlink(name), 0);
  store_header_dir(path, md5);
  assert_int_equal(mkdir(path, 0755), 0);
  store_header(path, md5);
  assert_int_equal(file_replace(path, text, (size_t)n, 0644, 0), 0);
  second(STAMP, 1);
  assert_string_equal(g.p[0].taken_name, "");
  snprintf(name, sizeof name, ".df/commit/%s", g.name);
  assert_int_equal(unlink(name), 0);
  second(LATER, 0);
  snprintf(name, sizeof name, ".df/commit/%s", g.name);
  assert_int_equal(unlink(name), 0);
  g.list_md5[31] ^= 1;
  second(STAMP, 0);
}

static size_t vector(const char *name, char *p) {
  char path[4096];
  ssize_t len;
  snprintf(path, sizeof path, "%s/vectors/%s", getenv("T"), name);
  len = file_read(path, p, 4096);
  assert_true(len > 0);
  return (size_t)len;
}

static void collision(void **state) {
  static char a[4096], b[4096];
  size_t a_len = vector("md5-collision-a.bin", a);
  size_t b_len = vector("md5-collision-b.bin", b);
  struct pending p = pending(a, a_len, STAMP);
  struct commit c;
  struct commit_chunk k;
  size_t at;
  (void)state;
  assert_int_equal(group_add(&g, &p, "", HEADER, strlen(HEADER)), 0);
  p = pending(b, b_len, STAMP);
  assert_int_equal(group_add(&g, &p, "", HEADER, strlen(HEADER)), 0);
  assert_int_equal(group_commit(&g), 0);
  assert_int_equal(g.p[0].outcome, OUTCOME_STORED);
  assert_int_equal(g.p[1].outcome, OUTCOME_COLLISION);
  assert_int_equal(commit_open(&c, g.name), 1);
  at = c.chunks_at;
  assert_int_equal(commit_next_chunk(&c, &at, 0, &k), 1);
  assert_int_equal(k.is_void, 0);
  assert_int_equal(commit_next_chunk(&c, &at, 1, &k), 1);
  assert_int_equal(k.is_void, 1);
  commit_close(&c);
  duties(0, 'T');
  duties(1, 'D');
  group_clear(&g);
  p = pending(b, b_len, STAMP);
  assert_int_equal(group_add(&g, &p, "", HEADER, strlen(HEADER)), 0);
  assert_int_equal(group_commit(&g), 0);
  assert_int_equal(g.p[0].outcome, OUTCOME_COLLISION);
  assert_int_equal(commit_open(&c, g.name), 1); /* the relays look there */
  commit_close(&c);
}

static void header_alone(void **state) {
  struct pending p = {.fd = -1, .alone = 1, .length = 5};
  (void)state;
  add("hello", STAMP);
  digest_md5("hello", 5, p.md5);
  memcpy(p.stamp, LATER, sizeof p.stamp);
  assert_int_equal(group_add(&g, &p, "", HEADER, strlen(HEADER)), 0);
  assert_int_equal(group_commit(&g), 0);
  assert_int_equal(g.p[1].outcome, OUTCOME_DUPLICATE);
  duties(1, 'T');
}

/* The chunk was here when its header came, and has gone since. */
static void header_of_what_has_gone(void **state) {
  struct pending p = {.fd = -1, .alone = 1, .length = 5};
  (void)state;
  digest_md5("gone!", 5, p.md5);
  memcpy(p.stamp, STAMP, sizeof p.stamp);
  assert_int_equal(group_add(&g, &p, "", HEADER, strlen(HEADER)), 0);
  add("hello", STAMP);
  assert_int_equal(group_commit(&g), 0);
  assert_int_equal(g.p[0].outcome, OUTCOME_GONE);
  assert_int_equal(g.p[1].outcome, OUTCOME_STORED);
  duties(0, 'D');
  duties(1, 'T');
}

/* No data goes while a commit is made. */
static void data_is_kept(void **state) {
  int fd = lock_take(".df/lock/data"), status;
  pid_t pid = fork();
  (void)state;
  assert_true(fd >= 0 && pid >= 0);
  if (!pid) {
    close(fd);
    add("hello", STAMP);
    _exit(group_commit(&g) < 0);
  }
  while ((status = lock_take(".df/lock/data.wait")) >= 0)
    close(status);
  assert_int_equal(names_in(".df/commit"), 0);
  assert_int_equal(names_in("md5"), 0);
  close(fd);
  assert_int_equal(waitpid(pid, &status, 0), pid);
  assert_int_equal(status, 0);
  assert_int_equal(names_in(".df/commit"), 1);
}

/* The first failure of any of these: no commit. */
static void any_failure(void **state) {
  static const char *const step[] = {"",
                                     "sync the data",
                                     "sync the data",
                                     "store the data",
                                     "store the data",
                                     "store the data",
                                     "store the data",
                                     "store the data",
                                     "write the commit",
                                     "write the commit"};
  (void)state;
  for (int i = 1; i < 10; ++i) {
    char text[32];
    snprintf(text, sizeof text, "failing %d", i);
    add(text, STAMP);
    add("second", STAMP);
    memset(done, 0, sizeof done);
    failing = i;
    errno = 0;
    assert_int_equal(group_commit(&g), -1);
    assert_int_equal(errno, EIO);
    assert_int_equal(failing, 0);
    assert_int_equal(strlen(done), i);
    assert_string_equal(g.step, step[i]);
    assert_int_equal(names_in(".df/commit"), 0);
    group_clear(&g);
    assert_int_equal(names_in(".df/tmp"), 0);
    assert_int_equal(system("rm -rf md5/??"), 0);
  }
}

static void start_fails(void **state) {
  struct pending p = pending("hello", 5, STAMP);
  (void)state;
  assert_int_equal(rename(".df/tmp", ".df/away"), 0);
  errno = 0;
  assert_int_equal(group_add(&g, &p, "", HEADER, strlen(HEADER)), -1);
  assert_int_equal(errno, ENOENT);
  assert_int_equal(fcntl(p.fd, F_GETFD), -1);
  p.fd = -1;
  p.alone = 1;
  errno = 0;
  assert_int_equal(group_add(&g, &p, "", HEADER, strlen(HEADER)), -1);
  assert_int_equal(errno, ENOENT);
  assert_int_equal(rename(".df/away", ".df/tmp"), 0);
  assert_int_equal(g.n, 0);
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, finish)
  const struct CMUnitTest tests[] = {
      TEST(one_chunk),
      TEST(without_targets),
      TEST(as_many_as_stay_open),
      TEST(one_more),
      TEST(the_most),
      TEST(full),
      TEST(duplicates_in_a_group),
      TEST(the_same_again),
      TEST(the_same_after_publication),
      TEST(collision),
      TEST(header_alone),
      TEST(header_of_what_has_gone),
      TEST(data_is_kept),
      TEST(any_failure),
      TEST(start_fails),
  };
  return cmocka_run_group_tests(tests, start, 0);
}
