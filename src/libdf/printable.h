#ifndef PRINTABLE_H
#define PRINTABLE_H

#include <stddef.h>

/* Text from outside, made fit for one log line: bytes other than 33 to 126 and
 * single spaces between them become '?', cut to 100 bytes ("..." at the end). */
#define PRINTABLE_MAX 104
const char *printable(char out[PRINTABLE_MAX], const char *s, size_t len);

#endif
