#include "chunkline.h"

void chunkline_put(buffer *b, const char *before, const char *name,
                   const struct trailer *t) {
  buffer_puts(b, before);
  buffer_puts(b, *before ? " " : "");
  buffer_puts(b, t->md5);
  buffer_puts(b, " ");
  buffer_putulonglong(b, t->length);
  buffer_puts(b, " ");
  for (; *name; name++)
    buffer_put(b, (unsigned char)*name < 32 || *name == 127 ? "?" : name, 1);
  buffer_puts(b, "\n");
}
