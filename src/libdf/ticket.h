#ifndef TICKET_H
#define TICKET_H

#include "header.h"

/* Tickets (protocol.md section 3): a header in a file, with the length and the
 * hashes of the data. */

/* The header with what is missing added from t. 1; 0: over the limits. */
int ticket_make(struct header_text *out, const struct header_text *header,
                const struct trailer *t);

/* Whether ticket_write could succeed: name is free or a regular file, its
 * directory may be written. 0; -1 errno (EISDIR, EINVAL: something else is
 * there). */
int ticket_check(const char *name);

/* Replaces the file atomically, mode 0644, synced. 0; -1 errno. */
int ticket_write(const char *name, const struct header_text *ticket);

#endif
