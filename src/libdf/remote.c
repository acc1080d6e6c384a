#include "remote.h"

#include "header.h"

#include <stdlib.h>
#include <string.h>

const char *remote_environment(const char *name) {
  const char *s = getenv(name);

  return s && *s ? s : 0;
}

const char *remote_host(void) {
  const char *h = remote_environment("TCPREMOTEHOST");

  return h && host_valid(h, strlen(h)) ? h : remote_environment("TCPREMOTEIP");
}
