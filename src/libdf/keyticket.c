#include "keyticket.h"

int keyticket_make(struct header_text *out, const char *stored, size_t len,
                   const char *key, size_t key_len) {
  struct field f;
  size_t pos = 0;
  out->len = 0;
  out->lines = 0;
  if (!header_add(out, "Key", key, key_len))
    return 0;
  while (header_next(stored, len, &pos, &f) == 1)
    if (!field_is(&f, "Key") && !field_is(&f, "Taken") &&
        !header_add_line(out, f.line, f.line_len))
      return 0;
  return 1;
}

int keyticket_of_push(struct header_text *out, const struct merge_push *push) {
  struct header_text h;
  struct header scan;
  unsigned int dropped;
  if (merge(&h, 0, 0, push, &dropped) ||
      header_scan(h.s, h.len, HEADER_STORED, &scan) || !scan.key)
    return 0;
  return keyticket_make(out, h.s, h.len, scan.key, scan.key_len);
}
