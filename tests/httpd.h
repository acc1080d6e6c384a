/* For unit tests: a small HTTP server in processes of its own, which serves the
 * files below www/. A path that begins with /whole/ gets no ranges, /other/ a
 * wrong one, /moved/ a redirect, /file/ one to file:, /heads/ headers without
 * end, /slow/ nothing at all; /cut/ ends after four bytes. "asked" has a line
 * for each request: its path, then its range or "-". */
#ifndef HTTPD_H
#define HTTPD_H

#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static void httpd_body(int s, const char *path, const char *range) {
  static char body[4194304], head[256];
  unsigned long from = 0, to = 0;
  int fd = open(path, O_RDONLY), is_part;
  ssize_t len = fd < 0 ? -1 : read(fd, body, sizeof body);
  if (len < 0) {
    dprintf(s, "HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\nno");
    return;
  }
  close(fd);
  is_part = range && sscanf(range, "%lu-%lu", &from, &to) == 2;
  if (is_part && from >= (unsigned long)len) {
    dprintf(s, "HTTP/1.1 416 No\r\nConnection: close\r\n\r\n");
    return;
  }
  if (!is_part || to >= (unsigned long)len)
    to = (unsigned long)len - 1;
  snprintf(head, sizeof head, "Content-Range: bytes %lu-%lu/%ld\r\n", from, to,
           (long)len);
  dprintf(s, "HTTP/1.1 %s\r\nConnection: close\r\n%s\r\n",
          is_part ? "206 Part" : "200 OK", is_part ? head : "");
  send(s, body + from, to - from + 1, MSG_NOSIGNAL);
}

static void httpd_answer(int s) {
  char in[4096] = "", path[256] = "", file[300], *range;
  size_t len = 0;
  ssize_t r;
  int log;
  while (!strstr(in, "\r\n\r\n") && len < sizeof in - 1 &&
         (r = read(s, in + len, sizeof in - 1 - len)) > 0)
    in[len += (size_t)r] = 0;
  sscanf(in, "GET %255s", path);
  range = strstr(in, "Range: bytes=");
  if (range) {
    range += 13;
    range[strcspn(range, "\r")] = 0;
  }
  log = open("asked", O_WRONLY | O_APPEND | O_CREAT, 0600);
  dprintf(log, "%s %s\n", path, range ? range : "-");
  close(log);
  snprintf(file, sizeof file, "www%s",
           !strncmp(path, "/whole/", 7) ? path + 6 : path);
  if (!strncmp(path, "/moved/", 7))
    dprintf(s, "HTTP/1.1 302 Found\r\nLocation: /%s\r\n\r\n", path + 7);
  else if (!strncmp(path, "/file/", 6))
    dprintf(s, "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\n\r\n");
  else if (!strncmp(path, "/heads/", 7))
    for (dprintf(s, "HTTP/1.1 200 OK\r\n"); dprintf(s, "X: y\r\n") > 0;)
      ;
  else if (!strncmp(path, "/cut/", 5))
    dprintf(s, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123");
  else if (!strncmp(path, "/other/", 7))
    dprintf(s, "HTTP/1.1 206 Part\r\nContent-Range: bytes 1-9/10\r\n\r\n{}\n");
  else if (!strncmp(path, "/slow/", 6))
    while (read(s, in, sizeof in) > 0)
      ;
  else
    httpd_body(s, file, !strncmp(path, "/whole/", 7) ? 0 : range);
}

/* Its port. It ends with this process. */
static unsigned int httpd_start(void) {
  struct sockaddr_in a = {.sin_family = AF_INET};
  socklen_t len = sizeof a;
  int s = socket(AF_INET, SOCK_STREAM, 0), c;
  a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(s, (struct sockaddr *)&a, len) < 0 || listen(s, 16) < 0 ||
      getsockname(s, (struct sockaddr *)&a, &len) < 0)
    exit(111);
  if (!fork()) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGCHLD, SIG_IGN);
    while ((c = accept(s, 0, 0)) >= 0) {
      if (!fork()) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        httpd_answer(c);
        shutdown(c, SHUT_WR);
        _exit(0);
      }
      close(c);
    }
    _exit(0);
  }
  close(s);
  return ntohs(a.sin_port);
}

static void httpd_file(const char *path, const char *text) {
  FILE *f = fopen(path, "w");
  if (!f || fputs(text, f) < 0 || fclose(f))
    exit(111);
}

#endif
