#ifndef TURN_H
#define TURN_H

/* Who may publish: one at a time holds .df/lock/publish, one more at most waits
 * for it with .df/lock/publish.wait. Whoever waits has not begun to look at the
 * commits, so a third has nothing to add. */

/* leave: do not wait behind one that waits. 1: it is our turn, until the
 * descriptor *lock is closed; 0: left; -1: errno. */
int turn_take(int leave, int *lock);

#endif
