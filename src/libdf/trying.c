#include "trying.h"

#include "file.h"
#include "number.h"
#include "printable.h"
#include "store.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define TRYING_TEXT (PRINTABLE_MAX + 64)

/* The rest of the line that begins with this word, NUL-terminated; 0: none. */
static char *value(char *text, const char *word) {
  size_t len = strlen(word);
  for (char *line = text; line; line = strchr(line, '\n')) {
    line += *line == '\n';
    if (!strncmp(line, word, len))
      return line + len;
  }
  return 0;
}

int64_t trying_read(const char *target, uint64_t *tries,
                    char error[PRINTABLE_MAX]) {
  char path[STORE_TRY], text[TRYING_TEXT];
  struct stat st;
  ssize_t len;
  char *v;
  *tries = 0;
  *error = 0;
  store_try(path, target);
  len = file_read(path, text, sizeof text - 1);
  if (len < 0 || stat(path, &st) < 0)
    return 0;
  text[len] = 0;
  v = value(text, "tries ");
  if (v)
    number_scan(v, strcspn(v, "\n"), tries);
  v = value(text, "last_error ");
  if (v)
    printable(error, v, strcspn(v, "\n"));
  return (int64_t)time(0) - (int64_t)st.st_mtime;
}

int trying_failed(const char *target, const char *why) {
  char path[STORE_TRY], text[TRYING_TEXT], reason[PRINTABLE_MAX];
  uint64_t tries;
  int len;
  store_try(path, target);
  trying_read(target, &tries, reason);
  len = snprintf(text, sizeof text, "tries %llu\nlast_error %s\n",
                 (unsigned long long)tries + 1,
                 printable(reason, why, strlen(why)));
  return file_replace(path, text, (size_t)len, 0600, 0);
}

void trying_reached(const char *target) {
  char path[STORE_TRY];
  store_try(path, target);
  unlink(path);
}
