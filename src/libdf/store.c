#include "store.h"

#include "file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Whoever made a directory may have died before it was synced: until this file
 * is there, nobody has synced them. */
#define READY ".df/ready"

static const struct {
  const char *name;
  mode_t mode;
} dirs[] = {
    {".df", 0700},
    {".df/commit", 0700},
    {".df/stream", 0700},
    {".df/id", 0700},
    {".df/lock", 0700},
    {".df/try", 0700},
    {".df/tmp", 0700},
    {".df/corrupt", 0700},
    {".df/expire", 0700},
    {".df/verify", 0700},
    {".df/going", 0700},
    {".df/going/asked", 0700},
    {".df/going/unlisted", 0700},
    {".df/going/out", 0700},
    {"md5", 0755},
    {"head", 0755},
    {"head/key", 0755},
    {"key", 0755},
    {"delta", 0755},
};

static const char *check(const char *dir) {
  struct stat st;
  if (lstat(dir, &st) < 0)
    return "unable to look at the store";
  errno = 0;
  if (!S_ISDIR(st.st_mode))
    return "something in the store that should be a directory is none";
  if (st.st_uid != geteuid())
    return "the store belongs to somebody else";
  if (st.st_mode & 022)
    return "the store may be written by others";
  return 0;
}

const char *store_open(void) {
  const char *why = check(".");
  int made = 0;
  if (why)
    return why;
  umask(022);
  for (size_t i = 0; i < sizeof dirs / sizeof *dirs; ++i) {
    int r = file_mkdir(dirs[i].name, dirs[i].mode);
    if (r < 0)
      return "unable to make the directories of the store";
    made |= r;
    why = check(dirs[i].name);
    if (why)
      return why;
  }
  if (!made && access(READY, F_OK) == 0)
    return 0;
  if (file_sync_dir(".df") < 0 || file_sync_dir(".df/going") < 0 ||
      file_sync_dir("head") < 0 || file_sync_dir(".") < 0 ||
      file_replace(READY, "", 0, 0600, 0) < 0)
    return "unable to sync the directories of the store";
  return 0;
}

static void name(char out[STORE_MD5], const char *top, const char *md5,
                 int digits) {
  snprintf(out, STORE_MD5, "%s/%.2s%s%.*s", top, md5, digits ? "/" : "", digits,
           md5);
}

void store_data(char out[STORE_MD5], const char *md5) {
  name(out, "md5", md5, MD5_HEX);
}

void store_header(char out[STORE_MD5], const char *md5) {
  name(out, "head", md5, MD5_HEX);
}

void store_data_dir(char out[STORE_MD5], const char *md5) {
  name(out, "md5", md5, 0);
}

void store_header_dir(char out[STORE_MD5], const char *md5) {
  name(out, "head", md5, 0);
}

void store_try(char out[STORE_TRY], const char *target) {
  char md5[MD5_HEX + 1];
  if (strlen(target) < STORE_TRY - sizeof ".df/try/") {
    snprintf(out, STORE_TRY, ".df/try/%s", target);
    return;
  }
  digest_md5(target, strlen(target), md5);
  snprintf(out, STORE_TRY, ".df/try/%s", md5);
}
