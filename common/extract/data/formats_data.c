#include "extract/data/sqlite.h"
#include "extract/format.h"

/* Tables, records and what is keyed. */
static const struct format formats[] = {
    {.name = "sqlite",
     FORMAT_MAGIC(SQLITE_MAGIC),
     .needs = FORMAT_SEEK,
     .is = sqlite_is,
     .read = sqlite_part},
    {.name = "sqlite-wal",
     FORMAT_MAGIC("\x37\x7f\x06"),
     .is = sqlite_is_wal,
     .read = sqlite_wal_part},
    {.name = "sqlite-journal",
     FORMAT_MAGIC(SQLITE_JOURNAL_MAGIC),
     .read = sqlite_journal_part},
};

const struct format_group formats_data = {
    .name = "data",
    .formats = formats,
    .count = sizeof(formats) / sizeof(formats[0]),
};
