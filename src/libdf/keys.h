#ifndef KEYS_H
#define KEYS_H

#include "digest.h"
#include "keyname.h"
#include "stage.h"

#include <stddef.h>

/* Who owns a key: protocol.md section 3. The word is the ticket
 * head/key/NAME; the link key/NAME follows it. */
struct keys_move {
  char from[MD5_HEX + 1]; /* where the link led before; "": there was none */
  char to[MD5_HEX + 1];   /* the owner */
};

/* A push (its ticket: a stored header with one key) asks for its key. A ticket
 * whose chunk is gone counts as none; that of a chunk that is corrupt and may
 * come back (going.h) counts, without a link. 1: the link has been staged, *m
 * says what changes; 0: the link is right; -1: errno (EPROTO: no ticket,
 * EINVAL: its key has no NAME). */
int keys_take(struct stage *s, const char *ticket, size_t len,
              struct keys_move *m);

/* 1: the public link key/NAME leads to this chunk; 0: not; -1. */
int keys_owns(const char *name, const char *md5);

/* Makes the link key/NAME follow its ticket, through the stage. A link without
 * a good ticket gets one from the stored header that it leads to, if that has
 * the key. 1: right or staged; 0: nothing speaks for this key, its link and
 * ticket have been removed (directories not synced); -1. */
int keys_check(struct stage *s, const char *name);

/* A chunk that was corrupt is good again, or does not go: its keys have their
 * links again, through the stage; those without a ticket that are in its header
 * are its own. 0; -1. */
int keys_return(struct stage *s, const char *md5, const char *header,
                size_t len);

/* Takes the public links of the chunk's keys away, and their tickets, unless it
 * comes_back; header 0: looks through all. 1: some were there; 0: none; -1.
 * Directories are not synced. */
int keys_leave(const char *md5, const char *header, size_t len, int comes_back);

/* 1: the data of this chunk stands in the store, length bytes long; 0; -1. */
int keys_data_there(const char *md5, uint64_t length);

#endif
