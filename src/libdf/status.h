#ifndef STATUS_H
#define STATUS_H

#include "digest.h"
#include "indexfile.h"
#include "pending.h"

/* status.json: protocol.md section 6. */
#define STATUS_FILE "status.json"

/* What status.json says of epoch, delta_bytes, chunks and bytes. 1; 0: there is
 * none, or none of ours; -1. */
int status_read(struct index *in);

/* MD5 of the whole file. 1; 0: there is none; -1. */
int status_digest(char md5[MD5_HEX + 1]);

/* Writes a new one into the file tmp, durable, to be renamed to STATUS_FILE. 1;
 * 0: nothing but the date would be new, nothing was written; -1. */
int status_write(const char *tmp, const struct index *in, const char *host,
                 const char *published, const struct pending *p);

/* $DFHOST, else the line in .df/host, else the machine's name, NUL-terminated
 * and cut to fit. */
void status_host(char out[256]);

#endif
