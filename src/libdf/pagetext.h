#ifndef PAGETEXT_H
#define PAGETEXT_H

/* Style and script of index.html, as they stand in it: ASCII, without
 * "</". The script reads status.json, index.json and the delta, and nothing
 * from elsewhere. */
extern const char pagetext_style[], pagetext_script[];

#endif
