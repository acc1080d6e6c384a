#ifndef ARRIVING_H
#define ARRIVING_H

#include "receive.h"

/* The chunk that is arriving (r->c), from its header to its trailer. */

/* The header has come: looks whether the chunk may be taken, opens its spool
 * file. */
void arriving_start(struct receiver *r);

/* Data of it: written and hashed, unless it has been refused. */
void arriving_take(struct receiver *r, const char *data, size_t len);

/* Gives it up; what follows of it is read and dropped. The first reason stands.
 * code as in struct receiver_event. */
void arriving_refuse(struct receiver *r, int code, const char *why);

#endif
