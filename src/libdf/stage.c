#include "stage.h"

#include "file.h"
#include "heads.h"
#include "store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define TOP ".df/publish"
#define KINDS 3
static const char *const kinds[KINDS] = {"header", "ticket", "link"};
static const char *const tops[KINDS] = {"head", "head/key", "key"};

#ifdef __linux__
#define few(s) ((s)->files <= STAGE_FEW)
#define sync_all(s) syncfs((s)->fs)
#else /* no call that tells of errors: each file alone */
#define few(s) 1
#define sync_all(s) 0
#endif

static void staged_path(char out[STAGE_PATH], enum stage_kind kind,
                        const char *name) {
  snprintf(out, STAGE_PATH, TOP "/%s/%s", kinds[kind], name);
}

void stage_path(char out[STAGE_PATH], enum stage_kind kind, const char *name) {
  if (kind == STAGE_HEADER)
    store_header(out, name);
  else
    snprintf(out, STAGE_PATH, "%s/%s",
             kind == STAGE_TICKET ? "head/key" : "key", name);
}

/* What is removed there is ours: a link in its place is not followed. */
static int make(const char *dir) {
  int fd, made = file_mkdir(dir, 0700);
  if (made < 0)
    return -1;
  fd = file_open_dir(dir);
  if (fd < 0)
    return -1;
  close(fd);
  return 0;
}

/* Calls each for every name of the kind. The first -1 ends it. */
static int walk(struct stage *s, enum stage_kind kind,
                int (*each)(struct stage *, enum stage_kind, const char *)) {
  char dir[STAGE_PATH];
  struct dirent *e;
  DIR *d;
  int r = 0, error;
  staged_path(dir, kind, "");
  d = opendir(dir);
  if (!d)
    return -1;
  while (r == 0 && (errno = 0, e = readdir(d)))
    if (strcmp(e->d_name, ".") && strcmp(e->d_name, ".."))
      r = each(s, kind, e->d_name);
  error = errno;
  closedir(d);
  errno = error;
  return error ? -1 : r;
}

static int remove_one(struct stage *s, enum stage_kind kind, const char *name) {
  char path[STAGE_PATH];
  (void)s;
  staged_path(path, kind, name);
  return unlink(path);
}

/* Of status.json or index.json; the directories stay. */
static int remove_file(void *context, const char *name) {
  char path[STAGE_PATH];
  (void)context;
  snprintf(path, sizeof path, TOP "/%s", name);
  return unlink(path) < 0 && errno != EISDIR && errno != EPERM ? -1 : 0;
}

int stage_start(struct stage *s) {
  char dir[STAGE_PATH];
  s->files = 0;
  s->fs = -1;
  if (make(TOP) < 0)
    return -1;
  for (int k = 0; k < KINDS; ++k) {
    snprintf(dir, sizeof dir, TOP "/%s", kinds[k]);
    if (make(dir) < 0 || walk(s, k, remove_one) < 0)
      return -1;
  }
  if (heads_names(TOP, remove_file, 0) < 0)
    return -1;
  s->fs = file_open_dir(TOP);
  return s->fs < 0 ? -1 : 0;
}

void stage_end(struct stage *s) {
  close(s->fs);
}

int stage_recover(struct stage *s) {
#ifdef __linux__
  return syncfs(s->fs);
#else
  (void)s;
  sync();
  return 0;
#endif
}

static int put_link(const char *path, const char *target) {
  if (unlink(path) < 0 && errno != ENOENT)
    return -1;
  return symlink(target, path);
}

int stage_put(struct stage *s, enum stage_kind kind, const char *name,
              const void *p, size_t len) {
  char path[STAGE_PATH];
  int fd, e;
  staged_path(path, kind, name);
  ++s->files;
  if (kind == STAGE_LINK)
    return put_link(path, p);
  fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
  if (fd < 0)
    return -1;
  if (file_write(fd, p, len) == 0 && (!few(s) || fsync(fd) == 0))
    return close(fd);
  e = errno;
  close(fd);
  errno = e;
  return -1;
}

static ssize_t read_link(const char *path, char *p, size_t max) {
  ssize_t r = readlink(path, p, max);
  if (r == (ssize_t)max)
    return errno = EFBIG, -1;
  return r;
}

ssize_t stage_read(enum stage_kind kind, const char *name, char *p,
                   size_t max) {
  char path[STAGE_PATH];
  ssize_t r;
  staged_path(path, kind, name);
  for (int i = 0;; ++i) {
    r = kind == STAGE_LINK ? read_link(path, p, max) : file_read(path, p, max);
    if (r >= 0 || errno != ENOENT || i)
      return r;
    stage_path(path, kind, name);
  }
}

static int place_one(struct stage *s, enum stage_kind kind, const char *name) {
  char from[STAGE_PATH], to[STAGE_PATH], dir[STORE_MD5];
  int fd, r, e;
  staged_path(from, kind, name);
  stage_path(to, kind, name);
  if (kind != STAGE_HEADER)
    return rename(from, to);
  store_header_dir(dir, name);
  if (file_mkdir(dir, 0755) < 0)
    return -1;
  fd = file_open_dir(dir); /* a link in its place is not followed */
  if (fd < 0)
    return -1;
  r = renameat(AT_FDCWD, from, fd, name);
  if (r == 0 && few(s))
    r = fsync(fd);
  e = errno;
  close(fd);
  errno = e;
  return r;
}

/* Each kind is durable before the next: no key without its header. */
int stage_apply(struct stage *s) {
  if (!s->files)
    return 0;
  if (!few(s) && sync_all(s) < 0)
    return -1;
  for (int k = 0; k < KINDS; ++k)
    if (walk(s, k, place_one) < 0 ||
        (few(s) ? file_sync_dir(tops[k]) : sync_all(s)) < 0)
      return -1;
  s->files = 0;
  return 0;
}
