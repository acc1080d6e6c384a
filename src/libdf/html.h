#ifndef HTML_H
#define HTML_H

#include <stddef.h>
#include <stdint.h>
#include <stralloc.h>

/* The one encoder for HTML. */
struct html {
  stralloc out;
  int failed; /* no memory: what follows is put or not */
};

/* Appends what is HTML already. */
void html_put(struct html *h, const char *html);

/* Appends what means these bytes, in an element or in an attribute in quotes.
 * A control byte becomes U+FFFD; the rest is UTF-8 already. */
void html_text(struct html *h, const char *s, size_t len);

/* The same for what stands between the quotes of a JSON string. */
void html_json(struct html *h, const char *s, size_t len);

void html_number(struct html *h, uint64_t u);

/* "12.3 MB" and the like: powers of 1000, cut off. */
void html_size(struct html *h, uint64_t bytes);

/* A date as record_date has it, as <time datetime="...">, to be seen without
 * its seconds. */
void html_time(struct html *h, const char *iso, size_t len);

#endif
