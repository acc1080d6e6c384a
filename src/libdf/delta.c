#include "delta.h"

#include "file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SUFFIX ".jsonl"

void delta_name(char out[DELTA_NAME], const char *epoch) {
  snprintf(out, DELTA_NAME, "delta/%s" SUFFIX, epoch);
}

int delta_begin(struct delta *d) {
  char name[DELTA_NAME];
  int fd;
  do {
    label_now(d->epoch);
    delta_name(name, d->epoch);
    fd = open(name,
              O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC | O_NOFOLLOW,
              0644);
  } while (fd < 0 && errno == EEXIST);
  if (fd < 0)
    return -1;
  d->start = 0;
  writer_start(&d->w, fd);
  return 0;
}

int delta_resume(struct delta *d, const char *epoch, uint64_t bytes) {
  char name[DELTA_NAME];
  struct stat st;
  int fd;
  if (!label_scan(epoch, strlen(epoch), 0))
    return 0;
  delta_name(name, epoch);
  fd = open(name, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0)
    return errno == ENOENT ? 0 : -1;
  if (fstat(fd, &st) < 0 || (uint64_t)st.st_size != bytes) {
    close(fd);
    return 0;
  }
  memcpy(d->epoch, epoch, sizeof d->epoch);
  d->start = bytes;
  writer_start(&d->w, fd);
  return 1;
}

int delta_put(struct delta *d, const char *record, size_t len) {
  return writer_put(&d->w, record, len) < 0 ? -1 : writer_put(&d->w, "\n", 1);
}

uint64_t delta_bytes(const struct delta *d) {
  return d->start + d->w.bytes;
}

int delta_sync(struct delta *d) {
  if (d->start && !d->w.bytes)
    return 0;
  return writer_sync(&d->w) < 0 ? -1 : file_sync_dir("delta");
}

void delta_close(struct delta *d) {
  close(d->w.fd);
}

void delta_abandon(struct delta *d) {
  char name[DELTA_NAME];
  delta_name(name, d->epoch);
  if (d->start ? ftruncate(d->w.fd, (off_t)d->start) : unlink(name))
    return; /* the next run sees the wrong size and begins an epoch */
}

void delta_retire(const char *epoch) {
  char name[DELTA_NAME];
  delta_name(name, epoch);
  utimensat(AT_FDCWD, name, 0, AT_SYMLINK_NOFOLLOW);
}

int delta_clean(const char *epoch, time_t since) {
  char name[DELTA_NAME], keep[DELTA_NAME];
  DIR *d = opendir("delta");
  struct dirent *e;
  struct stat st;
  int r = 0;
  if (!d)
    return -1;
  delta_name(keep, epoch);
  while (r == 0 && (e = readdir(d))) {
    if (strlen(e->d_name) != LABEL_LEN + sizeof SUFFIX - 1 ||
        !label_scan(e->d_name, LABEL_LEN, 0) ||
        strcmp(e->d_name + LABEL_LEN, SUFFIX))
      continue;
    snprintf(name, sizeof name, "delta/%.40s", e->d_name);
    if (strcmp(name, keep) && lstat(name, &st) == 0 && st.st_mtime < since)
      r = unlink(name);
  }
  closedir(d);
  return r;
}
