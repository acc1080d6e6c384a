#ifndef RELAYING_H
#define RELAYING_H

#include "receive.h"

/* What a receiver orders its relays to send (orders.h). Relays are started with
 * the first chunk that they have a duty for. While another connection with the
 * same id and list brings the same chunks, nothing is ordered: its relays do
 * it. All: 0; -1. */
#define RELAYING_EARLY 65536 /* a chunk is announced after so many bytes */

/* The stream whose relays have the duties of what is committed now. */
const char *relaying_keeper(const struct receiver *r);

/* 1: the chunk that is coming may be announced, and has not been yet. */
int relaying_early(const struct receiver *r);

/* Announces it: it is followed from now on while it grows. */
int relaying_announce(struct receiver *r);

/* It is whole and good: t. */
int relaying_done(struct receiver *r, const struct trailer *t);

/* It is given up. */
int relaying_lost(struct receiver *r);

/* The group has been committed. */
int relaying_committed(struct receiver *r);

/* All is committed. */
int relaying_end(struct receiver *r);

#endif
