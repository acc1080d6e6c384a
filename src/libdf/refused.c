#include "refused.h"

#include "digest.h"
#include "file.h"
#include "json.h"
#include "label.h"
#include "printable.h"
#include "record.h"
#include "slot.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOCK ".df/lock/refused"
#define LINE_MAX_LEN (LABEL_LEN + 2 * PRINTABLE_MAX + MD5_HEX + 8)
#define FULL (4 * REFUSED_LAST * LINE_MAX_LEN)

/* The start of the last REFUSED_LAST lines. */
static size_t last_lines(const char *s, size_t len) {
  unsigned int lines = 0;
  while (len)
    if (s[--len] == '\n' && lines++ == REFUSED_LAST)
      return len + 1;
  return 0;
}

static int trim(void) {
  struct text t;
  size_t from;
  int r = text_map(REFUSED_FILE, &t);
  if (r <= 0)
    return r;
  from = last_lines(t.p, t.len);
  r = file_replace(REFUSED_FILE, t.p + from, t.len - from, 0600, 0);
  text_unmap(&t);
  return r;
}

static int append(const char *line, size_t len) {
  struct stat st;
  int r, e,
      fd = open(REFUSED_FILE,
                O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0)
    return -1;
  r = file_write(fd, line, len);
  if (r == 0)
    r = fstat(fd, &st);
  e = errno;
  close(fd);
  errno = e;
  return r == 0 && st.st_size > FULL ? trim() : r;
}

int refused_add(const char *from, const char *md5, const char *reason) {
  char line[LINE_MAX_LEN], label[LABEL_LEN + 1];
  char who[PRINTABLE_MAX], why[PRINTABLE_MAX];
  int r, e, len, lock = lock_wait(LOCK);
  if (lock < 0)
    return -1;
  label_now(label);
  printable(who, from, strlen(from));
  for (char *s = who; *s; ++s)
    if (*s == ' ')
      *s = '?';
  len = snprintf(line, sizeof line, "%s %s %.*s %s\n", label, *who ? who : "-",
                 MD5_HEX, md5 ? md5 : "-",
                 printable(why, reason, strlen(reason)));
  r = append(line, (size_t)len);
  e = errno;
  close(lock);
  errno = e;
  return r;
}

/* Splits the first word off. */
static int word(const char **s, const char *end, const char **w, size_t *len) {
  const char *space = memchr(*s, ' ', (size_t)(end - *s));
  if (!space)
    return 0;
  *w = *s;
  *len = (size_t)(space - *s);
  *s = space + 1;
  return 1;
}

/* 1; 0: no such line; -1. */
static int put_line(stralloc *out, const char *s, const char *end,
                    const char *comma) {
  const char *label, *from, *md5;
  size_t label_len, from_len, md5_len;
  int64_t at;
  if (!word(&s, end, &label, &label_len) || !word(&s, end, &from, &from_len) ||
      !word(&s, end, &md5, &md5_len) || !label_scan(label, label_len, &at))
    return 0;
  if (json_put_text(out, comma) < 0 || json_put_text(out, "{\"at\":") < 0 ||
      record_date(out, at) < 0 || json_put_text(out, ",\"from\":") < 0 ||
      json_put_string(out, from, from_len) < 0 ||
      json_put_text(out, ",\"md5\":") < 0)
    return -1;
  if (md5_len == MD5_HEX ? json_put_string(out, md5, md5_len) < 0
                         : json_put_text(out, "null") < 0)
    return -1;
  if (json_put_text(out, ",\"reason\":") < 0 ||
      json_put_string(out, s, (size_t)(end - s)) < 0)
    return -1;
  return json_put_text(out, "}") < 0 ? -1 : 1;
}

int refused_put(stralloc *out) {
  struct text t, line;
  const char *comma = "";
  size_t pos;
  int r = text_map(REFUSED_FILE, &t);
  if (r <= 0)
    return r;
  pos = last_lines(t.p, t.len);
  while (r >= 0 && text_line(&t, &pos, &line)) {
    r = put_line(out, line.p, line.p + line.len, comma);
    if (r > 0)
      comma = ",";
  }
  text_unmap(&t);
  return r < 0 ? -1 : 0;
}
