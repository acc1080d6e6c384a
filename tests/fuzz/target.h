#ifndef TARGET_H
#define TARGET_H

#include <stddef.h>
#include <stdint.h>

/* A fuzz target: what one module makes of any bytes (libFuzzer calls it). */
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t len);

/* Adds to the line that says what was made of them, which parser.py compares
 * with its own. */
void verdict(const char *format, ...) __attribute__((format(printf, 1, 2)));
void verdict_hex(const char *p, size_t len);

/* Ends the process where something is not as it must be, whatever the input. */
#define MUST(x) ((x) ? (void)0 : target_failed(#x))
_Noreturn void target_failed(const char *what);

/* Goes into a new store, once. */
void target_store(void);

/* Puts the bytes into a file, in place of what stands there. */
void target_put(const char *name, const uint8_t *p, size_t len);

#endif
