#ifndef TCP_H
#define TCP_H

#include <stdint.h>

/* Options of a connection's descriptor: reliability.md section 2. */

/* Value of an int option (SO_ERROR takes it away); -1: fd is no socket, or has
 * no such option. */
int tcp_option(int fd, int level, int name);

/* 1: a TCP socket; 0. */
int tcp_is(int fd);

/* SO_LINGER {on, 0 s}: with it, however the process dies, the peer sees a
 * reset. 0; -1 errno. */
int tcp_linger(int fd, int on);

/* The kernel sends so many bytes a second at most (SO_MAX_PACING_RATE; it needs
 * no queueing discipline). 0; -1 errno. */
int tcp_pace(int fd, uint64_t rate);

/* A peer that has vanished is noticed: 30 s, then 3 times 10 s. */
void tcp_keepalive(int fd);

/* What is written goes at once, though some before is not acknowledged. */
void tcp_nodelay(int fd);

/* Bytes that the peer's kernel has not acknowledged, our FIN counted too; -1.
 */
int tcp_unacknowledged(int fd);

#endif
