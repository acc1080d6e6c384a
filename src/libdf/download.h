#ifndef DOWNLOAD_H
#define DOWNLOAD_H

#include "digest.h"
#include "fetch.h"
#include "sink.h"

#include <stdint.h>

/* A chunk's data from one host after the other into a sink. What came before a
 * connection was cut stays, and the rest is asked for with a Range, of that
 * host or of the next one. Whether all of it is right is known at the end only.
 */
#define DOWNLOAD_CUTS 8 /* a host that goes on after so many cuts is given up  \
                         */

struct download {
  struct fetch *fetch;
  struct sink *sink;
  /* Called with the bytes so far; may be 0. */
  void (*progress)(void *context, uint64_t bytes);
  void *context;

  uint64_t length; /* that it must have */
  char md5[MD5_HEX + 1];
  char sha256[SHA256_HEX + 1]; /* "": not checked */
  struct digest digest;        /* of what the sink has */
  int error;                   /* errno of the sink */
};

enum download_end {
  DOWNLOAD_RIGHT,  /* all is in the sink, and right */
  DOWNLOAD_ABSENT, /* nothing from there, or not to its end */
  DOWNLOAD_WRONG,  /* wrong data, all taken back */
  DOWNLOAD_STUCK,  /* the data are wrong and some have left */
  DOWNLOAD_ERROR   /* the sink failed: d->error */
};

/* What the data must be; nothing of them is in the sink. sha256 "": not
 * checked. */
void download_start(struct download *d, uint64_t length, const char *md5,
                    const char *sha256);

/* Gets all that is missing from url; *why says why not, printable, good until
 * the next call. d->fetch->status says whether there was an answer. */
enum download_end download_from(struct download *d, const char *url,
                                const char **why);

#endif
