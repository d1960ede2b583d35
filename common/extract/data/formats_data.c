#include "extract/data/avro.h"
#include "extract/data/csv.h"
#include "extract/data/dbf.h"
#include "extract/data/fields.h"
#include "extract/data/jet.h"
#include "extract/data/json.h"
#include "extract/data/lines.h"
#include "extract/data/markup.h"
#include "extract/data/rows.h"
#include "extract/data/sqlite.h"
#include "extract/data/wide.h"
#include "extract/format.h"
#include "model/fields.h"
#include "model/rows.h"

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
    {.name = "access",
     FORMAT_MAGIC("\0\1\0\0Standard "),
     .needs = FORMAT_SEEK,
     .is = jet_is_database,
     .read = jet_part},
    {.name = "avro", FORMAT_MAGIC(AVRO_MAGIC), .read = avro_part},
    {.name = "hive",
     FORMAT_MAGIC("regf"),
     .needs = FORMAT_SEEK,
     .read = wide_part},
    {.name = "evtx",
     FORMAT_MAGIC("ElfFile\0"),
     .needs = FORMAT_SEEK,
     .read = wide_part},
    {.name = "fields", FORMAT_MAGIC(FIELDS_MAGIC), .read = fields_part},
    {.name = "rows", FORMAT_MAGIC(ROWS_MAGIC), .read = rows_part},
    {.name = "dbf", .is = dbf_is, .read = dbf_part},
};

/* Text with places, the surest first. */
static const struct format texts[] = {
    {.name = "ndjson", .is = json_is_lines, .places = &json_lines_places},
    {.name = "json", .is = json_is, .places = &json_places},
    {.name = "html", .is = html_is, .places = &html_places},
    {.name = "xml", .is = xml_is, .places = &xml_places},
    {.name = "sql", .is = sqldump_is, .places = &sqldump_places},
    {.name = "csv", .is = csv_is, .places = &csv_places},
    {.name = "log", .is = log_is, .places = &log_places},
    {.name = "ini", .is = ini_is, .places = &ini_places},
    {.name = "yaml", .is = yaml_is, .places = &yaml_places},
};

const struct format_group formats_data = {
    .name = "data",
    .formats = formats,
    .count = sizeof(formats) / sizeof(formats[0]),
    .texts = texts,
    .text_count = sizeof(texts) / sizeof(texts[0]),
};
