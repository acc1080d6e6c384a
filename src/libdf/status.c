#include "status.h"

#include "delta.h"
#include "file.h"
#include "json.h"
#include "number.h"
#include "refused.h"
#include "text.h"
#include "writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int number(const struct text *t, const char *name, uint64_t *u) {
  const char *v;
  size_t len;
  return json_find(t->p, t->len, name, &v, &len) && number_scan(v, len, u);
}

int status_read(struct index *in) {
  struct text t;
  const char *v;
  size_t len;
  int r = text_map(STATUS_FILE, &t);
  if (r <= 0)
    return r;
  r = json_find(t.p, t.len, "epoch", &v, &len) && label_scan(v, len, 0) &&
      number(&t, "delta_bytes", &in->delta_bytes) &&
      number(&t, "chunks", &in->chunks) && number(&t, "bytes", &in->bytes);
  if (r) {
    memcpy(in->epoch, v, LABEL_LEN);
    in->epoch[LABEL_LEN] = 0;
  }
  text_unmap(&t);
  return r;
}

int status_digest(char md5[MD5_HEX + 1]) {
  struct text t;
  int r = text_map(STATUS_FILE, &t);
  if (r <= 0)
    return r;
  digest_md5(t.p, t.len, md5);
  text_unmap(&t);
  return 1;
}

static int make(stralloc *s, const struct index *in, const char *host,
                const char *published, const struct pending *p) {
  char delta[DELTA_NAME];
  delta_name(delta, in->epoch);
  stralloc_zero(s);
  if (json_put_text(s, "{\"dataflow\":1,\"host\":") < 0 ||
      json_put_string(s, host, strlen(host)) < 0 ||
      !stralloc_catm(s, ",\"published\":\"", published, "\",\"chunks\":") ||
      json_put_number(s, in->chunks) < 0 ||
      json_put_text(s, ",\"bytes\":") < 0 ||
      json_put_number(s, in->bytes) < 0 ||
      !stralloc_catm(s, ",\"epoch\":\"", in->epoch, "\",\"delta\":\"", delta,
                     "\",\"delta_bytes\":") ||
      json_put_number(s, in->delta_bytes) < 0 ||
      json_put_text(s, ",\"pending\":[") < 0 || pending_put(s, p) < 0 ||
      json_put_text(s, "],\"refused\":[") < 0 || refused_put(s) < 0)
    return -1;
  return json_put_text(s, "]}\n");
}

/* 1: status.json says the same but for its date. */
static int is_same(stralloc *s, const struct index *in, const char *host,
                   const struct pending *p) {
  struct text t;
  char published[64] = "";
  const char *v;
  size_t len;
  int r = text_map(STATUS_FILE, &t);
  if (r <= 0)
    return r;
  if (json_find(t.p, t.len, "published", &v, &len) && len < sizeof published)
    memcpy(published, v, len);
  r = make(s, in, host, published, p);
  if (r == 0)
    r = s->len == t.len && !memcmp(s->s, t.p, t.len);
  text_unmap(&t);
  return r;
}

int status_write(const char *tmp, const struct index *in, const char *host,
                 const char *published, const struct pending *p) {
  stralloc s = {0};
  struct writer w;
  int r = is_same(&s, in, host, p);
  if (r != 0) {
    stralloc_free(&s);
    return r < 0 ? -1 : 0;
  }
  r = make(&s, in, host, published, p);
  if (r == 0)
    r = writer_create(&w, tmp, 0644);
  if (r == 0) {
    writer_put(&w, s.s, s.len);
    r = writer_finish(&w, tmp);
  }
  stralloc_free(&s);
  return r < 0 ? -1 : 1;
}

void status_host(char out[256]) {
  const char *s = getenv("DFHOST");
  ssize_t len;
  if (s && *s) {
    snprintf(out, 256, "%s", s);
    return;
  }
  len = file_read(".df/host", out, 255);
  if (len > 0) {
    out[len] = 0;
    out[strcspn(out, "\n")] = 0;
    if (*out)
      return;
  }
  if (gethostname(out, 255) < 0)
    *out = 0;
  out[255] = 0;
}
