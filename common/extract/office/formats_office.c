#include "extract/format.h"
#include "extract/office/odf.h"
#include "extract/office/rtf.h"

static const struct format formats[] = {
    {.name = "rtf", FORMAT_MAGIC("{\\rt"), .read = rtf_part},
    {.name = "odf", .is = odf_is_flat, .read = odf_flat},
};

/* Documents of office programs: zips of XML, and rich text. */
const struct format_group formats_office = {
    .name = "office",
    .formats = formats,
    .count = sizeof(formats) / sizeof(formats[0]),
};
