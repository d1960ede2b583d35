#ifndef EXTRACT_OLE_LE_H
#define EXTRACT_OLE_LE_H

#include <stdint.h>
#include <string.h>

/* le: numbers as these files have them, lowest byte first. */
static inline uint16_t
le16(const uint8_t *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t
le32(const uint8_t *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[3] << 24;
}

static inline uint64_t
le64(const uint8_t *p)
{
	return le32(p) | (uint64_t)le32(p + 4) << 32;
}

static inline double
le_double(const uint8_t *p)
{
	uint64_t bits = le64(p);
	double d;

	memcpy(&d, &bits, sizeof(d));
	return d;
}

#endif
