#ifndef REWRITING_H
#define REWRITING_H

#include "indexfile.h"

/* index.json and index.html, brought up to what status.json says. That takes
 * time in proportion to the store, so it has a lock of its own (delta and
 * status.json of others do not wait for it), and what is not asked for by
 * people costs at most 4 % of a core, after a second of it at once: in a small
 * store nothing is ever put off. .df/rewrite has what was spent. */
#define REWRITING_SHARE 25      /* one part in so many */
#define REWRITING_BURST 1000000 /* microseconds of processor time */
#define REWRITING_FILE ".df/rewrite"

/* now: whatever it costs, after whoever is at it. Else only where it may cost
 * something and nobody is at it. 0: done, or put off; -1: errno, *what says
 * what could not be done. */
int rewriting_run(int now, const char **what);

/* Makes index.json for what status.json is about to say: what goes is gone from
 * the index first. Nobody else makes one until the descriptor that it returns
 * is closed. -1: errno, *what. */
int rewriting_ahead(const struct index *in, const char *host,
                    const char **what);

/* 1: something has been put off, and may be done now; 0: not; -1. */
int rewriting_due(void);

#endif
