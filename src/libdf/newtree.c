#include "newtree.h"

#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int newtree_file(const char *name, const void *p, size_t len, mode_t mode) {
  int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  int e;
  if (fd < 0)
    return -1;
  if (file_write(fd, p, len) == 0 && fsync(fd) == 0)
    return close(fd);
  e = errno;
  close(fd);
  errno = e;
  return -1;
}

int newtree_dir(const char *name, mode_t mode, uid_t uid, gid_t gid) {
  if (mkdir(name, mode) < 0)
    return -1;
  return lchown(name, uid, gid);
}

int newtree_parents(const char *name) {
  char path[PATH_MAX];
  size_t len = strlen(name);
  if (len >= sizeof path) {
    errno = ENAMETOOLONG;
    return -1;
  }
  memcpy(path, name, len + 1);
  for (char *s = strchr(path + 1, '/'); s; s = strchr(s + 1, '/')) {
    *s = 0;
    if (mkdir(path, 0755) < 0 && errno != EEXIST)
      return -1;
    *s = '/';
  }
  return 0;
}
