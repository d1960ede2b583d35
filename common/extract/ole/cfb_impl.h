#ifndef EXTRACT_OLE_CFB_IMPL_H
#define EXTRACT_OLE_CFB_IMPL_H

#include <stdint.h>

#include "extract/ole/cfb.h"

/* Of the files cfb*.c only: sectors, and which follows which. */

static inline uint32_t
cfb_sector_size(const struct cfb *c)
{
	return 1u << c->shift;
}

static inline uint64_t
cfb_sector_at(const struct cfb *c, uint32_t n)
{
	return ((uint64_t)n + 1) << c->shift;
}

static inline uint32_t
cfb_next(const struct cfb *c, uint32_t n)
{
	return n < c->fat_count ? c->fat[n] : CFB_NONE;
}

static inline uint32_t
cfb_next_mini(const struct cfb *c, uint32_t n)
{
	return n < c->mini_count ? c->minifat[n] : CFB_NONE;
}

#endif
