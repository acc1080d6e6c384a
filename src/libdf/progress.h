#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdint.h>

/* A line on a terminal that says how far the sending is. */
#define PROGRESS_MAX 78

struct progress {
  int fd;                 /* the terminal; -1: nothing is shown */
  int shown;              /* a line stands there */
  const char *name;       /* of the chunk; 0: none */
  uint64_t bytes, length; /* of the chunk; length 0: not known */
  uint64_t sent, ms;      /* all that was sent, and in which time: the rate */
  uint64_t started, refreshed; /* clock_ms */
  uint64_t before;             /* sent before the chunk's data */
};

void progress_start(struct progress *p, int fd);
void progress_chunk(struct progress *p, const char *name, uint64_t length,
                    uint64_t sent);

/* So much of the stream was sent: shows it, at most five times a second. A
 * sender's progress function; context is the struct progress. */
void progress_sent(void *context, uint64_t sent);

/* The line as of now: at most PROGRESS_MAX bytes, printable, NUL-terminated. */
void progress_text(char out[PROGRESS_MAX + 1], const struct progress *p);

/* Shows the text, cut to the width of the terminal, or takes the line away, as
 * before any message. */
void progress_say(struct progress *p, const char *text);
void progress_clear(struct progress *p);

#endif
