#ifndef APPEND_H
#define APPEND_H

#include "origin.h"

/* A header alone for a chunk that its receivers have (protocol.md section 2),
 * made of a ticket of it and of what is to be said anew. */
struct append {
  struct header_text header; /* with "Data: none" */
  struct header_text ticket; /* the ticket as it is after that */
  struct trailer trailer;
};

/* o: Backup-Hosts come after the ticket's; host (0: the ticket's stays) makes
 * the ticket's Host a Backup-Host; the life that ends later counts; TTL
 * replaces the ticket's. Stamp is new. key 0: none; the ticket's keys are left
 * where they are. 0; else what is wrong with the ticket, or ORIGIN_LIMITS, a
 * short constant. */
const char *append_make(struct append *a, const struct origin *o,
                        const char *key, const char *ticket, size_t len);

#endif
