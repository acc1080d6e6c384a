#ifndef PLACE_H
#define PLACE_H

/* Putting a spool file that is whole, verified and durable under its final
 * name md5/ab/HEX: reliability.md section 1, step 3. Directories are not synced
 * here. */
enum place {
  PLACE_NEW,       /* it stands there now, the spool name is gone */
  PLACE_HERE,      /* the same bytes were there already */
  PLACE_REPLACED,  /* what was there was rotten: set aside in .df/corrupt */
  PLACE_COLLISION, /* other bytes of the same MD5 are there: they stay */
  PLACE_FAILED     /* errno */
};

/* Neither md5 nor md5/ab is synced; both may be new. */
enum place place(const char *spool, const char *md5);

/* What place would find; nothing is changed. */
enum place place_look(const char *spool, const char *md5);

#endif
