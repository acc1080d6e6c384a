#include "fds.h"
#include "file.h"
#include "list.h"
#include "listcount.h"
#include "listtext.h"
#include "printable.h"
#include "whole.h"

#include <errmsg.h>
#include <errno.h>
#include <fmt.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define MAGIC_LEN (sizeof LIST_MAGIC - 1)

static size_t read_list(char *file, size_t max) {
  const ssize_t len = whole_read(0, file, max);
  const char *why;

  if (len == -1 && errno == EFBIG)
    die(100, "fatal: the list is longer than 262144 bytes");
  if (len == -1)
    diesys(111, "fatal: unable to read standard input");
  if ((size_t)len < MAGIC_LEN || memcmp(file, LIST_MAGIC, MAGIC_LEN) != 0)
    die(100, "fatal: standard input does not begin with DFR1");
  why = list_check(file + MAGIC_LEN, (size_t)len - MAGIC_LEN);
  if (why)
    die(100, "fatal: ", why);
  return (size_t)len - MAGIC_LEN;
}

static void warn(uint32_t line, const char *text, size_t len, const char *why) {
  char number[FMT_ULONG + 1], shown[PRINTABLE_MAX];

  number[fmt_ulong(number, line)] = 0;
  carp("warning: genrep refuses this list: line ", number, ": ",
       printable(shown, text, len), ": ", why);
}

/* Hosts take some lists that genrep would not write. */
static void warn_of_refusal(const char *text, size_t len) {
  static struct listtext t;
  static struct listcount c;
  struct complaint refusal;
  char entry[LIST_TEXT];
  const char *why;

  if (!listtext_scan(&t, text, len, &refusal)) {
    if (refusal.line)
      warn(refusal.line, refusal.text, refusal.text_len, refusal.why);
    else
      carp("warning: genrep refuses this list: ", refusal.why);
    return;
  }
  why = listcount(&c, t.list, t.len);
  if (why)
    warn(t.line[c.entries], entry, entry_text(&t.entry[c.entries], entry), why);
}

int main(int argc, char **argv) {
  static char file[MAGIC_LEN + LIST_MAX];
  static char text[LISTTEXT_MAX];
  size_t len;

  errmsg_iam("dumprep");
  if (fds_check() == -1)
    die(111, "fatal: descriptor 0, 1 or 2 is closed");
  signal(SIGPIPE, SIG_IGN);
  opterr = 0;
  if (getopt(argc, argv, "") != -1 || optind < argc)
    die(100, "usage: dumprep");
  len = read_list(file, sizeof file);
  len = listtext_fmt(text, file + MAGIC_LEN, len);
  if (file_write(1, text, len) == -1)
    diesys(111, "fatal: unable to write standard output");
  warn_of_refusal(text, len);
  return 0;
}
