#ifndef HEADS_H
#define HEADS_H

/* Calls each with the MD5 of every stored header head/ab/HEX, in no order,
 * until it returns something else than 0. Returns that, or 0; -1: errno. */
int heads_each(int (*each)(void *context, const char *md5), void *context);

/* The same for the names in any directory; names that begin with a dot are left
 * out. */
int heads_names(const char *dir, int (*each)(void *context, const char *name),
                void *context);

/* The same in the order of the names, which are in memory all at once. */
int heads_sorted(const char *dir, int (*each)(void *context, const char *name),
                 void *context);

#endif
