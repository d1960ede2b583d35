#include "proxy-agent/firebird/firebird.h"

#include "proxy-agent/firebird/attach.h"
#include "proxy-agent/firebird/statement.h"
#include "proxy-agent/source/sql/source.h"

/* ---- its words ----------------------------------------------------------- */

/* CHAR comes with blanks to its full length. */
#define TRIMMED "TRIM(TRAILING FROM {c})"
#define LARGE   "OCTET_LENGTH({c}) > 1048576"
#define PIECE   "SUBSTRING({c} FROM {from} FOR {count})"

/*
 * Bytes of no known character set are told from text by a letter of their own:
 * a literal would have one, and be ordered by it.
 */
static const struct sql_kind kinds[] = {
    {.letter = 'n', .literal = "{text}"},
    {.letter = 't', .literal = "'{quoted}'"},
    {.letter = 'c', .cell = TRIMMED, .literal = "'{quoted}'"},
    {.letter = 'd',
     .cell = "CAST({c} AS VARCHAR(40))",
     .literal = "'{quoted}'"},
    {.letter = 'x', .large = LARGE, .piece = PIECE}, /* text of any length */
    {.letter = 'b', .large = LARGE, .piece = PIECE},
    {.letter = 'o'},
    {0},
};

/*
 * Numbers of RDB$FIELD_TYPE: 7 8 16 integers and decimals, 14 CHAR, 37 VARCHAR,
 * 12 13 35 dates and times, 23 a truth, 10 27 floats, 261 BLOB, of whose
 * subtypes 1 is text. Character sets 0 and 1 are NONE and OCTETS.
 */
#define LETTER                                                                 \
	"CASE WHEN f.RDB$FIELD_TYPE IN (7, 8, 16) AND f.RDB$FIELD_SCALE < 0 "  \
	"THEN 'nf' WHEN f.RDB$FIELD_TYPE IN (7, 8, 16) THEN 'n' "              \
	"WHEN f.RDB$FIELD_TYPE IN (12, 13, 35) THEN 'dd' "                     \
	"WHEN f.RDB$FIELD_TYPE IN (10, 27) THEN 'of' "                         \
	"WHEN f.RDB$FIELD_TYPE = 23 THEN 'ol' "                                \
	"WHEN f.RDB$FIELD_TYPE IN (14, 37) AND f.RDB$CHARACTER_SET_ID = 1 "    \
	"THEN 'b' "                                                            \
	"WHEN f.RDB$FIELD_TYPE IN (14, 37) AND "                               \
	"COALESCE(f.RDB$CHARACTER_SET_ID, 0) = 0 THEN 'o' "                    \
	"WHEN f.RDB$FIELD_TYPE = 14 THEN 'c' "                                 \
	"WHEN f.RDB$FIELD_TYPE = 37 THEN 't' "                                 \
	"WHEN f.RDB$FIELD_TYPE = 261 AND f.RDB$FIELD_SUB_TYPE = 1 THEN 'x' "   \
	"WHEN f.RDB$FIELD_TYPE = 261 THEN 'b' ELSE 'o' END"

const struct sql_dialect firebird_dialect = {
    .open = '"',
    .close = '"',
    .text = "'{quoted}'",
    .tables = "SELECT '', TRIM(TRAILING FROM RDB$RELATION_NAME), "
	      "CASE WHEN RDB$VIEW_BLR IS NOT NULL THEN 'v' "
	      "WHEN RDB$EXTERNAL_FILE IS NOT NULL THEN 'f' ELSE 't' END "
	      "FROM RDB$RELATIONS WHERE COALESCE(RDB$SYSTEM_FLAG, 0) = 0 "
	      "AND ({name} = '' OR RDB$RELATION_NAME = {name})",
    .columns =
	"SELECT TRIM(TRAILING FROM r.RDB$FIELD_NAME), " LETTER ", "
	"(SELECT MAX(s.RDB$FIELD_POSITION) + 1 FROM RDB$INDEX_SEGMENTS s "
	"JOIN RDB$RELATION_CONSTRAINTS k ON k.RDB$INDEX_NAME = "
	"s.RDB$INDEX_NAME WHERE k.RDB$CONSTRAINT_TYPE = 'PRIMARY KEY' "
	"AND k.RDB$RELATION_NAME = r.RDB$RELATION_NAME "
	"AND s.RDB$FIELD_NAME = r.RDB$FIELD_NAME), "
	"IIF(f.RDB$FIELD_TYPE = 261, '1', '0') "
	"FROM RDB$RELATION_FIELDS r "
	"JOIN RDB$FIELDS f ON f.RDB$FIELD_NAME = r.RDB$FIELD_SOURCE "
	"WHERE r.RDB$RELATION_NAME = {name} ORDER BY r.RDB$FIELD_POSITION",
    .begin = "SET TRANSACTION READ ONLY WAIT ISOLATION LEVEL SNAPSHOT",
    .end = "COMMIT",
    .undo = "ROLLBACK",
    .table = "{name}",
    .count = "SELECT COUNT(*) FROM {table}",
    .all = "SELECT {cells} FROM {table}",
    .page = "SELECT FIRST {n} {cells} FROM {table}{where}{order}",
    .one = "SELECT {cells} FROM {table}{where}",
    .nth = "SELECT FIRST 1 SKIP {n} {cells} FROM {table}{where}",
    .row_id = "RDB$DB_KEY",
    .row_is = "RDB$DB_KEY = x'{hex}'",
    .keyset = true,
    .kinds = kinds,
};

static const struct sql_dialect *
speaks(const struct sql_session *s)
{
	(void)s;
	return &firebird_dialect;
}

/* ---- the kind ------------------------------------------------------------ */

static const struct sql_ops ops = {
    .port = 3050,
    .databases = true,
    .flat = true,
    .open = firebird_attach,
    .close = firebird_detach,
    .dialect = speaks,
    .run = firebird_run,
    .query = firebird_query,
    .fetch = firebird_fetch,
    .trouble = firebird_trouble,
};

static enum status
firebird_open(const struct source_target *t, struct source **out)
{
	return sql_open(t, &ops, out);
}

const struct source_ops firebird_source = {
    .scheme = "firebird",
    .open = firebird_open,
    .next = sql_next,
    .read = sql_read,
    .cursor = sql_cursor,
    .close = sql_close,
};
