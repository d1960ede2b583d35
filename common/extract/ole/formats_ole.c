#include "extract/format.h"
#include "extract/ole/ole.h"

static const struct format formats[] = {
    {"ole", FORMAT_MAGIC(CFB_MAGIC), .needs = FORMAT_SEEK, .read = ole_part},
};

/* Compound files: older office documents and messages. */
const struct format_group formats_ole = {
    .name = "ole",
    .formats = formats,
    .count = sizeof(formats) / sizeof(formats[0]),
};
