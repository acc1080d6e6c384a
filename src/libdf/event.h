#ifndef EVENT_H
#define EVENT_H

#include <stddef.h>
#include <stdint.h>

/* One log line for multilog (dataflow(5), "Log lines"):
 *   PROGRAM: WHAT PID PEER MD5 BYTES MS[ REASON]
 * md5, peer 0 or "": "-". reason 0: none; made printable. Ends in a newline.
 * Returns the length. */
#define EVENT_MAX 512
size_t event_line(char out[EVENT_MAX], const char *program, const char *what,
                  const char *peer, const char *md5, uint64_t bytes,
                  uint64_t ms, const char *reason);

#endif
