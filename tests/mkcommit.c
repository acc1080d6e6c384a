/* mkcommit: puts data and one commit into the store that is the current
 * directory, as dfserve would.
 *   mkcommit [-l list] [-t target] [-d duty] NAME STORED [HEADER DATA] ...
 * HEADER is a file with a header as it came (empty: the chunk is void), DATA a
 * file with the chunk's data ("-": no bytes), list a string that stands for a
 * list. */
#include "commit.h"
#include "digest.h"
#include "file.h"
#include "header.h"
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void fail(const char *what) {
  fprintf(stderr, "mkcommit: %s: %s\n", what, strerror(errno));
  exit(111);
}

static void put_data(const char *from, char md5[MD5_HEX + 1], uint64_t *len) {
  static char data[1 << 20];
  char path[STORE_MD5];
  ssize_t n = strcmp(from, "-") ? file_read(from, data, sizeof data) : 0;
  if (n < 0)
    fail(from);
  digest_md5(data, (size_t)n, md5);
  *len = (uint64_t)n;
  store_data_dir(path, md5);
  if (file_mkdir(path, 0755) < 0)
    fail(path);
  store_data(path, md5);
  if (access(path, F_OK) < 0 &&
      file_replace(path, data, (size_t)n, 0444, 0) < 0)
    fail(path);
}

int main(int argc, char **argv) {
  static char flags[COMMIT_CHUNKS], duties[COMMIT_CHUNKS];
  const char *list = "", *target = 0, *why;
  struct commit_writer w;
  char md5[MD5_HEX + 1], h[HEADER_MAX];
  int option, n = 0;
  uint64_t length;
  memset(duties, 'T', sizeof duties);
  while ((option = getopt(argc, argv, "l:t:d:")) != -1) {
    if (option == 'l')
      list = optarg;
    else if (option == 't')
      target = optarg;
    else if (option == 'd')
      memset(duties, *optarg, sizeof duties);
    else
      return 100;
  }
  argv += optind;
  if ((why = store_open()))
    fail(why);
  if (commit_start(&w, argv[0], "stream", "0123456789abcdef0123456789abcdef",
                   argv[1], list, strlen(list)) < 0 ||
      (target && commit_add_target(&w, 0, target) < 0))
    fail("commit_start");
  for (argv += 2; argv[0] && argv[1]; argv += 2) {
    ssize_t len = file_read(argv[0], h, sizeof h);
    if (len < 0)
      fail(argv[0]);
    put_data(argv[1], md5, &length);
    flags[n++] = len ? '+' : '-';
    if (commit_add_chunk(&w, md5, length, "", h, (size_t)len) < 0)
      fail("commit_add_chunk");
  }
  if (commit_finish(&w, flags, duties) < 0)
    fail("commit_finish");
  return 0;
}
