#include "heads.h"

#include "digest.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int heads_names(const char *dir, int (*each)(void *context, const char *name),
                void *context) {
  DIR *d = opendir(dir);
  struct dirent *e;
  int r = 0, error;
  if (!d)
    return -1;
  while (r == 0 && (errno = 0, e = readdir(d)))
    if (*e->d_name != '.')
      r = each(context, e->d_name);
  error = r ? errno : 0;
  if (!r && errno) {
    error = errno;
    r = -1;
  }
  closedir(d);
  errno = error;
  return r;
}

static int is_visible(const struct dirent *e) {
  return *e->d_name != '.';
}

static int by_name(const struct dirent **a, const struct dirent **b) {
  return strcmp((*a)->d_name, (*b)->d_name);
}

int heads_sorted(const char *dir, int (*each)(void *context, const char *name),
                 void *context) {
  struct dirent **e;
  int n = scandir(dir, &e, is_visible, by_name), r = 0, error = 0;
  if (n < 0)
    return -1;
  for (int i = 0; i < n; ++i) {
    if (!r) {
      r = each(context, e[i]->d_name);
      error = errno;
    }
    free(e[i]);
  }
  free(e);
  errno = error;
  return r;
}

struct walk {
  int (*each)(void *context, const char *md5);
  void *context;
  const char *top;
};

static int one(void *context, const char *name) {
  const struct walk *w = context;
  if (strlen(name) != MD5_HEX || strspn(name, "0123456789abcdef") != MD5_HEX ||
      memcmp(name, w->top, 2))
    return 0;
  return w->each(w->context, name);
}

static int top(void *context, const char *name) {
  struct walk w = *(struct walk *)context;
  char dir[16];
  if (strlen(name) != 2 || strspn(name, "0123456789abcdef") != 2)
    return 0;
  snprintf(dir, sizeof dir, "head/%s", name);
  w.top = name;
  return heads_names(dir, one, &w);
}

int heads_each(int (*each)(void *context, const char *md5), void *context) {
  struct walk w = {.each = each, .context = context};
  return heads_names("head", top, &w);
}
