#ifndef PROXY_AGENT_SQL_DRDA_VALUE_H
#define PROXY_AGENT_SQL_DRDA_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

/*
 * drda_value: the types of DRDA, how many bytes their values take, and values
 * as text: numbers, times, text of any code page as UTF-8.
 */
enum drda_shape {
	DRDA_FIXED,   /* as many bytes as the column says */
	DRDA_DOUBLE,  /* twice as many */
	DRDA_PACKED,  /* two digits a byte, and a sign */
	DRDA_SHORT,   /* one byte says how many */
	DRDA_COUNTED, /* two bytes say how many */
	DRDA_PAIRS,   /* two bytes say how many times two */
	DRDA_LARGE,   /* behind the rows */
};

enum drda_value {
	DRDA_INTEGER,
	DRDA_FLOAT,
	DRDA_DECIMAL,
	DRDA_BOOLEAN,
	DRDA_TIME,      /* text, whose points become colons */
	DRDA_TIMESTAMP, /* likewise */
	DRDA_BYTES,
	DRDA_SINGLE, /* text of the three kinds of code pages */
	DRDA_PAIRED,
	DRDA_MIXED,
};

struct drda_type {
	uint8_t type; /* as DRDA numbers them, without the bit of nullable */
	enum drda_shape shape;
	enum drda_value value;
};

/* NULL: it is not known. */
const struct drda_type *drda_type_of(uint8_t type);

uint64_t drda_value_number(const uint8_t *p, size_t n, bool little);

struct drda_column;

/* The bytes of a value that is not NULL, behind what `to` holds.
 * ST_MALFORMED: they are none of that type. */
NODISCARD enum status drda_value_add(struct buf *to,
				     const struct drda_column *c,
				     enum drda_value value, struct span s,
				     bool little);

#endif
