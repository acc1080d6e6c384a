#ifndef CLOCK_H
#define CLOCK_H

#include <stdint.h>

/* Milliseconds of CLOCK_MONOTONIC. */
uint64_t clock_ms(void);

/* Waits that long. */
void clock_wait(unsigned int ms);

#endif
