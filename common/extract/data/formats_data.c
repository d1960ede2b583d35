#include "extract/data/avro.h"
#include "extract/data/csv.h"
#include "extract/data/dbf.h"
#include "extract/data/json.h"
#include "extract/data/lines.h"
#include "extract/data/markup.h"
#include "extract/data/sqlite.h"
#include "extract/data/wide.h"
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
     .needs = FORMAT_SEEK,
     .is = sqlite_is_wal,
     .read = sqlite_wal_part},
    {.name = "sqlite-journal",
     FORMAT_MAGIC(SQLITE_JOURNAL_MAGIC),
     .needs = FORMAT_SEEK,
     .read = sqlite_journal_part},
    {.name = "avro", FORMAT_MAGIC(AVRO_MAGIC), .read = avro_part},
    {.name = "hive",
     FORMAT_MAGIC("regf"),
     .needs = FORMAT_SEEK,
     .read = wide_part},
    {.name = "evtx",
     FORMAT_MAGIC("ElfFile\0"),
     .needs = FORMAT_SEEK,
     .read = wide_part},
    {.name = "dbf", .is = dbf_is, .read = dbf_part},
    /* text with places, the surest first */
    {.name = "ndjson", .is = json_is_lines, .read = json_lines_part},
    {.name = "json", .is = json_is, .read = json_part},
    {.name = "html", .is = html_is, .read = html_part},
    {.name = "xml", .is = xml_is, .read = xml_part},
    {.name = "sql", .is = sqldump_is, .read = sqldump_part},
    {.name = "csv", .is = csv_is, .read = csv_part},
    {.name = "log", .is = log_is, .read = log_part},
    {.name = "ini", .is = ini_is, .read = ini_part},
    {.name = "yaml", .is = yaml_is, .read = yaml_part},
};

const struct format_group formats_data = {
    .name = "data",
    .formats = formats,
    .count = sizeof(formats) / sizeof(formats[0]),
};
