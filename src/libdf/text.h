#ifndef TEXT_H
#define TEXT_H

#include <stddef.h>

/* A file's bytes, or some of them. */
struct text {
  const char *p;
  size_t len;
};

/* Maps a whole file. 1; 0: there is none (t is empty then); -1: errno. */
int text_map(const char *name, struct text *t);
void text_unmap(const struct text *t);

/* The line at *pos, without its newline; moves *pos on. 1; 0: no whole line is
 * left. */
int text_line(const struct text *t, size_t *pos, struct text *line);

#endif
