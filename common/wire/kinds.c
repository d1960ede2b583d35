#include "wire/kinds.h"

static const struct wire_kind_row rows[] = {
#define WIRE_KIND_ROW(kind, number, name, from, when, stream, cap)             \
	{(number), (from), (when), (stream), (cap), (name)},
    WIRE_KIND_TABLE(WIRE_KIND_ROW)
#undef WIRE_KIND_ROW
};

const struct wire_kind_row *
kinds_find(uint16_t kind)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].kind == kind)
			return &rows[i];
	return NULL;
}
