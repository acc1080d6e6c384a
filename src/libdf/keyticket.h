#ifndef KEYTICKET_H
#define KEYTICKET_H

#include "merge.h"

/* Tickets as they stand in head/key/: a stored header with one key and without
 * Taken lines. */

/* From a stored header, for this key. 1; 0: no room. */
int keyticket_make(struct header_text *out, const char *stored, size_t len,
                   const char *key, size_t key_len);

/* From a push. 1; 0: it has no key, or no room for it. */
int keyticket_of_push(struct header_text *out, const struct merge_push *push);

#endif
