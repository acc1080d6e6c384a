#include "event.h"

#include "printable.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

size_t event_line(char out[EVENT_MAX], const char *program, const char *what,
                  const char *peer, const char *md5, uint64_t bytes,
                  uint64_t ms, const char *reason) {
  char who[PRINTABLE_MAX], why[PRINTABLE_MAX] = "";
  printable(who, peer && *peer ? peer : "-", peer && *peer ? strlen(peer) : 1);
  if (reason)
    printable(why, reason, strlen(reason));
  return (size_t)snprintf(out, EVENT_MAX, "%s: %s %ld %s %s %llu %llu%s%s\n",
                          program, what, (long)getpid(), who,
                          md5 && *md5 ? md5 : "-", (unsigned long long)bytes,
                          (unsigned long long)ms, reason ? " " : "", why);
}
