#include "stored.h"

#include "stage.h"

#include <errno.h>
#include <string.h>

ssize_t stored_read(const char *md5, char h[HEADER_MAX], struct header *scan,
                    const char **why) {
  ssize_t len = stage_read(STAGE_HEADER, md5, h, HEADER_MAX);
  *why = 0;
  if (len < 0 && errno == ENOENT)
    return 0;
  if (len < 0 && errno != EFBIG)
    return -1;
  *why = len < 0 ? "header too long"
                 : header_scan(h, (size_t)len, HEADER_STORED, scan);
  if (!*why && strcmp(scan->md5, md5))
    *why = "it is of another chunk";
  return *why ? 0 : len;
}
