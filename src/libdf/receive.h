#ifndef RECEIVE_H
#define RECEIVE_H

#include "group.h"
#include "hashing.h"
#include "input.h"
#include "relay.h"
#include "stream.h"
#include "targets.h"
#include "twin.h"

#include <stdint.h>

/* Receiving a stream into the store: what dfserve does between the first byte
 * and the end of the connection. */

enum receiver_what {
  RECEIVER_STORED,
  RECEIVER_DUPLICATE,
  RECEIVER_REFUSED,  /* code 100, or 111: later it may be taken */
  RECEIVER_GIVEN_UP, /* by its sender */
  RECEIVER_NO_RELAY  /* target, reason: its duties are left to dfretry */
};

struct receiver_event {
  enum receiver_what what;
  const char *md5; /* 0: not known */
  const char *target;
  const char *reason;
  uint64_t bytes, started; /* clock_ms */
  int code;
};

struct receiver {
  /* Set by the user. */
  struct input input;
  uint64_t largest, reserve;
  struct relay relay; /* time-outs, number of relays */
  void (*told)(void *context, const struct receiver_event *e);
  void *context;

  /* Of the stream. */
  struct stream stream; /* why and cut, where it ended badly */
  const char
      *step; /* what failed on this host: unable to STEP, errno; else 0 */
  struct spool spool;
  struct targets targets; /* to be filtered after receiver_begin */
  struct twin twin;
  struct group group;
  char id[STREAM_ID + 1], list_md5[MD5_HEX + 1];
  int orders; /* some have been written */
  int relays; /* they have been started */

  /* Of the chunk that is coming. */
  struct {
    int open;            /* there is one */
    const char *refused; /* why; 0: not so far */
    int code;
    int lost; /* the relays know */
    struct header h;
    struct hashing hashing;
    struct pending p;
    uint64_t kicked;
    size_t header_len;
    char header[HEADER_MAX];
  } c;
  char list[LIST_MAX];
};

/* Reads id and list. 0; -1: r->step, else r->stream.why. */
int receiver_begin(struct receiver *r);

/* Takes a chunk. 1: go on; 0: that was the end mark; -1: the stream has ended
 * where it stands, whole chunks before are committed (unless r->step says that
 * this host failed). */
int receiver_chunk(struct receiver *r);

/* After the end mark: commits, ends the orders, waits for the end of file. 0;
 * -1. */
int receiver_end(struct receiver *r);

#endif
