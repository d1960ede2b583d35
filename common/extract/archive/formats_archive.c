#include <string.h>

#include "extract/archive/gzip.h"
#include "extract/archive/zip.h"
#include "extract/format.h"

static bool
is_gzip(struct format_look *l)
{
	return l->head.len >= 10 && (l->head.ptr[3] & 0xe0) == 0;
}

static const struct format formats[] = {
    {.name = "zip", FORMAT_MAGIC("PK\3\4"), .read = zip_part},
    {.name = "zip", FORMAT_MAGIC("PK\5\6"), .read = zip_part},
    {.name = "zip", FORMAT_MAGIC("PK\7\10PK\3\4"), .read = zip_part},
    {.name = "gzip",
     FORMAT_MAGIC("\x1f\x8b\x08"),
     .is = is_gzip,
     .read = gzip_part},
};

/* What holds files, and what is packed. */
const struct format_group formats_archive = {
    .name = "archive",
    .formats = formats,
    .count = sizeof(formats) / sizeof(formats[0]),
};
