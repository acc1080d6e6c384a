#ifndef KEEPING_H
#define KEEPING_H

/* Data that is found in the store must still be there when the commit that
 * names it stands: nobody takes any away in between. reliability.md section 1,
 * item 8. */

/* For those who make commits, many at a time; waits while somebody takes data
 * away. A descriptor, the lock goes with it; -1: errno. */
int keeping_share(void);

/* For who takes data away, one at a time; waits for those who have the lock
 * and goes before those who come later. The same. */
int keeping_alone(void);

#endif
