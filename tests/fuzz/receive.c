/* A stream received into an empty store, without targets: which chunks are
 * there afterwards, and how it ended. */
#include "target.h"

#include "file.h"
#include "receive.h"
#include "store.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define MOST 256

static struct receiver r;
static char stored[MOST][MD5_HEX + 1];
static int n, refused, duplicates;

/* What is durable is not what is tried here. */
int fsync(int fd) {
  (void)fd;
  return 0;
}

int syncfs(int fd) {
  (void)fd;
  return 0;
}

static void told(void *context, const struct receiver_event *e) {
  (void)context;
  if (e->what == RECEIVER_STORED && n < MOST)
    memcpy(stored[n++], e->md5, MD5_HEX);
  duplicates += e->what == RECEIVER_DUPLICATE;
  refused += e->what == RECEIVER_REFUSED;
}

static int none(void *context, const struct entry *e) {
  (void)context;
  (void)e;
  return 0;
}

static int begin(int fd) {
  hashing_stop(&r.c.hashing);
  memset(&r, 0, offsetof(struct receiver, list));
  r.input = (struct input){.fd = fd, .timeout = 1};
  r.largest = 100000;
  r.reserve = 0;
  r.told = told;
  r.spool.lock = -1;
  n = refused = duplicates = 0;
  if (receiver_begin(&r) < 0)
    return -1;
  targets_filter(&r.targets, none, 0);
  return 0;
}

static int receive(int fd) {
  int more;
  if (begin(fd) < 0)
    return -1;
  while ((more = receiver_chunk(&r)) > 0)
    ;
  return more < 0 ? -1 : receiver_end(&r);
}

static void empty(const char *dir) {
  char path[300];
  struct dirent *e;
  DIR *d = opendir(dir);
  MUST(d);
  while ((e = readdir(d)))
    if (*e->d_name != '.') {
      snprintf(path, sizeof path, "%s/%s", dir, e->d_name);
      MUST(unlink(path) == 0);
    }
  closedir(d);
}

/* Everything closed and the store as it was. */
static void end(void) {
  char path[STORE_MD5];
  if (r.twin.fd > 0)
    close(r.twin.fd);
  if (r.spool.lock >= 0)
    spool_close(&r.spool);
  if (r.group.store > 0)
    close(r.group.store);
  for (int i = 0; i < n; ++i) {
    store_data(path, stored[i]);
    MUST(unlink(path) == 0);
    store_data_dir(path, stored[i]);
    rmdir(path);
  }
  empty(".df/commit");
  empty(".df/id");
}

/* What is said to be stored is there, and is what its name says. */
static void look(void) {
  char path[STORE_MD5], md5[MD5_HEX + 1];
  const char *p;
  size_t len;
  for (int i = 0; i < n; ++i) {
    int fd;
    store_data(path, stored[i]);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    MUST(fd >= 0 && file_map(fd, &p, &len) == 0);
    close(fd);
    digest_md5(p, len, md5);
    MUST(!strcmp(md5, stored[i]));
    file_unmap(p, len);
  }
}

static int compare(const void *a, const void *b) {
  return strcmp(a, b);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t len) {
  static int fd = -1;
  int ended;
  target_store();
  if (fd < 0)
    fd = memfd_create("stream", MFD_CLOEXEC);
  MUST(ftruncate(fd, 0) == 0 && lseek(fd, 0, SEEK_SET) == 0 &&
       file_write(fd, p, len) == 0 && lseek(fd, 0, SEEK_SET) == 0);
  ended = receive(fd);
  MUST(!r.step);
  qsort(stored, (size_t)n, sizeof *stored, compare);
  for (int i = 0; i < n; ++i)
    verdict("%s ", stored[i]);
  verdict("duplicates %d %s", duplicates,
          ended < 0 || refused ? "reset" : "end");
  look();
  end();
  return 0;
}
