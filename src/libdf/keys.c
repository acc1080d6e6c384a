#include "keys.h"

#include "going.h"
#include "header.h"
#include "heads.h"
#include "keyticket.h"
#include "store.h"
#include "stored.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINK_PREFIX "../"
#define AWAY 2 /* the owner's data is corrupt, and may come back */

int keys_data_there(const char *md5, uint64_t length) {
  char path[STORE_MD5];
  struct stat st;
  store_data(path, md5);
  if (lstat(path, &st) < 0)
    return errno == ENOENT ? 0 : -1;
  return S_ISREG(st.st_mode) && (uint64_t)st.st_size == length;
}

static void target(char out[STORE_MD5 + 3], const char *md5) {
  memcpy(out, LINK_PREFIX, 3);
  store_data(out + 3, md5);
}

/* The MD5 that a link's text leads to; "": none of a chunk. */
static void target_md5(char md5[MD5_HEX + 1], const char *text, ssize_t len) {
  char should[STORE_MD5 + 3];
  *md5 = 0;
  if (len < MD5_HEX)
    return;
  memcpy(md5, text + len - MD5_HEX, MD5_HEX);
  md5[MD5_HEX] = 0;
  target(should, md5);
  if (strlen(should) != (size_t)len || memcmp(should, text, (size_t)len) ||
      strspn(md5, "0123456789abcdef") != MD5_HEX)
    *md5 = 0;
}

/* 0; -1. No link: md5 is "". */
static int leads_to(const char *name, char md5[MD5_HEX + 1]) {
  char text[STAGE_PATH];
  ssize_t len = stage_read(STAGE_LINK, name, text, sizeof text);
  *md5 = 0;
  if (len < 0)
    return errno == ENOENT || errno == EFBIG || errno == EINVAL ? 0 : -1;
  target_md5(md5, text, len);
  return 0;
}

int keys_owns(const char *name, const char *md5) {
  char path[STAGE_PATH], text[STAGE_PATH], to[MD5_HEX + 1];
  ssize_t len;
  stage_path(path, STAGE_LINK, name);
  len = readlink(path, text, sizeof text);
  if (len < 0)
    return errno == ENOENT || errno == EINVAL ? 0 : -1;
  target_md5(to, text, len);
  return !strcmp(to, md5);
}

static int scan_ticket(const char *ticket, size_t len, struct header *h,
                       char name[KEYNAME_MAX + 1]) {
  if (header_scan(ticket, len, HEADER_STORED, h) || !h->key)
    return errno = EPROTO, -1;
  if (!keyname_encode(name, h->key, h->key_len))
    return errno = EINVAL, -1;
  return 0;
}

static int is_away(const char *md5) {
  static const enum going_stage stages[] = {GOING_ASKED, GOING_UNLISTED};
  char why[GOING_REASON];
  for (int i = 0; i < 2; ++i) {
    int r = going_get(stages[i], md5, why);
    if (r < 0)
      return -1;
    if (r && (!strcmp(why, GOING_CORRUPT) || !strcmp(why, GOING_BACK)))
      return 1;
  }
  return 0;
}

/* The ticket that stands there. 1; AWAY; 0: none, or its chunk is gone; -1
 * (EPROTO: a broken one). */
static int owner(const char *name, struct header *h) {
  char text[HEADER_MAX], own[KEYNAME_MAX + 1];
  ssize_t len = stage_read(STAGE_TICKET, name, text, sizeof text);
  int away;
  if (len < 0)
    return errno == ENOENT ? 0 : errno == EFBIG ? (errno = EPROTO, -1) : -1;
  if (scan_ticket(text, (size_t)len, h, own) < 0 || strcmp(own, name))
    return errno = EPROTO, -1;
  h->key = h->host = 0; /* they point into text */
  away = is_away(h->md5);
  if (away)
    return away < 0 ? -1 : AWAY;
  return keys_data_there(h->md5, h->length);
}

static int set_link(struct stage *s, const char *name, struct keys_move *m) {
  char text[STORE_MD5 + 3];
  if (leads_to(name, m->from) < 0)
    return -1;
  if (!strcmp(m->from, m->to))
    return 0;
  target(text, m->to);
  return stage_put(s, STAGE_LINK, name, text, strlen(text)) < 0 ? -1 : 1;
}

int keys_take(struct stage *s, const char *ticket, size_t len,
              struct keys_move *m) {
  char name[KEYNAME_MAX + 1];
  struct header ours, theirs;
  int r;
  if (scan_ticket(ticket, len, &ours, name) < 0)
    return -1;
  r = owner(name, &theirs);
  if (r < 0 && errno != EPROTO)
    return -1;
  memcpy(m->to, ours.md5, sizeof m->to);
  if (r > 0) {
    int away = r == AWAY;
    r = strcmp(theirs.stamp, ours.stamp);
    if (!r)
      r = strcmp(theirs.md5, ours.md5);
    if (r >= 0) {
      memcpy(m->to, theirs.md5, sizeof m->to);
      return away ? 0 : set_link(s, name, m);
    }
  }
  if (stage_put(s, STAGE_TICKET, name, ticket, len) < 0)
    return -1;
  return set_link(s, name, m);
}

static int follow(struct stage *s, const char *name) {
  struct keys_move m;
  struct header h;
  int r = owner(name, &h);
  if (r <= 0) {
    if (!r)
      errno = ENOENT;
    return -1;
  }
  if (r == AWAY)
    return 0;
  memcpy(m.to, h.md5, sizeof m.to);
  return set_link(s, name, &m);
}

/* The key of a stored header that has this NAME. */
static int find_key(const char *h, size_t len, const char *name,
                    struct field *f) {
  char own[KEYNAME_MAX + 1];
  size_t pos = 0;
  while (header_next(h, len, &pos, f) == 1)
    if (field_is(f, "Key") && keyname_encode(own, f->value, f->value_len) &&
        !strcmp(own, name))
      return 1;
  return 0;
}

static int adopt(struct stage *s, const char *name) {
  char md5[MD5_HEX + 1], text[HEADER_MAX];
  struct header_text ticket;
  struct header h;
  struct field f;
  const char *why;
  ssize_t len;
  if (leads_to(name, md5) < 0)
    return -1;
  len = *md5 ? stored_read(md5, text, &h, &why) : 0;
  if (len <= 0)
    return (int)len;
  if (keys_data_there(md5, h.length) != 1 ||
      !find_key(text, (size_t)len, name, &f) ||
      !keyticket_make(&ticket, text, (size_t)len, f.value, f.value_len))
    return 0;
  return stage_put(s, STAGE_TICKET, name, ticket.s, ticket.len) < 0 ? -1 : 1;
}

static int drop(const char *name) {
  static const enum stage_kind kinds[] = {STAGE_LINK, STAGE_TICKET};
  char path[STAGE_PATH];
  for (int i = 0; i < 2; ++i) {
    stage_path(path, kinds[i], name);
    if (unlink(path) < 0 && errno != ENOENT)
      return -1;
  }
  return 0;
}

/* Its ticket is still there, or nobody's. */
static int give_back(struct stage *s, const char *name, const char *md5,
                     const struct header_text *ticket) {
  struct keys_move m;
  struct header h;
  int r = owner(name, &h);
  if (r < 0 && errno != EPROTO)
    return -1;
  if (r <= 0)
    return keys_take(s, ticket->s, ticket->len, &m);
  if (strcmp(h.md5, md5))
    return 0;
  memcpy(m.to, md5, sizeof m.to);
  return set_link(s, name, &m);
}

int keys_return(struct stage *s, const char *md5, const char *header,
                size_t len) {
  struct header_text ticket;
  struct field f;
  char name[KEYNAME_MAX + 1];
  size_t pos = 0;
  while (header_next(header, len, &pos, &f) == 1)
    if (field_is(&f, "Key") && keyname_encode(name, f.value, f.value_len) &&
        keyticket_make(&ticket, header, len, f.value, f.value_len) &&
        give_back(s, name, md5, &ticket) < 0)
      return -1;
  return 0;
}

struct leave_walk {
  const char *md5;
  int comes_back;
  int any;
};

static int leave(void *context, const char *name) {
  struct leave_walk *w = context;
  char path[STAGE_PATH];
  struct header h;
  int owns = keys_owns(name, w->md5), r;
  if (owns < 0)
    return -1;
  h.md5[0] = 0;
  if (!owns && (w->comes_back || owner(name, &h) < 0 || strcmp(h.md5, w->md5)))
    return 0;
  w->any = 1;
  stage_path(path, STAGE_LINK, name);
  if (w->comes_back)
    r = unlink(path) < 0 && errno != ENOENT ? -1 : 0;
  else
    r = drop(name);
  return r;
}

int keys_leave(const char *md5, const char *header, size_t len,
               int comes_back) {
  struct leave_walk w = {md5, comes_back, 0};
  char name[KEYNAME_MAX + 1];
  struct field f;
  size_t pos = 0;
  if (!header)
    return heads_names("key", leave, &w) < 0 ||
                   heads_names("head/key", leave, &w) < 0
               ? -1
               : w.any;
  while (header_next(header, len, &pos, &f) == 1)
    if (field_is(&f, "Key") && keyname_encode(name, f.value, f.value_len) &&
        leave(&w, name) < 0)
      return -1;
  return w.any;
}

int keys_check(struct stage *s, const char *name) {
  int r = follow(s, name);
  if (r >= 0)
    return 1;
  if (errno != ENOENT && errno != EPROTO)
    return -1;
  r = adopt(s, name);
  return r ? r : drop(name);
}
