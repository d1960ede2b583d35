#include <stddef.h>

#include "extract/archive/zipview.h"
#include "extract/office/odf.h"
#include "extract/office/ooxml.h"

/* Kinds of documents that are zips; the first that fits reads. */
static const struct zip_kind *const kinds[] = {
    &docx_kind, &xlsx_kind, &pptx_kind, &odf_kind, NULL,
};

const struct zip_kind *
zip_kind_of(const struct zip_view *v)
{
	for (size_t i = 0; kinds[i] != NULL; i++)
		if (kinds[i]->is(v))
			return kinds[i];
	return NULL;
}
