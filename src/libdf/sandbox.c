#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What linux/landlock.h may be too old for. */
#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (UINT64_C(1) << 14)
#endif
#ifndef LANDLOCK_ACCESS_FS_IOCTL_DEV
#define LANDLOCK_ACCESS_FS_IOCTL_DEV (UINT64_C(1) << 15)
#endif
#ifndef LANDLOCK_SCOPE_SIGNAL
#define LANDLOCK_SCOPE_SIGNAL (UINT64_C(1) << 1)
#endif
struct ruleset {
  uint64_t fs, net, scoped;
};

#define EXECUTE LANDLOCK_ACCESS_FS_EXECUTE
#define WRITE (LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_TRUNCATE)
#define DEVICES                                                                \
  (LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_BLOCK |              \
   LANDLOCK_ACCESS_FS_IOCTL_DEV)
#define CHANGE                                                                 \
  (WRITE | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |    \
   LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |                 \
   LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |               \
   LANDLOCK_ACCESS_FS_MAKE_SYM | LANDLOCK_ACCESS_FS_REFER)

/* Before it a file cannot be moved from one directory to another. */
#define ABI_REFER 2
#define ABI_TRUNCATE 3
#define ABI_NET 4
#define ABI_IOCTL 5
#define ABI_SCOPE 6

struct sandbox {
  int fd;
  uint64_t handled;
};

static int is_lacking(int e) {
  return e == ENOSYS || e == EOPNOTSUPP || e == EPERM;
}

/* 1; 0: no landlock; -1. */
static int create(struct sandbox *s) {
  struct ruleset r = {.fs = EXECUTE | CHANGE | DEVICES};
  size_t len = sizeof r.fs;
  int abi = (int)syscall(SYS_landlock_create_ruleset, 0, 0,
                         LANDLOCK_CREATE_RULESET_VERSION);
  if (abi < 0)
    return is_lacking(errno) ? 0 : -1;
  if (abi < ABI_REFER)
    return 0;
  if (abi < ABI_TRUNCATE)
    r.fs &= ~LANDLOCK_ACCESS_FS_TRUNCATE;
  if (abi < ABI_IOCTL)
    r.fs &= ~LANDLOCK_ACCESS_FS_IOCTL_DEV;
  if (abi >= ABI_NET)
    len += sizeof r.net;
  if (abi >= ABI_SCOPE) {
    len += sizeof r.scoped;
    r.scoped = LANDLOCK_SCOPE_SIGNAL;
  }
  s->handled = r.fs;
  s->fd = (int)syscall(SYS_landlock_create_ruleset, &r, len, 0);
  return s->fd < 0 ? -1 : 1;
}

/* What is not there, or is of another type, needs no rule: 0. */
static int allow(const struct sandbox *s, const char *path, mode_t type,
                 uint64_t rights) {
  struct landlock_path_beneath_attr rule = {.allowed_access =
                                                rights & s->handled};
  struct stat st;
  int r = 0, e;
  rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
  if (rule.parent_fd < 0)
    return errno == EMFILE || errno == ENFILE || errno == ENOMEM ? -1 : 0;
  if (fstat(rule.parent_fd, &st) < 0 ||
      ((st.st_mode & S_IFMT) == type &&
       syscall(SYS_landlock_add_rule, s->fd, LANDLOCK_RULE_PATH_BENEATH, &rule,
               0) < 0))
    r = -1;
  e = errno;
  close(rule.parent_fd);
  errno = e;
  return r;
}

/* A word of text from *at on, NUL-terminated; without the empty ones, and those
 * that are too long. 0: no more. */
static int word(const char **at, char separator, char out[PATH_MAX]) {
  while (*at && **at) {
    const char *end = strchr(*at, separator), *start = *at;
    size_t len = end ? (size_t)(end - start) : strlen(start);
    *at = end ? end + 1 : 0;
    if (!len || len >= PATH_MAX)
      continue;
    memcpy(out, start, len);
    out[len] = 0;
    return 1;
  }
  return 0;
}

static int allow_name(const struct sandbox *s, const char *path,
                      const char *name) {
  char dir[PATH_MAX], file[PATH_MAX];
  while (word(&path, ':', dir)) {
    int len = snprintf(file, sizeof file, "%s/%s", dir, name);
    if (*dir == '/' && len > 0 && (size_t)len < sizeof file &&
        allow(s, file, S_IFREG, EXECUTE) < 0)
      return -1;
  }
  return 0;
}

static int allow_programs(const struct sandbox *s, const char *path,
                          const char *words) {
  char name[PATH_MAX];
  while (word(&words, ' ', name))
    if (strchr(name, '/') ? *name == '/' && allow(s, name, S_IFREG, EXECUTE) < 0
                          : allow_name(s, path, name) < 0)
      return -1;
  return 0;
}

/* The loader of this program, which is that of those it starts. */
static int find_loader(struct dl_phdr_info *info, size_t size, void *loader) {
  (void)size;
  for (int i = 0; i < info->dlpi_phnum; ++i)
    if (info->dlpi_phdr[i].p_type == PT_INTERP)
      *(const char **)loader =
          (const char *)(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr);
  return 1;
}

static int allow_path(const struct sandbox *s, const char *path) {
  static const char *const loaders[] = {"/lib", "/lib64", "/usr/lib",
                                        "/usr/lib64"};
  const char *loader = 0;
  char dir[PATH_MAX];
  while (word(&path, ':', dir))
    if (*dir == '/' && allow(s, dir, S_IFDIR, EXECUTE) < 0)
      return -1;
  for (size_t i = 0; i < sizeof loaders / sizeof *loaders; ++i)
    if (allow(s, loaders[i], S_IFDIR, EXECUTE) < 0)
      return -1;
  dl_iterate_phdr(find_loader, &loader);
  return loader ? allow(s, loader, S_IFREG, EXECUTE) : 0;
}

static int enter(const struct sandbox *s, const char *path,
                 const char *const *programs) {
  if (allow(s, ".", S_IFDIR, CHANGE) < 0 ||
      allow(s, "/dev/null", S_IFCHR, WRITE) < 0)
    return -1;
  if (path && allow_path(s, path) < 0)
    return -1;
  for (; programs && *programs; ++programs)
    if (allow_programs(s, path, *programs) < 0)
      return -1;
  return syscall(SYS_landlock_restrict_self, s->fd, 0) < 0 ? -1 : 1;
}

int sandbox_enter(const char *path, const char *const *programs) {
  struct sandbox s;
  int r, e;
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
    return -1;
  r = create(&s);
  if (r < 1)
    return r;
  r = enter(&s, path, programs);
  e = errno;
  close(s.fd);
  errno = e;
  return r;
}
