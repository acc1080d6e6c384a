#ifndef SETUP_H
#define SETUP_H

/* What unit tests of a store share. Included after cmocka.h. */

#include "file.h"
#include "store.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A group's set-up: a new store is the current directory. */
static inline int in_store(void **state) {
  (void)state;
  if (mkdir("store", 0755) < 0 || chdir("store") < 0)
    return -1;
  return store_open() ? -1 : 0;
}

/* How many names there are that do not begin with a dot. */
static inline int names_in(const char *dir) {
  DIR *d = opendir(dir);
  struct dirent *e;
  int n = 0;
  assert_non_null(d);
  while ((e = readdir(d)))
    n += *e->d_name != '.';
  closedir(d);
  return n;
}

/* The file has this text, and nothing else. */
static inline void put_text(const char *name, const char *text) {
  assert_int_equal(file_replace(name, text, strlen(text), 0644, 0), 0);
}

#endif
