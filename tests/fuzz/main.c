/* With libFuzzer: what targets share. Without (no -DLIBFUZZER): also main,
 * which runs the files that are named, or stand in the directories that are
 * named, and prints "NAME<TAB>VERDICT" for each. */
#include "target.h"

#include "file.h"
#include "store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int quiet = 1;

void verdict(const char *format, ...) {
  va_list args;
  if (quiet)
    return;
  va_start(args, format);
  vprintf(format, args);
  va_end(args);
}

void verdict_hex(const char *p, size_t len) {
  for (size_t i = 0; i < len; ++i)
    verdict("%02x", (unsigned char)p[i]);
}

_Noreturn void target_failed(const char *what) {
  fprintf(stderr, "not so: %s\n", what);
  abort();
}

void target_store(void) {
  static int done;
  char name[] = "store.XXXXXX";
  if (done)
    return;
  done = 1;
  MUST(mkdtemp(name) && chdir(name) == 0 && !store_open());
}

void target_put(const char *name, const uint8_t *p, size_t len) {
  int fd;
  unlink(name); /* what is truncated is written out at once by some */
  fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  MUST(fd >= 0 && file_write(fd, p, len) == 0);
  close(fd);
}

#ifndef LIBFUZZER
static int fail(const char *name) {
  fprintf(stderr, "fuzz: fatal: unable to read %s: %s\n", name,
          strerror(errno));
  return 111;
}

/* The bytes in memory that ends where they end, so that reading on is seen. */
static int run(const char *path, const char *name) {
  const char *map;
  uint8_t *p;
  size_t len;
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0 || file_map(fd, &map, &len) < 0)
    return fail(path);
  close(fd);
  p = malloc(len ? len : 1);
  MUST(p);
  memcpy(p, map, len);
  file_unmap(map, len);
  printf("%s\t", name);
  LLVMFuzzerTestOneInput(p, len);
  free(p);
  printf("\n");
  return 0;
}

static int run_all(const char *dir) {
  struct dirent **list;
  char path[PATH_MAX];
  int r = 0, n = scandir(dir, &list, 0, alphasort);
  if (n < 0)
    return fail(dir);
  for (int i = 0; i < n; ++i) {
    snprintf(path, sizeof path, "%s/%s", dir, list[i]->d_name);
    if (!r && *list[i]->d_name != '.')
      r = run(path, list[i]->d_name);
    free(list[i]);
  }
  free(list);
  return r;
}

int main(int argc, char **argv) {
  struct stat st;
  int r = 0;
  quiet = 0;
  setvbuf(stdout, 0, _IOLBF, 0);
  for (int i = 1; !r && i < argc; ++i) {
    if (stat(argv[i], &st) < 0)
      return fail(argv[i]);
    r = S_ISDIR(st.st_mode) ? run_all(argv[i]) : run(argv[i], argv[i]);
  }
  return r;
}
#endif
