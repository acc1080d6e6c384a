#include "hosts.h"

#include "backup.h"

#include <string.h>

/* Its place; h->n: not there. */
static size_t find(const struct hosts *h, const char *name) {
  size_t i = 0;
  while (i < h->n && !backup_same(h->at[i].name, name))
    ++i;
  return i;
}

int hosts_add(struct hosts *h, const char *name, size_t len) {
  char text[HOST_MAX + 1];
  if (len > HOST_MAX || h->n == HOSTS_MAX)
    return 0;
  memcpy(text, name, len);
  text[len] = 0;
  if (find(h, text) < h->n)
    return 0;
  memcpy(h->at[h->n].name, text, len + 1);
  h->at[h->n++].state = HOST_NEW;
  return 1;
}

static void add_lines(struct hosts *h, const char *header, size_t len,
                      const char *name) {
  struct field f;
  size_t pos = 0;
  while (header_next(header, len, &pos, &f) == 1)
    if (field_is(&f, name))
      hosts_add(h, f.value, f.value_len);
}

void hosts_add_header(struct hosts *h, const char *header, size_t len) {
  add_lines(h, header, len, "Host");
  add_lines(h, header, len, "Backup-Host");
}

size_t hosts_next(const struct hosts *h) {
  size_t late = h->n;
  for (size_t i = 0; i < h->n; ++i) {
    if (h->at[i].state == HOST_NEW)
      return i;
    if (h->at[i].state == HOST_LATE && late == h->n)
      late = i;
  }
  return late;
}

void hosts_again(struct hosts *h) {
  for (size_t i = 0; i < h->n; ++i)
    if (h->at[i].state == HOST_FAILED)
      h->at[i].state = HOST_NEW;
}

void hosts_recall(struct hosts *h, const struct hosts *from) {
  for (size_t i = 0; i < h->n; ++i) {
    size_t j = find(from, h->at[i].name);
    if (j < from->n)
      h->at[i].state = from->at[j].state;
  }
}
