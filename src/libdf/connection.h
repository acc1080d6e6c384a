#ifndef CONNECTION_H
#define CONNECTION_H

/* The server's end of a connection: reliability.md section 2. */

/* Sets SO_LINGER {on, 0 s}: however this process dies, the client sees a reset.
 * 1: it will; 0: descriptor 0 is no TCP socket, the end of the connection
 * promises nothing; -1 errno. */
int connection_guard(int fd);

/* Moves the connection from descriptors 0 and 1 to one that no child
 * inherits; 0 and 1 are /dev/null then. The new descriptor; -1. */
int connection_move(void);

/* Everything is stored: linger off, half-close (of what is no socket: nothing).
 * 0; -1. */
int connection_end(int fd);

#endif
