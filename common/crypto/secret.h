#ifndef CRYPTO_SECRET_H
#define CRYPTO_SECRET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* secret: wipe that stays, compare that takes the same time for any answer. */
void secret_wipe(void *p, size_t n);
bool secret_equal(const void *a, const void *b, size_t n);

#endif
