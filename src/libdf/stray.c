#include "stray.h"

#include "batch.h"
#include "file.h"
#include "heads.h"
#include "keeping.h"
#include "list.h"
#include "netstring.h"
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MAGIC "DFC1 "
#define LINE_LEN 38 /* of a commit's first line */

static struct batch found;

static int is_md5(const char *s, size_t len) {
  return len == MD5_HEX && strspn(s, "0123456789abcdef") >= MD5_HEX;
}

/* What cannot be looked at stays. */
static int is_bare(const char *md5) {
  char path[STORE_MD5];
  store_data(path, md5);
  if (access(path, F_OK) < 0)
    return 0;
  store_header(path, md5);
  return access(path, F_OK) < 0 && errno == ENOENT;
}

/* Not synced: it may be back after a power cut, as it was. */
static int remove_one(const char *md5) {
  char path[STORE_MD5];
  store_data(path, md5);
  return unlink(path);
}

/* Commits first: what one has named until then, and names no more, has its
 * header by now. */
static int remove_found(void) {
  int r = 0, e, keeping;
  if (!found.n)
    return 0;
  keeping = keeping_alone();
  if (keeping < 0)
    return -1;
  found.skip = 0;
  if (batch_hold(&found) < 0)
    r = -1;
  for (size_t i = 0; r == 0 && i < found.n; ++i)
    if (!found.chunk[i].held && is_bare(found.chunk[i].md5))
      r = remove_one(found.chunk[i].md5);
  e = errno;
  close(keeping);
  errno = e;
  return r;
}

static void start(void) {
  found.skip = 0;
  batch_clear(&found);
}

int stray_remove(const char *const *md5s, size_t n) {
  start();
  for (size_t i = 0; i < n; ++i)
    if (is_bare(md5s[i]) && batch_add(&found, md5s[i], 0, 0) == 1)
      break;
  return remove_found();
}

/* The text of a commit, as far as it was written: of its netstrings those of
 * this length are MD5s, and the id of the stream. That of a commit whose writer
 * lives does no harm: who takes the lock alone finds it done. */
static void read_unfinished(const char *text, size_t size) {
  char md5[MD5_HEX + 1] = "";
  size_t at = LINE_LEN, len;
  const char *p;
  long n;
  while (at < size &&
         (n = netstring_scan(text + at, size - at, LIST_MAX, &p, &len)) > 0) {
    at += (size_t)n;
    if (len != MD5_HEX)
      continue;
    memcpy(md5, p, MD5_HEX);
    if (is_md5(md5, len) && is_bare(md5) && batch_add(&found, md5, 0, 0) == 1)
      return;
  }
}

/* A commit only grows; other files there are cut, and are not mapped. */
static int unfinished(void *context, const char *name) {
  char path[320], magic[sizeof MAGIC - 1];
  const char *text;
  size_t size;
  int fd;
  (void)context;
  snprintf(path, sizeof path, ".df/tmp/%.255s", name);
  fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0)
    return 0;
  start();
  if (file_read_at(fd, magic, sizeof magic, 0) == sizeof magic &&
      !memcmp(magic, MAGIC, sizeof magic) && file_map(fd, &text, &size) == 0) {
    read_unfinished(text, size);
    file_unmap(text, size);
  }
  close(fd);
  remove_found();
  return 0;
}

void stray_sweep(void) {
  heads_names(".df/tmp", unfinished, 0);
}
