#include "receive.h"

#include "arriving.h"
#include "clock.h"
#include "place.h"
#include "relaying.h"
#include "verify.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define COLLISION "other data of the same MD5 is stored"
#define NOT_HERE "header alone of a chunk that is not here"

static void tell(struct receiver *r, enum receiver_what what,
                 const struct pending *p, const char *reason, int code) {
  struct receiver_event e = {.what = what,
                             .md5 = *p->md5 ? p->md5 : 0,
                             .reason = reason,
                             .bytes = p->length,
                             .started = p->started,
                             .code = code};
  r->told(r->context, &e);
}

static int failed(struct receiver *r, const char *step) {
  r->step = step;
  return -1;
}

/* Commits what is whole, tells of it and orders it sent on. */
static int commit(struct receiver *r) {
  struct group *g = &r->group;
  int e;
  if (!g->n)
    return 0;
  if (group_commit(g) < 0) {
    e = errno;
    group_clear(g);
    errno = e;
    return failed(r, g->step);
  }
  for (uint32_t i = 0; i < g->n; ++i) {
    const struct pending *p = &g->p[i];
    if (r->targets.n && p->outcome < OUTCOME_COLLISION)
      recent_add(&p->recent);
    if (p->outcome >= OUTCOME_COLLISION)
      tell(r, RECEIVER_REFUSED, p,
           p->outcome == OUTCOME_GONE ? NOT_HERE : COLLISION, 100);
    else
      tell(r,
           p->outcome == OUTCOME_STORED ? RECEIVER_STORED : RECEIVER_DUPLICATE,
           p, 0, 0);
    if (p->outcome == OUTCOME_DUPLICATE && !p->alone)
      spool_drop(&r->spool, p->number);
  }
  if (relaying_committed(r) < 0)
    return failed(r, "write orders");
  group_clear(g);
  return 0;
}

/* What is ordered before a chunk that is announced stands before it in the
 * orders: nothing comes between it and its end. */
static int announce(struct receiver *r) {
  if (!relaying_early(r))
    return 0;
  if (commit(r) < 0)
    return -1;
  return relaying_announce(r) < 0 ? failed(r, "write orders") : 0;
}

/* Nothing waits to be read: what there is goes on its way. */
static int idle(void *context) {
  struct receiver *r = context;
  if (commit(r) < 0)
    return -1;
  return r->c.open ? announce(r) : 0;
}

int receiver_begin(struct receiver *r) {
  size_t len;
  r->step = 0;
  r->orders = r->relays = 0;
  r->c.open = 0;
  r->input.idle = idle;
  r->input.context = r;
  r->group.n = 0;
  stream_start(&r->stream, input_read, &r->input);
  if (stream_begin(&r->stream, r->id, r->list, &len) < 0)
    return -1;
  digest_md5(r->list, len, r->list_md5);
  targets_scan(&r->targets, r->list, len);
  r->group.store = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (r->group.store < 0 || spool_open(&r->spool) < 0)
    return failed(r, "make a spool directory");
  if (twin_start(&r->twin, r->id, r->list_md5, r->spool.name) < 0)
    return failed(r, "lock the id");
  r->input.twin = &r->twin;
  r->relay.spool = r->group.spool = &r->spool;
  r->relay.id = r->group.id = r->id;
  r->group.targets = &r->targets;
  r->group.list = r->list;
  r->group.list_len = len;
  memcpy(r->group.list_md5, r->list_md5, sizeof r->list_md5);
  return 0;
}

/* 1: the chunk with this trailer is stored here; it may be in this very group.
 */
static int here(struct receiver *r, const struct trailer *t) {
  if (verify_here(t))
    return 1;
  return commit(r) < 0 ? -1 : verify_here(t);
}

/* What the relays follow already is looked at before they are told that it is
 * good; of what they do not, group_commit finds out. */
static int collides(const struct receiver *r) {
  char path[SPOOL_PATH];
  spool_path(path, &r->spool, r->c.p.number, "");
  return place_look(path, r->c.p.md5) == PLACE_COLLISION;
}

/* The trailer has come: verifies the chunk and adds it to the group. */
static int accept_chunk(struct receiver *r, const struct trailer *t) {
  struct pending *p = &r->c.p;
  char md5[MD5_HEX + 1], sha256[SHA256_HEX + 1];
  const char *why;
  int is_here = 1;
  if (p->alone && !r->c.refused)
    is_here = here(r, t);
  if (is_here < 0)
    return -1;
  hashing_end(&r->c.hashing);
  if (!is_here)
    arriving_refuse(r, 100, NOT_HERE);
  if (!r->c.refused &&
      verify_digests(p, &r->c.hashing.digest, &r->c.h, t, md5, sha256) < 0)
    arriving_refuse(r, 111, "unable to read the data back");
  if (!r->c.refused) {
    why = verify_agreement(p, &r->c.h, t, md5, sha256);
    if (why)
      arriving_refuse(r, 100, why);
  }
  memcpy(p->md5, t->md5, sizeof p->md5);
  if (!r->c.refused && p->announced && collides(r))
    arriving_refuse(r, 100, COLLISION);
  if (r->c.refused)
    return 0;
  if (p->alone)
    p->length = t->length;
  if (relaying_done(r, t) < 0)
    return failed(r, "write orders");
  r->group.keeper = relaying_keeper(r);
  if (group_add(&r->group, p, *t->sha256 ? t->sha256 : r->c.h.sha256,
                r->c.header, r->c.header_len) < 0)
    return failed(r, "write a commit");
  return 1;
}

/* A chunk that is not taken, whoever decided so, is given up for the relays
 * too. */
static int drop(struct receiver *r, enum receiver_what what, const char *why,
                int code) {
  tell(r, what, &r->c.p, why, code);
  return relaying_lost(r) < 0 ? failed(r, "write orders") : 1;
}

static int chunk(struct receiver *r) {
  struct trailer t;
  const char *data;
  size_t len;
  int more, given;
  while ((more = stream_data(&r->stream, &data, &len)) > 0) {
    if (r->c.p.alone) {
      r->stream.why = "data after a header alone";
      r->stream.cut = 0;
      return -1;
    }
    arriving_take(r, data, len);
    if (group_full(&r->group) && commit(r) < 0) /* nothing is announced then */
      return -1;
    if (r->c.p.length >= RELAYING_EARLY && announce(r) < 0)
      return -1;
    if (r->c.refused && r->c.p.announced && relaying_lost(r) < 0)
      return failed(r, "write orders");
  }
  if (more < 0)
    return -1;
  given = stream_trailer(&r->stream, &t);
  if (given < 0)
    return -1;
  if (!given) { /* it does not count, whatever it was */
    arriving_refuse(r, 0, "");
    return drop(r, RECEIVER_GIVEN_UP, "given up by its sender", 0);
  }
  given = accept_chunk(r, &t);
  if (given < 0)
    return -1;
  return given ? 1 : drop(r, RECEIVER_REFUSED, r->c.refused, r->c.code);
}

/* What came whole before the end is committed, what was coming is given up. */
static int cut(struct receiver *r) {
  if (r->step)
    return -1;
  if (r->c.open) {
    if (r->c.refused && r->c.code)
      tell(r, RECEIVER_REFUSED, &r->c.p, r->c.refused, r->c.code);
    arriving_refuse(r, 0, "stream ended");
    if (relaying_lost(r) < 0)
      return failed(r, "write orders");
  }
  if (commit(r) < 0)
    return -1;
  if (relaying_end(r) < 0)
    return failed(r, "write orders");
  return -1;
}

int receiver_chunk(struct receiver *r) {
  int result;
  if (group_full(&r->group) && commit(r) < 0)
    return -1;
  result = stream_header(&r->stream, r->c.header, &r->c.header_len, &r->c.h);
  r->input.between = 0;
  if (result == 1) {
    arriving_start(r);
    result = chunk(r);
    if (result > 0)
      r->c.open = 0;
    r->input.between = !stream_ready(&r->stream);
  }
  return result < 0 ? cut(r) : result;
}

int receiver_end(struct receiver *r) {
  r->input.between = 0;
  if (commit(r) < 0)
    return -1;
  if (relaying_end(r) < 0)
    return failed(r, "write orders");
  return stream_eof(&r->stream) < 0 ? -1 : 0;
}
