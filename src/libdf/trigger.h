#ifndef TRIGGER_H
#define TRIGGER_H

/* Telling dfretry that there is something to do: the FIFO .df/trigger, as qmail
 * has one. */

/* For dfretry: makes and opens it, without blocking. Its descriptor; -1. */
int trigger_open(void);

/* Takes back all that was told. 1: something was; 0. */
int trigger_clear(int fd);

/* For all others. Without dfretry nothing happens. */
void trigger_pull(void);

#endif
