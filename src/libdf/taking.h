#ifndef TAKING_H
#define TAKING_H

#include "changes.h"
#include "commit.h"
#include "header.h"
#include "leaving.h"
#include "stage.h"

/* What commits bring to head/ and key/: protocol.md section 3. Everything goes
 * through the stage; which records change is noted. */
struct taking {
  struct stage *stage;
  struct changes *changes;
  struct leaving *leaving;
  int anew; /* published commits count where a stored header has been lost */
  /* Tells of an oddity that is passed over: the text is in four parts, the
   * second is the MD5 of a chunk. */
  void (*warn)(const char *a, const char *md5, const char *b, const char *c);
  int found_old;    /* set where not all of the changes are of new chunks */
  const char *what; /* what failed: "read the header of " the chunk md5 */
  char md5[MD5_HEX + 1];
};

/* The stored header of a chunk: its length; 0: none that is good; -1: errno. */
ssize_t taking_stored(struct taking *t, const char *md5, char h[HEADER_MAX],
                      struct header *scan);

/* The chunks of a commit; of one that is published already, those that count.
 * 0; -1: errno, and what says more, if it is not 0. */
int taking_commit(struct taking *t, const struct commit *c, int published);

/* After the commits: which chunks go. One whose life has been prolonged stays.
 * 0; -1: as above. */
int taking_leave(struct taking *t);

#endif
