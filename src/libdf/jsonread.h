#ifndef JSONREAD_H
#define JSONREAD_H

#include <jansson.h>
#include <stddef.h>

/* Reading JSON that others have written, by jansson, in bounded memory. */
#define JSONREAD_MEMORY 16777216 /* bytes for one text; none needs so many */

/* The value of len bytes of text, to be given to json_decref; 0: it is none,
 * or needs too much memory. */
json_t *jsonread(const char *s, size_t len);

#endif
