#ifndef REFUSED_H
#define REFUSED_H

#include <stralloc.h>

/* What was refused last: lines "LABEL FROM MD5 REASON" in .df/refused, MD5 "-"
 * where it is not known. */
#define REFUSED_FILE ".df/refused"
#define REFUSED_LAST 100

/* Adds a line; from and reason are made printable, md5 (32 digits) may be 0.
 * Now and then all but the last REFUSED_LAST lines go. Not synced. 0; -1. */
int refused_add(const char *from, const char *md5, const char *reason);

/* Appends the last REFUSED_LAST as objects of status.json. 0; -1. */
int refused_put(stralloc *out);

#endif
