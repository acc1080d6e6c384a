#include "beside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int beside_open(const char *name, char tmp[PATH_MAX]) {
  if (snprintf(tmp, PATH_MAX, "%s.XXXXXX", name) >= PATH_MAX) {
    errno = ENAMETOOLONG;
    return -1;
  }
  return mkostemp(tmp, O_CLOEXEC);
}

int beside_check(const char *name) {
  char tmp[PATH_MAX];
  struct stat st;
  int fd;

  if (!*name) {
    errno = ENOENT;
    return -1;
  }
  if (lstat(name, &st) == 0) {
    if (!S_ISREG(st.st_mode)) {
      errno = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
      return -1;
    }
  } else if (errno != ENOENT)
    return -1;
  fd = beside_open(name, tmp);
  if (fd < 0)
    return -1;
  close(fd);
  return unlink(tmp);
}

int beside_end(int fd, const char *tmp, const char *name, mode_t mode) {
  int error;

  if (fchmod(fd, mode) == 0 && fsync(fd) == 0 && rename(tmp, name) == 0) {
    close(fd);
    return 0;
  }
  error = errno;
  unlink(tmp);
  close(fd);
  errno = error;
  return -1;
}
