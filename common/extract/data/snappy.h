#ifndef EXTRACT_DATA_SNAPPY_H
#define EXTRACT_DATA_SNAPPY_H

#include <stdint.h>

#include "base/span.h"
#include "base/status.h"

/*
 * snappy: one block as Avro and Parquet have them. Source: format_description
 * of the Snappy project. ST_MALFORMED: *len bytes came before the damage;
 * ST_LIMIT: it would be more than `most`. *out is the caller's to free.
 */
NODISCARD enum status snappy_unpack(struct span in, size_t most, uint8_t **out,
				    size_t *len);

#endif
