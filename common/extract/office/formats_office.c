#include <stdlib.h>

#include "extract/format.h"
#include "extract/office/xml.h"

static enum status
prepare(const struct extract_options *o, void **state, struct buf *why)
{
	(void)o;
	(void)why;
	return xml_prepare(state);
}

/* Documents of office programs: zips of XML, and rich text. */
const struct format_group formats_office = {
    .name = "office",
    .prepare = prepare,
    .release = free,
};
