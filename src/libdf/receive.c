#include "receive.h"

#include "clock.h"
#include "file.h"
#include "keyname.h"
#include "label.h"
#include "place.h"
#include "relaying.h"
#include "room.h"
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define COLLISION "other data of the same MD5 is stored"
#define DAY 86400
#define KICK 8388608 /* the kernel begins to write after so many bytes */

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
    if (r->targets.n && p->outcome != OUTCOME_COLLISION)
      recent_add(&p->recent);
    if (p->outcome == OUTCOME_COLLISION)
      tell(r, RECEIVER_REFUSED, p, COLLISION, 100);
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

/* Gives the chunk up; what follows of it is read and dropped. The first reason
 * stands. */
static void refuse(struct receiver *r, int code, const char *why) {
  if (r->c.refused)
    return;
  r->c.refused = why;
  r->c.code = code;
  if (r->c.p.fd >= 0)
    close(r->c.p.fd);
  r->c.p.fd = -1;
  if (!r->c.p.alone)
    spool_drop(&r->spool, r->c.p.number);
}

static void refuse_sys(struct receiver *r) {
  refuse(r, 111,
         errno == ENOSPC || errno == EDQUOT || errno == EFBIG
             ? "no room"
             : "unable to write to the spool");
}

static void check_header(struct receiver *r) {
  const struct header *h = &r->c.h;
  char name[KEYNAME_MAX + 1];
  int64_t stamp;
  int room;
  if (h->key && !keyname_encode(name, h->key, h->key_len))
    refuse(r, 100, "key is too long as a file name");
  if (!label_scan(h->stamp, LABEL_LEN, &stamp) || stamp - DAY > time(0))
    refuse(r, 100, "stamp is more than a day ahead");
  if (h->data_none || r->c.refused)
    return;
  if (h->has_length && h->length > r->largest)
    refuse(r, 100, "too large");
  room = room_for(r->reserve, h->has_length ? h->length : 0);
  if (room < 1)
    refuse(r, 111, room < 0 ? "unable to look for room" : "no room");
}

/* Starts the chunk whose header has come. */
static void start(struct receiver *r) {
  struct pending *p = &r->c.p;
  memset(p, 0, sizeof *p);
  r->c.open = 1;
  r->c.refused = 0;
  r->c.lost = 0;
  r->c.kicked = 0;
  p->fd = -1;
  p->started = clock_ms();
  p->number = r->spool.next;
  p->alone = (unsigned char)r->c.h.data_none;
  memcpy(p->stamp, r->c.h.stamp, sizeof p->stamp);
  if (r->targets.n) {
    recent_key(&p->recent, r->c.header, r->c.header_len, r->list_md5);
    p->again = (unsigned char)recent_seen(&p->recent);
  }
  digest_start(&r->c.digest, *r->c.h.sha256 != 0);
  check_header(r);
  if (p->alone || r->c.refused) {
    r->spool.next++;
    return;
  }
  p->fd = spool_create(&r->spool, r->c.h.has_length ? r->c.h.length : 0);
  if (p->fd < 0)
    refuse_sys(r);
}

static void take(struct receiver *r, const char *data, size_t len) {
  struct pending *p = &r->c.p;
  uint64_t before = p->length;
  p->length += len;
  if (r->c.refused)
    return;
  if (p->length > r->largest) {
    refuse(r, 100, "too large");
    return;
  }
  if (r->c.h.has_length && p->length > r->c.h.length) {
    refuse(r, 100, "Content-Length does not agree");
    return;
  }
  if (before >> 20 != p->length >> 20 && !r->c.h.has_length &&
      room_for(r->reserve, 0) < 1) {
    refuse(r, 111, "no room");
    return;
  }
  if (file_write(p->fd, data, len) < 0) {
    refuse_sys(r);
    return;
  }
  digest_add(&r->c.digest, data, len);
  if (p->length - r->c.kicked >= KICK) {
    room_kick(p->fd, r->c.kicked, p->length);
    r->c.kicked = p->length;
  }
}

/* 1: the chunk with this trailer is stored here, of this length. */
static int here(struct receiver *r, const struct trailer *t) {
  char path[STORE_MD5];
  struct stat st;
  store_data(path, t->md5);
  for (int again = 0; again < 2; ++again) {
    if (lstat(path, &st) == 0 && S_ISREG(st.st_mode))
      return (uint64_t)st.st_size == t->length;
    if (commit(r) < 0) /* it may be in this very group */
      return -1;
  }
  return 0;
}

/* The digests that the trailer is held against: of the data, or of the stored
 * chunk, or of the spool file anew where only the trailer asks for SHA-256. */
static int digests(struct receiver *r, const struct trailer *t, char *md5,
                   char *sha256) {
  struct pending *p = &r->c.p;
  char path[STORE_MD5];
  uint64_t bytes;
  int fd, result, e;
  if (!p->alone) {
    digest_end(&r->c.digest, md5, sha256);
    if (*t->sha256 && !*sha256)
      return digest_file(p->fd, 1, md5, sha256, &bytes);
    return 0;
  }
  memcpy(md5, t->md5, sizeof t->md5);
  *sha256 = 0;
  if (!*t->sha256 && !*r->c.h.sha256)
    return 0;
  store_data(path, t->md5);
  fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0)
    return -1;
  result = digest_file(fd, 1, md5, sha256, &bytes);
  e = errno;
  close(fd);
  errno = e;
  return result;
}

static const char *disagreement(const struct receiver *r,
                                const struct trailer *t, const char *md5,
                                const char *sha256) {
  const struct header *h = &r->c.h;
  if ((!r->c.p.alone && t->length != r->c.p.length) ||
      (h->has_length && h->length != t->length))
    return "Content-Length does not agree";
  if (strcmp(t->md5, md5) || (*h->md5 && strcmp(h->md5, md5)))
    return "md5hash does not agree";
  if ((*t->sha256 && strcmp(t->sha256, sha256)) ||
      (*h->sha256 && strcmp(h->sha256, sha256)))
    return "SHA-256 does not agree";
  return 0;
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
  if (!is_here)
    refuse(r, 100, "header alone of a chunk that is not here");
  if (!r->c.refused && digests(r, t, md5, sha256) < 0)
    refuse(r, 111, "unable to read the data back");
  if (!r->c.refused) {
    why = disagreement(r, t, md5, sha256);
    if (why)
      refuse(r, 100, why);
  }
  memcpy(p->md5, t->md5, sizeof p->md5);
  if (!r->c.refused && p->announced && collides(r))
    refuse(r, 100, COLLISION);
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
    take(r, data, len);
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
    refuse(r, 0, "");
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
    refuse(r, 0, "stream ended");
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
    start(r);
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
