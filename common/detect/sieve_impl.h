#ifndef DETECT_SIEVE_IMPL_H
#define DETECT_SIEVE_IMPL_H

#include "detect/sieve.h"

/* sieve_impl: sieve_passes() by vectors. */
#if defined(__x86_64__)
bool sieve_avx2(struct span text);
bool sieve_avx512(struct span text);
#endif

#endif
