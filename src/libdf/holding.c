#include "holding.h"

#include "digest.h"
#include "file.h"
#include "hex.h"
#include "jsonwalk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define SIZE MD5SET_BYTES
#define MAGIC "dfheld1\n"

/* A file: this, then the MD5s. */
struct head {
  char magic[8];
  char sum[MD5_HEX + 8];     /* of all else, and of host and url */
  char epoch[LABEL_LEN + 7]; /* NUL behind */
  uint64_t read, n;
};

/* A record says that the chunk is there, or gone. 1; 0; -1: it is none. */
static int scan(const char *line, size_t len, unsigned char md5[SIZE]) {
  struct jsonwalk w;
  struct member m;
  int r, has_md5 = 0, in = 1;
  jsonwalk_start(&w, line, len);
  while ((r = jsonwalk_next(&w, &m)) == 1) {
    if (jsonwalk_is(&m, "md5")) {
      if (m.value_len != MD5_HEX + 2 || *m.value != '"' ||
          !hex_scan(md5, m.value + 1, SIZE))
        return -1;
      has_md5 = 1;
    } else if (jsonwalk_is(&m, "gone")) {
      if (*m.value != '"')
        return -1;
      in = 0;
    }
  }
  return r < 0 || !has_md5 ? -1 : in;
}

static const char *no_room(void) {
  return errno == EOVERFLOW ? "it has too many chunks" : "out of memory";
}

static int record(void *context, const char *line, size_t len) {
  struct holding *h = context;
  unsigned char md5[SIZE];
  int in = scan(line, len, md5);
  if (in >= 0 && md5set_put(&h->set, md5, in) < 0) {
    h->why = no_room();
    return -1;
  }
  return in < 0 ? -1 : 0;
}

static void anew(void *context) {
  struct holding *h = context;
  md5set_free(&h->set);
}

int holding_open(struct holding *h, const char *host, const char *url,
                 unsigned int connect, unsigned int stall, unsigned int all) {
  memset(h, 0, sizeof *h);
  h->from.host = host;
  h->from.url = url;
  h->from.record = record;
  h->from.anew = anew;
  h->from.context = h;
  return published_open(&h->from, connect, stall, all);
}

void holding_close(struct holding *h) {
  published_close(&h->from);
  md5set_free(&h->set);
}

static const char *read_with(struct holding *h,
                             const char *(*read)(struct published *p)) {
  const char *why;
  h->why = 0;
  why = read(&h->from);
  if (!why && md5set_settle(&h->set) < 0)
    why = no_room();
  if (why)
    *h->from.read_epoch = 0;
  return h->why ? h->why : why;
}

const char *holding_look(struct holding *h) {
  struct published *p = &h->from;
  const char *why = published_status(p);
  int goes_on = *p->read_epoch != 0, counts;
  if (why)
    return why;
  why = read_with(h, published_new);
  counts = p->chunks == PUBLISHED_UNKNOWN || p->chunks == h->set.n;
  if (goes_on && (why ? p->f.status != 0 : !counts && !h->counts_else)) {
    why = read_with(h, published_all);
    h->counts_else = !why && p->chunks != h->set.n;
  }
  return why;
}

int holding_has(const struct holding *h, const unsigned char *md5s, size_t n) {
  size_t at = 0;
  for (size_t i = 0; i < n; ++i)
    if (!md5set_find(h->set.md5s, h->set.n, &at, md5s + i * SIZE))
      return 0;
  return 1;
}

static void add_text(struct digest *d, const char *s) {
  digest_add(d, s, strlen(s) + 1);
}

/* The checksum, into *head. */
static void seal(const struct holding *h, struct head *head,
                 const unsigned char *md5s) {
  char none[SHA256_HEX + 1], sum[MD5_HEX + 1];
  struct digest d;
  memset(head->sum, 0, sizeof head->sum);
  digest_start(&d, 0);
  add_text(&d, h->from.host);
  add_text(&d, h->from.url);
  digest_add(&d, head, sizeof *head);
  if (head->n)
    digest_add(&d, md5s, head->n * SIZE);
  digest_end(&d, sum, none);
  memcpy(head->sum, sum, sizeof sum);
}

int holding_save(const struct holding *h, int fd) {
  struct head head = {.read = h->from.read, .n = h->set.n};
  memcpy(head.magic, MAGIC, sizeof head.magic);
  memcpy(head.epoch, h->from.read_epoch, sizeof h->from.read_epoch);
  seal(h, &head, h->set.md5s);
  if (file_write(fd, &head, sizeof head) < 0)
    return -1;
  return h->set.n ? file_write(fd, h->set.md5s, h->set.n * SIZE) : 0;
}

/* 1: the head and the length of the file fit each other; 0; -1: errno. */
static int read_head(int fd, struct head *head) {
  struct stat st;
  ssize_t n = file_read_at(fd, head, sizeof *head, 0);
  if (n < 0 || fstat(fd, &st) < 0)
    return -1;
  return n == sizeof *head && !memcmp(head->magic, MAGIC, sizeof head->magic) &&
         head->n <= MD5SET_MAX && label_scan(head->epoch, LABEL_LEN, 0) &&
         (uint64_t)st.st_size == sizeof *head + head->n * SIZE;
}

/* The MD5s behind the head, into the set. */
static int read_md5s(struct holding *h, int fd, const struct head *is) {
  struct head good = *is;
  size_t bytes = is->n * SIZE;
  unsigned char *md5s = malloc(bytes + 1);
  ssize_t n = md5s ? file_read_at(fd, md5s, bytes, sizeof *is) : -1;
  if (n == (ssize_t)bytes) {
    seal(h, &good, md5s);
    if (!memcmp(&good, is, sizeof good) && md5set_is_sorted(md5s, is->n)) {
      md5set_free(&h->set);
      h->set.md5s = md5s;
      h->set.n = h->set.room = is->n;
      return 1;
    }
  }
  free(md5s);
  return n < 0 ? -1 : 0;
}

int holding_load(struct holding *h, int fd) {
  struct head head;
  int r = read_head(fd, &head);
  if (r == 1)
    r = read_md5s(h, fd, &head);
  if (r == 1) {
    memcpy(h->from.read_epoch, head.epoch, LABEL_LEN);
    h->from.read_epoch[LABEL_LEN] = 0;
    h->from.read = head.read;
  }
  return r;
}

size_t holding_view(const char *p, size_t len, const unsigned char **md5s) {
  size_t n = len < sizeof(struct head) ? 0 : (len - sizeof(struct head)) / SIZE;
  *md5s = n ? (const unsigned char *)p + sizeof(struct head) : 0;
  return n;
}
