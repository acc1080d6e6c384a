#ifndef PUSHES_H
#define PUSHES_H

#include "header.h"

#include <stddef.h>

/* The Taken lines of a stored header (protocol.md section 5): which pushes the
 * chunk was taken with, those of the newest Stamps. */
#define PUSHES_MAX 32
#define PUSHES_LEN 58 /* STAMP MD5 */

struct pushes {
  char line[PUSHES_MAX][PUSHES_LEN]; /* n of them, the greatest first */
  unsigned int n;
};

/* Adds "STAMP MD5", unless it is there or PUSHES_MAX greater ones are. */
void pushes_add(struct pushes *p, const char *value);

/* Adds all that a stored header has. */
void pushes_read(struct pushes *p, const char *stored, size_t len);

/* Appends lines, as far as there is room. */
void pushes_put(struct header_text *out, const struct pushes *p);

#endif
