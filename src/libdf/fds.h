#ifndef FDS_H
#define FDS_H

/* Descriptors and environment as a program was started with them. */

/* 0: descriptors 0, 1 and 2 are open; -1: one is not (nothing may be opened
 * then: it would come out in its place). */
int fds_check(void);

/* Closes every descriptor from first on. */
void fds_close_from(int first);

/* Puts the first n of "NAME=value" words that the environment has (names, ended by
 * a null pointer) into env, which has room for n + 1 pointers. */
void fds_environment(const char *const *names, char **env);

#endif
