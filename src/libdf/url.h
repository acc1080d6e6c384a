#ifndef URL_H
#define URL_H

#include <stddef.h>

/* Where a host's store is found over HTTP: a template in which %h is the host
 * (protocol.md section 6). */
#define URL_MAX 2048 /* room for a URL and NUL */
#define URL_DEFAULT "http://%h/dfstor/"

/* 0: the template is http:// or https://, has %h, and no space, control or
 * non-ASCII byte; else what is wrong, a short constant. */
const char *url_check(const char *template);

/* The URL of path (relative to the store) at host, an address without brackets
 * or a host name; NUL-terminated. 0; else what is wrong: of the template, or
 * that it becomes too long. */
const char *url_make(char out[URL_MAX], const char *template, const char *host,
                     const char *path);

#endif
