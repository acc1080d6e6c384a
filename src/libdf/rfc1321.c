#include "rfc1321.h"

#include <endian.h>
#include <string.h>

/* What does not depend on b, the word that was ready last, is added first; the
 * compiler must not move it behind. So no step waits longer for the one before
 * it than it has to. */
#define FIRST(x) __asm__("" : "+r"(x))

/* The functions of section 3.4, written so that little hangs on b. In G the
 * two halves have no bit in common, so that both may be added. */
#define STEP(f, a, b, s)                                                       \
  a += (f);                                                                    \
  a = (a << s | a >> (32 - s)) + b
#define F(a, b, c, d, w, k, s)                                                 \
  a += w + k;                                                                  \
  FIRST(a);                                                                    \
  STEP(d ^ (b & (c ^ d)), a, b, s)
#define G(a, b, c, d, w, k, s)                                                 \
  a += w + k;                                                                  \
  a += ~d & c;                                                                 \
  FIRST(a);                                                                    \
  STEP(d &b, a, b, s)
#define H(a, b, c, d, w, k, s)                                                 \
  a += w + k;                                                                  \
  FIRST(a);                                                                    \
  STEP(b ^ (c ^ d), a, b, s)
#define I(a, b, c, d, w, k, s)                                                 \
  a += w + k;                                                                  \
  FIRST(a);                                                                    \
  STEP(c ^ (b | ~d), a, b, s)

static void blocks(uint32_t state[4], const unsigned char *p, size_t n) {
  uint32_t a = state[0], b = state[1], c = state[2], d = state[3], w[16];
  for (; n; --n, p += RFC1321_BLOCK) {
    const uint32_t a0 = a, b0 = b, c0 = c, d0 = d;
    memcpy(w, p, sizeof w);
    for (int i = 0; i < 16; ++i)
      w[i] = le32toh(w[i]);
    F(a, b, c, d, w[0], 0xd76aa478, 7);
    F(d, a, b, c, w[1], 0xe8c7b756, 12);
    F(c, d, a, b, w[2], 0x242070db, 17);
    F(b, c, d, a, w[3], 0xc1bdceee, 22);
    F(a, b, c, d, w[4], 0xf57c0faf, 7);
    F(d, a, b, c, w[5], 0x4787c62a, 12);
    F(c, d, a, b, w[6], 0xa8304613, 17);
    F(b, c, d, a, w[7], 0xfd469501, 22);
    F(a, b, c, d, w[8], 0x698098d8, 7);
    F(d, a, b, c, w[9], 0x8b44f7af, 12);
    F(c, d, a, b, w[10], 0xffff5bb1, 17);
    F(b, c, d, a, w[11], 0x895cd7be, 22);
    F(a, b, c, d, w[12], 0x6b901122, 7);
    F(d, a, b, c, w[13], 0xfd987193, 12);
    F(c, d, a, b, w[14], 0xa679438e, 17);
    F(b, c, d, a, w[15], 0x49b40821, 22);
    G(a, b, c, d, w[1], 0xf61e2562, 5);
    G(d, a, b, c, w[6], 0xc040b340, 9);
    G(c, d, a, b, w[11], 0x265e5a51, 14);
    G(b, c, d, a, w[0], 0xe9b6c7aa, 20);
    G(a, b, c, d, w[5], 0xd62f105d, 5);
    G(d, a, b, c, w[10], 0x02441453, 9);
    G(c, d, a, b, w[15], 0xd8a1e681, 14);
    G(b, c, d, a, w[4], 0xe7d3fbc8, 20);
    G(a, b, c, d, w[9], 0x21e1cde6, 5);
    G(d, a, b, c, w[14], 0xc33707d6, 9);
    G(c, d, a, b, w[3], 0xf4d50d87, 14);
    G(b, c, d, a, w[8], 0x455a14ed, 20);
    G(a, b, c, d, w[13], 0xa9e3e905, 5);
    G(d, a, b, c, w[2], 0xfcefa3f8, 9);
    G(c, d, a, b, w[7], 0x676f02d9, 14);
    G(b, c, d, a, w[12], 0x8d2a4c8a, 20);
    H(a, b, c, d, w[5], 0xfffa3942, 4);
    H(d, a, b, c, w[8], 0x8771f681, 11);
    H(c, d, a, b, w[11], 0x6d9d6122, 16);
    H(b, c, d, a, w[14], 0xfde5380c, 23);
    H(a, b, c, d, w[1], 0xa4beea44, 4);
    H(d, a, b, c, w[4], 0x4bdecfa9, 11);
    H(c, d, a, b, w[7], 0xf6bb4b60, 16);
    H(b, c, d, a, w[10], 0xbebfbc70, 23);
    H(a, b, c, d, w[13], 0x289b7ec6, 4);
    H(d, a, b, c, w[0], 0xeaa127fa, 11);
    H(c, d, a, b, w[3], 0xd4ef3085, 16);
    H(b, c, d, a, w[6], 0x04881d05, 23);
    H(a, b, c, d, w[9], 0xd9d4d039, 4);
    H(d, a, b, c, w[12], 0xe6db99e5, 11);
    H(c, d, a, b, w[15], 0x1fa27cf8, 16);
    H(b, c, d, a, w[2], 0xc4ac5665, 23);
    I(a, b, c, d, w[0], 0xf4292244, 6);
    I(d, a, b, c, w[7], 0x432aff97, 10);
    I(c, d, a, b, w[14], 0xab9423a7, 15);
    I(b, c, d, a, w[5], 0xfc93a039, 21);
    I(a, b, c, d, w[12], 0x655b59c3, 6);
    I(d, a, b, c, w[3], 0x8f0ccc92, 10);
    I(c, d, a, b, w[10], 0xffeff47d, 15);
    I(b, c, d, a, w[1], 0x85845dd1, 21);
    I(a, b, c, d, w[8], 0x6fa87e4f, 6);
    I(d, a, b, c, w[15], 0xfe2ce6e0, 10);
    I(c, d, a, b, w[6], 0xa3014314, 15);
    I(b, c, d, a, w[13], 0x4e0811a1, 21);
    I(a, b, c, d, w[4], 0xf7537e82, 6);
    I(d, a, b, c, w[11], 0xbd3af235, 10);
    I(c, d, a, b, w[2], 0x2ad7d2bb, 15);
    I(b, c, d, a, w[9], 0xeb86d391, 21);
    a += a0;
    b += b0;
    c += c0;
    d += d0;
  }
  state[0] = a;
  state[1] = b;
  state[2] = c;
  state[3] = d;
}

void rfc1321_start(struct rfc1321 *m) {
  m->state[0] = 0x67452301;
  m->state[1] = 0xefcdab89;
  m->state[2] = 0x98badcfe;
  m->state[3] = 0x10325476;
  m->bytes = 0;
}

void rfc1321_add(struct rfc1321 *m, const void *data, size_t len) {
  const unsigned char *p = data;
  size_t have = (size_t)(m->bytes % RFC1321_BLOCK), n;
  m->bytes += len;
  if (have) {
    n = RFC1321_BLOCK - have < len ? RFC1321_BLOCK - have : len;
    memcpy(m->rest + have, p, n);
    if (have + n < RFC1321_BLOCK)
      return;
    blocks(m->state, m->rest, 1);
    p += n;
    len -= n;
  }
  blocks(m->state, p, len / RFC1321_BLOCK);
  n = len % RFC1321_BLOCK;
  if (n)
    memcpy(m->rest, p + (len - n), n);
}

void rfc1321_end(struct rfc1321 *m, unsigned char digest[RFC1321_DIGEST]) {
  static const unsigned char pad[RFC1321_BLOCK] = {0x80};
  const uint64_t bits = htole64(m->bytes << 3);
  const size_t have = (size_t)(m->bytes % RFC1321_BLOCK);
  uint32_t word;
  rfc1321_add(m, pad, (have < 56 ? 56 : 120) - have);
  rfc1321_add(m, &bits, sizeof bits);
  for (size_t i = 0; i < 4; ++i) {
    word = htole32(m->state[i]);
    memcpy(digest + 4 * i, &word, sizeof word);
  }
}
