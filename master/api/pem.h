#ifndef MASTER_API_PEM_H
#define MASTER_API_PEM_H

#include <stddef.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

/* pem: certificate and key of the console, read before rights are dropped. */
#define PEM_FILE_MAX (256 * 1024)

/* The whole file and a NUL; what goes wrong is logged. */
NODISCARD enum status pem_read(const char *path, struct buf *to);

/*
 * SHA-256 of the first certificate, in pairs with colons as browsers show it;
 * room: 3 * HASH_LEN. ST_MALFORMED when there is none.
 */
NODISCARD enum status pem_fingerprint(struct span pem, char *dst, size_t room);

#endif
