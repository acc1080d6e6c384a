#include "record.h"

#include "header.h"
#include "json.h"
#include "keyname.h"
#include "keys.h"
#include "label.h"
#include "store.h"

#include <string.h>
#include <time.h>

int record_date(stralloc *out, int64_t seconds) {
  char iso[21];
  label_iso(iso, seconds);
  return stralloc_catm(out, "\"", iso, "\"") ? 0 : -1;
}

static int put_label(stralloc *out, const char *label) {
  int64_t seconds;
  label_scan(label, LABEL_LEN, &seconds);
  return record_date(out, seconds);
}

static int put_number(stralloc *out, const char *name, int has, uint64_t u) {
  if (json_put_text(out, name) < 0)
    return -1;
  return has ? json_put_number(out, u) : json_put_text(out, "null");
}

/* Appends the values of all lines of a name, as strings, with commas. keys:
 * only those that the chunk md5 owns; raw: as NAMEs. 1; 0: bytes were replaced;
 * -1 */
static int put_values(stralloc *out, const char *header, size_t len,
                      const char *name, const char *md5, int raw) {
  char own[KEYNAME_MAX + 1];
  const char *comma = "";
  struct field f;
  size_t pos = 0;
  int good = 1, r;
  while (header_next(header, len, &pos, &f) == 1) {
    if (!field_is(&f, name))
      continue;
    if (md5) {
      r = keyname_encode(own, f.value, f.value_len) ? keys_owns(own, md5) : 0;
      if (r < 0)
        return -1;
      if (!r)
        continue;
    }
    if (json_put_text(out, comma) < 0)
      return -1;
    r = raw ? json_put_string(out, own, strlen(own))
            : json_put_string(out, f.value, f.value_len);
    if (r < 0)
      return -1;
    good &= r;
    comma = ",";
  }
  return good;
}

static int put_keys(stralloc *out, const char *header, size_t len,
                    const char *md5) {
  int r;
  if (json_put_text(out, ",\"keys\":[") < 0)
    return -1;
  r = put_values(out, header, len, "Key", md5, 0);
  if (r < 0)
    return -1;
  if (!r && (json_put_text(out, "],\"keys_raw\":[") < 0 ||
             put_values(out, header, len, "Key", md5, 1) < 0))
    return -1;
  return json_put_text(out, "]");
}

static int put_hosts(stralloc *out, const char *header, size_t len,
                     const struct header *h) {
  if (json_put_text(out, ",\"host\":") < 0 ||
      json_put_string(out, h->host, h->host_len) < 0 ||
      json_put_text(out, ",\"backup_hosts\":[") < 0 ||
      put_values(out, header, len, "Backup-Host", 0, 0) < 0)
    return -1;
  return json_put_text(out, "]");
}

static int put_times(stralloc *out, const char *header, size_t len,
                     const struct header *h) {
  struct field f;
  size_t pos = 0;
  if (put_number(out, ",\"cache_time\":", h->has_cache_time, h->cache_time) <
          0 ||
      put_number(out, ",\"ttl\":", h->has_ttl, h->ttl) < 0 ||
      !stralloc_catm(out, ",\"stamp\":\"", h->stamp, "\",\"stored\":"))
    return -1;
  while (header_next(header, len, &pos, &f) == 1)
    if (field_is(&f, "Stored") && put_label(out, f.value) < 0)
      return -1;
  if (json_put_text(out, ",\"expires\":") < 0)
    return -1;
  if (!h->has_cache_time)
    return json_put_text(out, "null");
  return record_date(out, label_after(h->stamp, h->cache_time));
}

static int put(stralloc *out, const char *header, size_t len,
               const struct header *h) {
  char path[STORE_MD5];
  if (!stralloc_catm(out, "{\"md5\":\"", h->md5, "\",\"sha256\":"))
    return -1;
  if (h->sha256[0] ? !stralloc_catm(out, "\"", h->sha256, "\"")
                   : !stralloc_cats(out, "null"))
    return -1;
  if (put_number(out, ",\"content_length\":", 1, h->length) < 0 ||
      put_keys(out, header, len, h->md5) < 0 ||
      put_hosts(out, header, len, h) < 0 || put_times(out, header, len, h) < 0)
    return -1;
  store_data(path, h->md5);
  if (!stralloc_catm(out, ",\"path\":\"", path, "\",\"taken\":[") ||
      put_values(out, header, len, "Taken", 0, 0) < 0)
    return -1;
  return json_put_text(out, "]}");
}

int record_put(stralloc *out, const char *header, size_t len) {
  struct header h;
  if (header_scan(header, len, HEADER_STORED, &h))
    return 0;
  return put(out, header, len, &h) < 0 ? -1 : 1;
}

int record_gone(stralloc *out, const char *md5, const char *reason) {
  if (!stralloc_catm(out, "{\"md5\":\"", md5, "\",\"gone\":\"", reason,
                     "\",\"at\":"))
    return -1;
  return record_date(out, (int64_t)time(0)) < 0 ? -1 : json_put_text(out, "}");
}
