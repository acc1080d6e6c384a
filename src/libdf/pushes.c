#include "pushes.h"

#include <string.h>

void pushes_add(struct pushes *p, const char *value) {
  unsigned int i = 0;
  int r = 1;
  while (i < p->n && (r = memcmp(p->line[i], value, PUSHES_LEN)) > 0)
    ++i;
  if ((i < p->n && r == 0) || i == PUSHES_MAX)
    return;
  if (p->n < PUSHES_MAX)
    ++p->n;
  memmove(p->line + i + 1, p->line + i, (p->n - 1 - i) * PUSHES_LEN);
  memcpy(p->line[i], value, PUSHES_LEN);
}

void pushes_read(struct pushes *p, const char *stored, size_t len) {
  struct field f;
  size_t pos = 0;
  while (header_next(stored, len, &pos, &f) == 1)
    if (field_is(&f, "Taken") && f.value_len == PUSHES_LEN)
      pushes_add(p, f.value);
}

void pushes_put(struct header_text *out, const struct pushes *p) {
  for (unsigned int i = 0; i < p->n; ++i)
    header_add(out, "Taken", p->line[i], PUSHES_LEN);
}
