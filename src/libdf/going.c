#include "going.h"

#include "file.h"
#include "heads.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define PATH 64

static const char *const dirs[GOING_STAGES] = {
    ".df/going/asked", ".df/going/unlisted", ".df/going/out"};

static void mark_path(char out[PATH], enum going_stage stage, const char *md5) {
  snprintf(out, PATH, "%s/%.32s", dirs[stage], md5);
}

int going_set(enum going_stage stage, const char *md5, const char *reason) {
  char path[PATH];
  mark_path(path, stage, md5);
  while (symlink(reason, path) < 0)
    if (errno != EEXIST || (unlink(path) < 0 && errno != ENOENT))
      return -1;
  return 0;
}

int going_get(enum going_stage stage, const char *md5,
              char reason[GOING_REASON]) {
  char path[PATH];
  ssize_t len;
  mark_path(path, stage, md5);
  len = readlink(path, reason, GOING_REASON - 1);
  if (len < 0)
    return errno == ENOENT ? 0 : -1;
  reason[len] = 0;
  return 1;
}

int going_age(enum going_stage stage, const char *md5, long *seconds) {
  char path[PATH];
  struct stat st;
  mark_path(path, stage, md5);
  if (lstat(path, &st) < 0)
    return errno == ENOENT ? 0 : -1;
  *seconds = (long)(time(0) - st.st_mtime);
  return 1;
}

int going_clear(enum going_stage stage, const char *md5) {
  char path[PATH];
  mark_path(path, stage, md5);
  return unlink(path) < 0 && errno != ENOENT ? -1 : 0;
}

int going_sync(enum going_stage stage) {
  return file_sync_dir(dirs[stage]);
}

struct walk {
  int (*each)(void *context, const char *md5);
  void *context;
};

static int one(void *context, const char *name) {
  const struct walk *w = context;
  if (strlen(name) != MD5_HEX || strspn(name, "0123456789abcdef") != MD5_HEX)
    return 0;
  return w->each(w->context, name);
}

int going_each(enum going_stage stage,
               int (*each)(void *context, const char *md5), void *context) {
  struct walk w = {each, context};
  return heads_names(dirs[stage], one, &w);
}
