#ifndef STORE_H
#define STORE_H

#include "digest.h"

/* The store: the current directory (protocol.md section 5). Private directories
 * below .df (dataflow(5)):
 *   commit/NAME  commits, with their duties
 *   stream/NAME/ what is being received and sent on: orders, spool files
 *   id/ID        the push that is being received under this id
 *   lock/        locks (slot.h), try/TARGET what failed last
 *   tmp/         what is written before it is renamed
 *   corrupt/     stored data that turned out rotten, set aside
 *   expire/      which chunks' lives end when (expiry.h)
 *   verify/      copies that dfverify fetches
 *   going/       chunks that are about to go (going.h) */

#define STORE_MD5 48 /* room for md5/ab/HEX, head/ab/HEX and NUL */

/* Checks that the current directory may be a store (ours, no one else may
 * write) and makes what is missing, durably. Sets umask 022. 0: ready; else
 * what is wrong, a short constant; errno is 0 where it says nothing. */
const char *store_open(void);

void store_data(char out[STORE_MD5], const char *md5);       /* md5/ab/HEX */
void store_header(char out[STORE_MD5], const char *md5);     /* head/ab/HEX */
void store_data_dir(char out[STORE_MD5], const char *md5);   /* md5/ab */
void store_header_dir(char out[STORE_MD5], const char *md5); /* head/ab */

/* .df/try/TARGET; a target too long for a name of a file: the MD5 of it. */
#define STORE_TRY 200
void store_try(char out[STORE_TRY], const char *target);

#endif
