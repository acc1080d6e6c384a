#ifndef PAGE_H
#define PAGE_H

#include "digest.h"
#include "writer.h"

/* index.html: what status.json says and the newest chunks of index.json, for
 * people. Without its script it is good too. */
#define PAGE_FILE "index.html"

/* Puts the page into the file w. Hosts become links by the template $DFURL, by
 * the default template where that is not set, by none where it is wrong. 0; -1.
 */
int page_write(struct writer *w);

/* 1: index.html was made of the status.json that has this MD5; 0: not; -1. */
int page_current(const char *status_md5);

#endif
