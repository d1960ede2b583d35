#ifndef CRYPTO_RANDOM_H
#define CRYPTO_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* random: from the kernel; never fails, a machine without it must() stop. */
void random_bytes(void *dst, size_t n);

/* 1 .. 2^63 - 1: fits SQLite and JSON tools that have signed 64 bits. */
uint64_t random_id(void);

/* 0 .. below - 1 without bias; below is at least 1. */
uint64_t random_below(uint64_t below);

#endif
