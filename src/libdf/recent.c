#include "recent.h"

#include "file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TAG 8

void recent_key(struct recent *r, const char *header, size_t header_len,
                const char list_md5[MD5_HEX + 1]) {
  char none[SHA256_HEX + 1];
  struct digest d;
  digest_start(&d, 0);
  digest_add(&d, list_md5, MD5_HEX);
  digest_add(&d, header, header_len);
  digest_end(&d, r->key, none);
}

static int open_table(int flags) {
  return open(".df/recent", flags | O_CLOEXEC | O_NOFOLLOW, 0600);
}

/* The digits behind the tag are the slot. */
static off_t slot(const struct recent *r) {
  char digits[9];
  memcpy(digits, r->key + TAG, 8);
  digits[8] = 0;
  return (off_t)(strtoul(digits, 0, 16) % RECENT_SLOTS * TAG);
}

int recent_seen(const struct recent *r) {
  char tag[TAG];
  int fd = open_table(O_RDONLY), seen;
  if (fd < 0)
    return 0;
  seen =
      file_read_at(fd, tag, TAG, slot(r)) == TAG && !memcmp(tag, r->key, TAG);
  close(fd);
  return seen;
}

void recent_add(const struct recent *r) {
  int fd = open_table(O_WRONLY | O_CREAT);
  if (fd < 0)
    return;
  if (pwrite(fd, r->key, TAG, slot(r)) != TAG)
    unlink(".df/recent");
  close(fd);
}
