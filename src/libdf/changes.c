#include "changes.h"

#include "file.h"
#include "text.h"
#include "writer.h"

#include <errno.h>
#include <scan.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BYTES (MD5_HEX / 2)
#define TMP CHANGES_FILE ".new"
#define ALL "all\n"

int changes_add(struct changes *c, const char *md5) {
  unsigned char *to;
  if (c->n == c->room) {
    size_t room = c->room ? c->room + c->room / 2 : 64;
    to = realloc(c->md5, room * BYTES);
    if (!to)
      return -1;
    c->md5 = to;
    c->room = room;
  }
  to = c->md5 + c->n * BYTES;
  for (size_t i = 0; i < BYTES; ++i) {
    int high = scan_fromhex((unsigned char)md5[2 * i]);
    int low = high < 0 ? -1 : scan_fromhex((unsigned char)md5[2 * i + 1]);
    if (low < 0)
      return errno = EPROTO, -1;
    to[i] = (unsigned char)(high << 4 | low);
  }
  ++c->n;
  return 0;
}

static int compare(const void *a, const void *b) {
  return memcmp(a, b, BYTES);
}

void changes_sort(struct changes *c) {
  size_t n = 0;
  if (!c->n)
    return;
  qsort(c->md5, c->n, BYTES, compare);
  for (size_t i = 1; i < c->n; ++i)
    if (compare(c->md5 + n * BYTES, c->md5 + i * BYTES))
      memmove(c->md5 + ++n * BYTES, c->md5 + i * BYTES, BYTES);
  c->n = n + 1;
}

void changes_get(const struct changes *c, size_t i, char md5[MD5_HEX + 1]) {
  static const char digits[] = "0123456789abcdef";
  for (size_t k = 0; k < BYTES; ++k) {
    unsigned char byte = c->md5[i * BYTES + k];
    md5[2 * k] = digits[byte >> 4];
    md5[2 * k + 1] = digits[byte & 15];
  }
  md5[MD5_HEX] = 0;
}

static int load(struct changes *c, const char *p, size_t len) {
  if (len >= 4 && !memcmp(p, ALL, 4)) {
    c->all = 1;
    p += 4;
    len -= 4;
  }
  for (; len > MD5_HEX && p[MD5_HEX] == '\n'; p += MD5_HEX + 1) {
    if (changes_add(c, p) < 0)
      return -1;
    len -= MD5_HEX + 1;
  }
  return len ? (errno = EPROTO, -1) : 1;
}

int changes_load(struct changes *c) {
  struct text t;
  int e, r;
  if (unlink(TMP) < 0 && errno != ENOENT)
    return -1;
  r = text_map(CHANGES_FILE, &t);
  if (r <= 0)
    return r;
  r = load(c, t.p, t.len);
  e = errno;
  text_unmap(&t);
  errno = e;
  return r;
}

int changes_save(const struct changes *c) {
  struct writer w;
  char line[MD5_HEX + 1];
  if (writer_create(&w, TMP, 0600) < 0)
    return -1;
  if (c->all)
    writer_puts(&w, ALL);
  for (size_t i = 0; i < c->n; ++i) {
    changes_get(c, i, line);
    line[MD5_HEX] = '\n';
    writer_put(&w, line, sizeof line);
  }
  if (writer_finish(&w, TMP) < 0 || writer_place(TMP, CHANGES_FILE) < 0)
    return -1;
  return file_sync_dir(".df");
}
