#ifndef FOLLOW_H
#define FOLLOW_H

/* Waiting for files that another process writes: inotify, or a short wait
 * where there is none to be had. */
struct follow {
  int inotify; /* -1: none */
  int spool;   /* watch of the spool file; -1 */
};

/* Watches the file behind the descriptor. */
void follow_start(struct follow *f, int fd);

/* Watches this file too, instead of the one before; fd -1: none. */
void follow_spool(struct follow *f, int fd);

/* Waits until something may have been written, or descriptor other can be
 * read, or a short time is over. */
void follow_wait(struct follow *f, int other);

/* 1: nobody holds an exclusive lock on the file: its writer is gone. 0: it is
 * there. */
int follow_gone(int fd);

#endif
