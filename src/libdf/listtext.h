#ifndef LISTTEXT_H
#define LISTTEXT_H

#include "list.h"

#include <stddef.h>
#include <stdint.h>

/* The text form of replicate lists: protocol.md section 4. */

/* Room for the text of any list. */
#define LISTTEXT_MAX (LIST_ENTRIES * (8 * LIST_DEPTH + LIST_TEXT + 8))

struct complaint {
  uint32_t line;    /* from 1 on; 0: about all of it */
  const char *text; /* what stands there, not NUL-terminated */
  size_t text_len;
  const char *why; /* what is wrong with it, a short constant */
  uint32_t other;  /* another line that it is about; 0: none */
};

/* A list read from text, and for each entry (in the order of list_walk_next)
 * the line where it stands and what set it is in. */
struct listtext {
  char list[LIST_MAX];
  size_t len;
  uint32_t entries, sets;
  uint32_t line[LIST_ENTRIES], set[LIST_ENTRIES];
  struct entry entry[LIST_ENTRIES]; /* address points into list; no branches */
};

/* Reads text (under 4 GiB). 1: in *l, a list that list_check finds good; 0: *c
 * says why not, pointing into the text. */
int listtext_scan(struct listtext *l, const char *text, size_t len,
                  struct complaint *c);

/* Writes the text of a list that was checked; returns its length. */
size_t listtext_fmt(char out[LISTTEXT_MAX], const char *list, size_t len);

#endif
