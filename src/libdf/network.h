#ifndef NETWORK_H
#define NETWORK_H

#include <netinet/in.h>

/* Whose streams are counted together. */
#define NETWORK_TEXT INET6_ADDRSTRLEN

/* The network of an address (text; a zone behind % is left out): of IPv6 the
 * first 64 bits, since who has one address there has all of them; else the IPv4
 * address itself, also where it is written as ::ffff:A. 1; 0: it is no address.
 */
int network_of(char out[NETWORK_TEXT], const char *ip);

#endif
