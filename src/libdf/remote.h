#ifndef REMOTE_H
#define REMOTE_H

/* $NAME; 0: not set, or empty. */
const char *remote_environment(const char *name);

/* The server that a UCSPI client has connected to: $TCPREMOTEHOST, where that
 * is a host name or an address, else $TCPREMOTEIP, whatever it is; 0: neither.
 */
const char *remote_host(void);

#endif
