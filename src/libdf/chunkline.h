#ifndef CHUNKLINE_H
#define CHUNKLINE_H

#include "header.h"

#include <buffer.h>

/* Puts "MD5 LENGTH NAME" and a newline into b, control bytes of the name as
 * '?'; before ("": nothing) comes first, with a space. */
void chunkline_put(buffer *b, const char *before, const char *name,
                   const struct trailer *t);

#endif
