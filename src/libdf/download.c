#include "download.h"

#include <errno.h>
#include <string.h>

void download_start(struct download *d, uint64_t length, const char *md5,
                    const char *sha256) {
  d->length = length;
  memcpy(d->md5, md5, MD5_HEX + 1);
  memcpy(d->sha256, sha256, strlen(sha256) + 1);
  d->error = 0;
  digest_start(&d->digest, *sha256 != 0);
}

static int take(void *context, const char *p, size_t len) {
  struct download *d = context;
  if (sink_write(d->sink, p, len) < 0) {
    d->error = errno;
    return -1;
  }
  digest_add(&d->digest, p, len);
  if (d->progress)
    d->progress(d->context, d->digest.bytes);
  return 0;
}

static const char *disagreement(const struct download *d) {
  char md5[MD5_HEX + 1], sha256[SHA256_HEX + 1];
  struct digest copy = d->digest;
  digest_end(&copy, md5, sha256);
  if (strcmp(md5, d->md5))
    return "md5hash does not agree";
  return *d->sha256 && strcmp(sha256, d->sha256) ? "SHA-256 does not agree" : 0;
}

/* One request, for all or for the rest. 0: there is no more to get; else what
 * is wrong, *end says how. */
static const char *request(struct download *d, const char *url,
                           enum download_end *end) {
  struct fetch *f = d->fetch;
  uint64_t have = d->digest.bytes;
  const char *why = have ? fetch_get(f, url, have, d->length, 0, take, d)
                         : fetch_get(f, url, 0, FETCH_ALL, d->length, take, d);
  if (f->cut && d->digest.bytes == d->length && !f->is_over)
    why = 0;
  else if (!why && d->digest.bytes < d->length)
    why = "it is shorter than it should be";
  if (d->error)
    *end = DOWNLOAD_ERROR;
  else if (f->status == 416 || (!f->cut && (f->status == 200 || f->has_range)))
    *end = DOWNLOAD_WRONG;
  else
    *end = DOWNLOAD_ABSENT;
  return why;
}

/* As request, again while a host that cuts has sent something. */
static const char *rest(struct download *d, const char *url,
                        enum download_end *end) {
  const char *why = 0;
  uint64_t before;
  int cuts = 0;
  if (d->length && d->digest.bytes == d->length)
    return 0;
  do {
    before = d->digest.bytes;
    why = request(d, url, end);
  } while (why && d->fetch->cut && d->fetch->cut != CURLE_OPERATION_TIMEDOUT &&
           d->digest.bytes > before && ++cuts < DOWNLOAD_CUTS);
  return why;
}

/* Wrong, and what has left cannot be taken back: others may still have the
 * rest; and if all have left and are right, more does no harm. */
static enum download_end undo(struct download *d) {
  if (sink_undo(d->sink) == 0) {
    digest_start(&d->digest, *d->sha256 != 0);
    return DOWNLOAD_WRONG;
  }
  d->error = errno;
  if (errno != EALREADY)
    return DOWNLOAD_ERROR;
  if (d->digest.bytes < d->length)
    return DOWNLOAD_ABSENT;
  return disagreement(d) ? DOWNLOAD_STUCK : DOWNLOAD_RIGHT;
}

static enum download_end once(struct download *d, const char *url,
                              const char **why) {
  enum download_end end;
  *why = rest(d, url, &end);
  if (!*why) {
    *why = disagreement(d);
    end = *why ? DOWNLOAD_WRONG : DOWNLOAD_RIGHT;
  }
  return end == DOWNLOAD_WRONG ? undo(d) : end;
}

/* Where another host had begun, nobody knows whose part was wrong: this one is
 * asked for all of it. */
enum download_end download_from(struct download *d, const char *url,
                                const char **why) {
  int mixed = d->digest.bytes > 0;
  enum download_end end;
  d->error = 0;
  end = once(d, url, why);
  return end == DOWNLOAD_WRONG && mixed ? once(d, url, why) : end;
}
