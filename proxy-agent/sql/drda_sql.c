#include "proxy-agent/sql/drda_sql.h"

#include <stddef.h>
#include <string.h>

/*
 * Cells of DB2 above 1 MiB are read in pieces. LENGTH counts letters of up to
 * four bytes, or bytes. Derby has no parts of bytes, and makes all of a text
 * for a part of it: there they come as the protocol has them (drda_late.h).
 */
#define LARGE_TEXT  "LENGTH({c}) > 262144"
#define LARGE_BYTES "LENGTH({c}) > 1048576"
#define PIECE       "SUBSTR({c}, {from}, {count})"

#define KINDS(name, large_text, large_bytes, part)                             \
	static const struct sql_kind name[] = {                                \
	    {.letter = 'n', .literal = "{text}"},                              \
	    {.letter = 't',                                                    \
	     .literal = "'{quoted}'",                                          \
	     .large = (large_text),                                            \
	     .piece = (part)},                                                 \
	    {.letter = 'd', .literal = "'{quoted}'"},                          \
	    {.letter = 'b',                                                    \
	     .literal = "X'{hex}'",                                            \
	     .large = (large_bytes),                                           \
	     .piece = (part)},                                                 \
	    {.letter = 'x',                                                    \
	     .cell =                                                           \
		 "XMLSERIALIZE({c} AS CLOB)"}, /* objects of Java, decimals of \
						  floating point */            \
	    {.letter = 'w', .cell = "CAST({c} AS VARCHAR(1000))"},             \
	    {.letter = 'o'},                                                   \
	    {0},                                                               \
	}

KINDS(derby_kinds, NULL, NULL, NULL);
KINDS(db2_kinds, LARGE_TEXT, LARGE_BYTES, PIECE);

#define READING                                                                \
	.open = '"', .close = '"', .text = "'{quoted}'", .end = "COMMIT",      \
	.undo = "ROLLBACK", .table = "{schema}.{name}",                        \
	.count = "SELECT COUNT(*) FROM {table}",                               \
	.all = "SELECT {cells} FROM {table}",                                  \
	.page = "SELECT {cells} FROM {table}{where}{order} "                   \
		"FETCH FIRST {n} ROWS ONLY",                                   \
	.one = "SELECT {cells} FROM {table}{where}",                           \
	.nth = "SELECT {cells} FROM {table}{where} "                           \
	       "OFFSET {n} ROWS FETCH FIRST 1 ROWS ONLY"

/*
 * A key of Derby is known as the text of its index: "UNIQUE BTREE (4, 1)". The
 * place of a column is how many of the table's stand there up to it.
 */
#define KEY_TEXT                                                               \
	"', ' || SUBSTR(CAST(g.DESCRIPTOR AS VARCHAR(1000)), "                 \
	"LOCATE('(', CAST(g.DESCRIPTOR AS VARCHAR(1000))) + 1)"
#define PLACE_IN(text, column)                                                 \
	"(LOCATE(', ' || TRIM(CAST(" column                                    \
	".COLUMNNUMBER AS CHAR(11))) || ',', " text                            \
	") + LOCATE(', ' || TRIM(CAST(" column                                 \
	".COLUMNNUMBER AS CHAR(11))) || ')', " text "))"

/*
 * Derby sorts all that is left of a table for each page of it, whatever index
 * there is: a table is one statement.
 */
const struct sql_dialect derby_dialect = {
    READING,
    .kinds = derby_kinds,
    .tables = "SELECT s.SCHEMANAME, t.TABLENAME, "
	      "CASE WHEN t.TABLETYPE = 'V' THEN 'v' ELSE 't' END "
	      "FROM SYS.SYSTABLES t JOIN SYS.SYSSCHEMAS s "
	      "ON s.SCHEMAID = t.SCHEMAID "
	      "WHERE t.TABLETYPE IN ('T', 'V') "
	      "AND ({schema} = '' OR s.SCHEMANAME = {schema}) "
	      "AND ({name} = '' OR t.TABLENAME = {name})",
    .columns =
	"SELECT c.COLUMNNAME, c.LETTER, "
	"(SELECT CASE WHEN " PLACE_IN(
	    KEY_TEXT,
	    "c") " = 0 THEN 0 ELSE "
		 "(SELECT COUNT(*) FROM SYS.SYSCOLUMNS m "
		 "WHERE m.REFERENCEID = c.TABLEID "
		 "AND " PLACE_IN(
		     KEY_TEXT,
		     "m") " > 0 "
			  "AND " PLACE_IN(KEY_TEXT, "m") " <= " PLACE_IN(
			      KEY_TEXT,
			      "c") ") END "
				   "FROM SYS.SYSCONSTRAINTS p "
				   "JOIN SYS.SYSKEYS k ON k.CONSTRAINTID = "
				   "p.CONSTRAINTID "
				   "JOIN SYS.SYSCONGLOMERATES g "
				   "ON g.CONGLOMERATEID = k.CONGLOMERATEID "
				   "WHERE p.TABLEID = c.TABLEID AND p.TYPE = "
				   "'P'), c.LONG "
				   "FROM (SELECT t.TABLEID, n.COLUMNNAME, "
				   "n.COLUMNNUMBER, "
				   "CASE WHEN n.KIND LIKE '%FOR BIT DATA%' OR "
				   "n.KIND LIKE 'BLOB%' "
				   "THEN 'b' "
				   "WHEN n.KIND LIKE 'CHAR%' OR n.KIND LIKE "
				   "'VARCHAR%' "
				   "OR n.KIND LIKE 'LONG VARCHAR%' OR n.KIND "
				   "LIKE 'CLOB%' THEN 't' "
				   "WHEN n.KIND LIKE '%INT%' OR n.KIND LIKE "
				   "'DECIMAL%' "
				   "OR n.KIND LIKE 'NUMERIC%' THEN 'n' "
				   "WHEN n.KIND LIKE 'DATE%' OR n.KIND LIKE "
				   "'TIME%' THEN 'dd' "
				   "WHEN n.KIND LIKE 'XML%' THEN 'x' "
				   "WHEN n.KIND LIKE 'REAL%' OR n.KIND LIKE "
				   "'DOUBLE%' "
				   "OR n.KIND LIKE 'FLOAT%' THEN 'of' "
				   "WHEN n.KIND LIKE 'BOOLEAN%' THEN 'ol' "
				   "ELSE 'w' END AS LETTER, "
				   "CASE WHEN n.KIND LIKE 'CLOB%' OR n.KIND "
				   "LIKE 'BLOB%' THEN '1' "
				   "ELSE '0' END AS LONG "
				   "FROM (SELECT REFERENCEID, COLUMNNAME, "
				   "COLUMNNUMBER, "
				   "CAST(COLUMNDATATYPE AS VARCHAR(300)) AS "
				   "KIND "
				   "FROM SYS.SYSCOLUMNS) n "
				   "JOIN SYS.SYSTABLES t ON t.TABLEID = "
				   "n.REFERENCEID "
				   "JOIN SYS.SYSSCHEMAS s ON s.SCHEMAID = "
				   "t.SCHEMAID "
				   "WHERE s.SCHEMANAME = {schema} AND "
				   "t.TABLENAME = {name}) c "
				   "ORDER BY c.COLUMNNUMBER",
};

const struct sql_dialect db2_dialect = {
    READING,
    .keyset = true,
    .kinds = db2_kinds,
    .tables = "SELECT RTRIM(TABSCHEMA), TABNAME, "
	      "CASE WHEN TYPE IN ('V', 'W') THEN 'v' ELSE 't' END "
	      "FROM SYSCAT.TABLES WHERE TYPE IN ('T', 'U', 'S', 'V', 'W') "
	      "AND (TABSCHEMA = {schema} "
	      "OR ({schema} = '' AND TABSCHEMA NOT LIKE 'SYS%')) "
	      "AND ({name} = '' OR TABNAME = {name})",
    .columns =
	"SELECT COLNAME, CASE "
	"WHEN TYPENAME IN ('CLOB', 'DBCLOB', 'CHARACTER', 'VARCHAR', "
	"'LONG VARCHAR') AND CODEPAGE <> 0 THEN 't' "
	"WHEN TYPENAME IN ('DBCLOB', 'GRAPHIC', 'VARGRAPHIC', "
	"'LONG VARGRAPHIC') THEN 't' "
	"WHEN TYPENAME IN ('CHARACTER', 'VARCHAR', 'LONG VARCHAR', 'BLOB', "
	"'BINARY', 'VARBINARY') THEN 'b' "
	"WHEN TYPENAME IN ('SMALLINT', 'INTEGER', 'BIGINT', 'DECIMAL') "
	"THEN 'n' "
	"WHEN TYPENAME IN ('DATE', 'TIME', 'TIMESTAMP') THEN 'dd' "
	"WHEN TYPENAME IN ('REAL', 'DOUBLE') THEN 'of' "
	"WHEN TYPENAME = 'BOOLEAN' THEN 'ol' "
	"WHEN TYPENAME = 'XML' THEN 'x' "
	"WHEN TYPENAME = 'DECFLOAT' THEN 'w' ELSE 'o' END, "
	"COALESCE(KEYSEQ, 0), "
	"CASE WHEN TYPENAME IN ('CLOB', 'DBCLOB', 'BLOB') THEN '1' "
	"ELSE '0' END "
	"FROM SYSCAT.COLUMNS WHERE TABSCHEMA = {schema} "
	"AND TABNAME = {name} ORDER BY COLNO",
};

const struct sql_dialect *
drda_dialect(const char *class)
{
	static const struct {
		const char *begins;
		const struct sql_dialect *dialect;
	} servers[] = {
	    {"Apache Derby", &derby_dialect},
	    {"QDB2/", &db2_dialect}, /* of z/OS it is QDB2 alone */
	};

	for (size_t i = 0; i < sizeof(servers) / sizeof(servers[0]); i++)
		if (strncmp(class, servers[i].begins,
			    strlen(servers[i].begins)) == 0)
			return servers[i].dialect;
	return NULL;
}
