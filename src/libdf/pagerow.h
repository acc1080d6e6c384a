#ifndef PAGEROW_H
#define PAGEROW_H

#include "html.h"
#include "text.h"

/* Rows of the tables of index.html. What they are made of is JSON that
 * dataflow itself has written. */

/* A chunk is shown with at most so many keys and hosts. */
#define PAGEROW_SOME 8

/* The value of a member as json_find has it; empty where there is none. */
struct text pagerow_member(const struct text *object, const char *name);

/* A member that is a number; 0 where there is none. */
uint64_t pagerow_number(const struct text *object, const char *name);

/* Of a record. Hosts but own (as in status.json) are shown, as links by the
 * template url; 0: as text. */
void pagerow_chunk(struct html *h, const struct text *record,
                   const struct text *own, const char *url);

/* Of an object of "pending" in status.json. */
void pagerow_target(struct html *h, const struct text *pending);

#endif
