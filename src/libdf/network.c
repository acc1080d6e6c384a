#include "network.h"

#include <arpa/inet.h>
#include <string.h>

int network_of(char out[NETWORK_TEXT], const char *ip) {
  struct in6_addr a;
  char text[NETWORK_TEXT];
  size_t len = strcspn(ip, "%");
  if (len >= sizeof text)
    return 0;
  memcpy(text, ip, len);
  text[len] = 0;
  if (inet_pton(AF_INET, text, &a) == 1)
    return inet_ntop(AF_INET, &a, out, NETWORK_TEXT) != 0;
  if (inet_pton(AF_INET6, text, &a) != 1)
    return 0;
  if (IN6_IS_ADDR_V4MAPPED(&a))
    return inet_ntop(AF_INET, a.s6_addr + 12, out, NETWORK_TEXT) != 0;
  memset(a.s6_addr + 8, 0, 8);
  return inet_ntop(AF_INET6, &a, out, NETWORK_TEXT) != 0;
}
