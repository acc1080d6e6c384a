#ifndef NEWEST_H
#define NEWEST_H

#include "text.h"

#include <stddef.h>

/* The chunks that were stored last, of the records of index.json. */
#define NEWEST 200

struct newest {
  struct text record[NEWEST]; /* n of them, the last first */
  size_t n;
};

/* Goes through the records from pos on; what is found points into the text. */
void newest_find(struct newest *w, const struct text *index, size_t pos);

#endif
