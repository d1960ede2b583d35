#include "extract/archive/once.h"

#include <stdio.h>
#include <string.h>

#include "base/table.h"

void
once_name(struct once *o, uint8_t *name, size_t *len)
{
	struct span s = span_of(name, *len);
	size_t n, keep = *len;
	char mark[24];

	o->member++;
	if (o->names == NULL && table_open(ONCE_NAMES, &o->names) != ST_OK)
		return;
	if (s.len > 0 && table_find(o->names, s) == NULL) {
		if (table_put(o->names, s, o) != ST_OK)
			return; /* past the limit names stay as they are */
		return;
	}
	n = (size_t)snprintf(mark, sizeof(mark), "%s#%llu", keep > 0 ? " " : "",
			     (unsigned long long)o->member);
	if (keep > JOB_NAME_MAX - n)
		keep = JOB_NAME_MAX - n;
	memcpy(name + keep, mark, n);
	*len = keep + n;
}

void
once_close(struct once *o)
{
	table_close(o->names);
	o->names = NULL;
}
