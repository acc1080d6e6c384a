#ifndef CONFIRMING_H
#define CONFIRMING_H

#include <sys/types.h>

/* Running dfreceipt(8), which notes as done what a target's index has. */
#define CONFIRMING_MISSING 99 /* its exit code: looked for, not all is there   \
                               */
#define CONFIRMING_WAIT 10    /* seconds for the target to publish, at least */
#define CONFIRMING_WAIT_MAX 300

struct confirming {
  const char *target;                    /* "address:port" */
  const char *stream;                    /* 0: for all that nobody holds */
  unsigned int timeout, connect_timeout; /* -t, -T */
  unsigned int wait;                     /* -w; 0: one look */
};

/* 1: $DFURL asks for receipts. */
int confirming_wanted(void);

/* Starts it with no signal blocked. Its process number; -1 errno. */
pid_t confirming_start(const struct confirming *c);

/* Runs it. Its exit code; 111 where it could not be run. */
int confirming_run(const struct confirming *c);

#endif
