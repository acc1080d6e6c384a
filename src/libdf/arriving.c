#include "arriving.h"

#include "clock.h"
#include "file.h"
#include "keyname.h"
#include "label.h"
#include "room.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define DAY 86400
#define KICK 8388608 /* the kernel begins to write after so many bytes */

void arriving_refuse(struct receiver *r, int code, const char *why) {
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
  arriving_refuse(r, 111,
                  errno == ENOSPC || errno == EDQUOT || errno == EFBIG
                      ? "no room"
                      : "unable to write to the spool");
}

static void look_for_room(struct receiver *r, uint64_t need) {
  int room = room_for(r->reserve, need);
  if (room < 1)
    arriving_refuse(r, 111, room < 0 ? "unable to look for room" : "no room");
}

static void check_header(struct receiver *r) {
  const struct header *h = &r->c.h;
  char name[KEYNAME_MAX + 1];
  int64_t stamp;
  if (h->key && !keyname_encode(name, h->key, h->key_len))
    arriving_refuse(r, 100, "key is too long as a file name");
  if (!label_scan(h->stamp, LABEL_LEN, &stamp) || stamp - DAY > time(0))
    arriving_refuse(r, 100, "stamp is more than a day ahead");
  if (h->data_none || r->c.refused)
    return;
  if (h->has_length && h->length > r->largest)
    arriving_refuse(r, 100, "too large");
  look_for_room(r, h->has_length ? h->length : 0);
}

void arriving_start(struct receiver *r) {
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
  hashing_start(&r->c.hashing, *r->c.h.sha256 != 0);
  check_header(r);
  if (p->alone || r->c.refused) {
    r->spool.next++;
    return;
  }
  p->fd = spool_create(&r->spool, r->c.h.has_length ? r->c.h.length : 0);
  if (p->fd < 0)
    refuse_sys(r);
  else if (r->c.h.has_length) /* what others took at the same time counts too */
    look_for_room(r, 0);
}

void arriving_take(struct receiver *r, const char *data, size_t len) {
  struct pending *p = &r->c.p;
  uint64_t before = p->length;
  p->length += len;
  if (r->c.refused)
    return;
  if (p->length > r->largest) {
    arriving_refuse(r, 100, "too large");
    return;
  }
  if (r->c.h.has_length && p->length > r->c.h.length) {
    arriving_refuse(r, 100, "Content-Length does not agree");
    return;
  }
  if (before >> 20 != p->length >> 20)
    look_for_room(r, 0);
  if (r->c.refused)
    return;
  if (file_write(p->fd, data, len) < 0) {
    refuse_sys(r);
    return;
  }
  hashing_add(&r->c.hashing, data, len);
  if (p->length - r->c.kicked >= KICK) {
    room_kick(p->fd, r->c.kicked, p->length);
    r->c.kicked = p->length;
  }
}
