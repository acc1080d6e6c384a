#ifndef PUBLISHING_H
#define PUBLISHING_H

/* Runs dfpublish -c in the store and waits for it: at once over where another
 * waits to begin. 0; -1 errno: it could not be run. */
int publishing_run(void);

/* Starts dfpublish -c where index.json is behind and may be made anew now; does
 * not wait. 0; -1 errno. */
int publishing_catch_up(void);

/* Runs dfpublish and waits for its end: all that there was is published then.
 * 1; 0: it failed; -1 errno: it could not be run. */
int publishing_all(void);

#endif
