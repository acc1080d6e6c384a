#include "progress.h"
#include "clock.h"
#include "file.h"
#include "printable.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#define NAME_WIDTH 24
#define PART 24
#define REFRESH 200 /* ms */

static void size_text(char out[PART], uint64_t bytes) {
  static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
  uint64_t whole = bytes, tenths = 0;
  unsigned int i = 0;

  for (; whole >= 1024 && i < 5; i++) {
    tenths = whole % 1024 * 10 / 1024;
    whole /= 1024;
  }
  if (i == 0)
    snprintf(out, PART, "%u B", (unsigned int)whole);
  else
    snprintf(out, PART, "%llu.%u %s", (unsigned long long)whole,
             (unsigned int)tenths, units[i]);
}

static void time_text(char out[PART], uint64_t seconds) {
  const unsigned int s = (unsigned int)(seconds % 60);
  const unsigned int m = (unsigned int)(seconds / 60 % 60);

  if (seconds >= 360000)
    snprintf(out, PART, "%llu days", (unsigned long long)(seconds / 86400));
  else if (seconds >= 3600)
    snprintf(out, PART, "%u:%02u:%02u", (unsigned int)(seconds / 3600), m, s);
  else
    snprintf(out, PART, "%u:%02u", m, s);
}

void progress_text(char out[PROGRESS_MAX + 1], const struct progress *p) {
  char name[PRINTABLE_MAX], bytes[PART], part[PART];
  const double rate =
      p->ms ? (double)p->sent * 1000 / (double)p->ms : 0; /* bytes a second */
  size_t n;

  printable(name, p->name, strlen(p->name));
  size_text(bytes, p->bytes);
  snprintf(out, PROGRESS_MAX + 1, "%.*s: %s", NAME_WIDTH, name, bytes);
  n = strlen(out);
  if (p->length) {
    size_text(part, p->length);
    snprintf(out + n, PROGRESS_MAX + 1 - n, " of %s, %u%%", part,
             (unsigned int)((double)p->bytes * 100 / (double)p->length));
    n = strlen(out);
  }
  if (rate < 1)
    return;
  size_text(part, (uint64_t)rate);
  snprintf(out + n, PROGRESS_MAX + 1 - n, ", %s/s", part);
  n = strlen(out);
  if (p->length < p->bytes || p->ms < 1000)
    return;
  time_text(part, (uint64_t)((double)(p->length - p->bytes) / rate));
  snprintf(out + n, PROGRESS_MAX + 1 - n, ", %s left", part);
}

void progress_start(struct progress *p, int fd) {
  memset(p, 0, sizeof *p);
  p->fd = fd;
  p->started = clock_ms();
}

void progress_chunk(struct progress *p, const char *name, uint64_t length,
                    uint64_t sent) {
  p->name = name;
  p->length = length;
  p->before = sent;
}

void progress_sent(void *context, uint64_t sent) {
  struct progress *p = context;
  char text[PROGRESS_MAX + 1];
  uint64_t now;

  if (p->fd < 0 || !p->name)
    return;
  now = clock_ms();
  if (now - p->refreshed < REFRESH)
    return;
  p->refreshed = now;
  p->sent = sent;
  p->ms = now - p->started;
  p->bytes = sent - p->before;
  if (p->length && p->bytes > p->length)
    p->bytes = p->length;
  progress_text(text, p);
  progress_say(p, text);
}

/* What fits into a line of the terminal as it is now, without its last column:
 * some go on to the next line there, and only one is cleared. */
static size_t columns(int fd) {
  struct winsize w;

  if (ioctl(fd, TIOCGWINSZ, &w) < 0 || w.ws_col == 0)
    return PROGRESS_MAX;
  return w.ws_col - 1u;
}

void progress_say(struct progress *p, const char *text) {
  if (p->fd < 0)
    return;
  progress_clear(p);
  file_write(p->fd, text, strnlen(text, columns(p->fd)));
  p->shown = 1;
}

void progress_clear(struct progress *p) {
  if (p->shown)
    file_write(p->fd, "\r\033[K", 4);
  p->shown = 0;
}
