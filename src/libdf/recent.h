#ifndef RECENT_H
#define RECENT_H

#include "digest.h"

#include <stddef.h>

/* Which chunks were committed here of late, by their header as it came and the
 * list that they came with: .df/recent, a table of RECENT_SLOTS tags of 8
 * bytes, where a newer one takes the place of an older. Only a hint, neither
 * locked nor synced: where it errs a relay starts later than it could, or in
 * vain. */
#define RECENT_SLOTS 65536

struct recent {
  char key[MD5_HEX + 1];
};

void recent_key(struct recent *r, const char *header, size_t header_len,
                const char list_md5[MD5_HEX + 1]);

/* 1: it is there. */
int recent_seen(const struct recent *r);

void recent_add(const struct recent *r);

#endif
