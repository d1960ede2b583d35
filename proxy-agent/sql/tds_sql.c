#include "proxy-agent/sql/tds_sql.h"

/*
 * Of text and ntext SUBSTRING gives no more than 8,000 bytes, of the types with
 * (max) as many as are asked for.
 */
static const struct sql_kind mssql_kinds[] = {
    {
	.letter = 'n',
	.literal = "{text}",
    },
    {
	.letter = 't',
	.literal = "N'{quoted}'",
	.large = "DATALENGTH({c}) > 1048576",
	.piece = "SUBSTRING(CONVERT(nvarchar(max), {c}), {from}, {count})",
    },
    {
	/* compared by the order of its own bytes, not by that of N'' */
	.letter = 'a',
	.literal = "CONVERT(varchar(8000), N'{quoted}')",
	.large = "DATALENGTH({c}) > 1048576",
	.piece = "SUBSTRING(CONVERT(varchar(max), {c}), {from}, {count})",
    },
    {
	/* uniqueidentifier */
	.letter = 'd',
	.cell = "CONVERT(varchar(40), {c})",
	.literal = "'{quoted}'",
    },
    {
	/* dates and times, in a form that no language of a session changes */
	.letter = 'w',
	.cell = "CONVERT(varchar(40), {c}, 126)",
	.literal = "'{quoted}'",
    },
    {
	.letter = 'm',
	.cell = "CONVERT(varchar(40), {c}, 2)",
	.literal = "{text}",
    },
    {
	.letter = 'b',
	.literal = "0x{hex}",
	.large = "DATALENGTH({c}) > 1048576",
	.piece = "SUBSTRING(CONVERT(varbinary(max), {c}), {from}, {count})",
    },
    {
	.letter = 'x',
	.cell = "CONVERT(nvarchar(max), {c})",
	.large = "DATALENGTH({c}) > 1048576",
	.piece = "SUBSTRING(CONVERT(nvarchar(max), {c}), {from}, {count})",
    },
    {
	.letter = 'o',
	.cell = "CONVERT(nvarchar(4000), {c})",
    },
    {0},
};

const struct sql_dialect mssql_dialect = {
    .open = '[',
    .close = ']',
    .text = "N'{quoted}'",
    .server = "SELECT name FROM sys.databases WHERE state = 0 AND "
	      "HAS_DBACCESS(name) = 1 AND name NOT IN "
	      "('master', 'tempdb', 'model', 'msdb')",
    .tables = "SELECT TABLE_SCHEMA, TABLE_NAME, "
	      "CASE TABLE_TYPE WHEN 'VIEW' THEN 'v' ELSE 't' END "
	      "FROM INFORMATION_SCHEMA.TABLES WHERE "
	      "({schema} = '' OR TABLE_SCHEMA = {schema}) AND "
	      "({name} = '' OR TABLE_NAME = {name})",
    .columns =
	"SELECT c.COLUMN_NAME, CASE WHEN c.DATA_TYPE = 'bit' THEN 'nl' "
	"WHEN c.DATA_TYPE IN ('tinyint', 'smallint', 'int', 'bigint', "
	"'decimal', 'numeric') THEN 'n' "
	"WHEN c.DATA_TYPE IN ('nchar', 'nvarchar', 'ntext') THEN 't' "
	"WHEN c.DATA_TYPE IN ('char', 'varchar', 'text') THEN 'a' "
	"WHEN c.DATA_TYPE = 'uniqueidentifier' THEN 'du' "
	"WHEN c.DATA_TYPE IN ('date', 'time', 'datetime', 'datetime2', "
	"'smalldatetime', 'datetimeoffset') THEN 'wd' "
	"WHEN c.DATA_TYPE IN ('money', 'smallmoney') THEN 'mf' "
	"WHEN c.DATA_TYPE IN ('float', 'real') THEN 'of' "
	"WHEN c.DATA_TYPE IN ('binary', 'varbinary', 'image', 'timestamp', "
	"'rowversion') THEN 'b' "
	"WHEN c.DATA_TYPE = 'xml' THEN 'x' ELSE 'o' END, "
	"(SELECT k.ORDINAL_POSITION "
	"FROM INFORMATION_SCHEMA.TABLE_CONSTRAINTS p "
	"JOIN INFORMATION_SCHEMA.KEY_COLUMN_USAGE k "
	"ON k.CONSTRAINT_SCHEMA = p.CONSTRAINT_SCHEMA "
	"AND k.CONSTRAINT_NAME = p.CONSTRAINT_NAME "
	"WHERE p.CONSTRAINT_TYPE = 'PRIMARY KEY' "
	"AND p.TABLE_SCHEMA = c.TABLE_SCHEMA AND p.TABLE_NAME = c.TABLE_NAME "
	"AND k.TABLE_SCHEMA = c.TABLE_SCHEMA AND k.TABLE_NAME = c.TABLE_NAME "
	"AND k.COLUMN_NAME = c.COLUMN_NAME), "
	"CASE WHEN c.CHARACTER_MAXIMUM_LENGTH < 0 "
	"OR c.CHARACTER_MAXIMUM_LENGTH > 8000 THEN '1' ELSE '0' END "
	"FROM INFORMATION_SCHEMA.COLUMNS c "
	"WHERE c.TABLE_SCHEMA = {schema} AND c.TABLE_NAME = {name} "
	"ORDER BY c.ORDINAL_POSITION",
    .begin = "IF EXISTS (SELECT 1 FROM sys.databases WHERE "
	     "database_id = DB_ID() AND snapshot_isolation_state = 1) "
	     "SET TRANSACTION ISOLATION LEVEL SNAPSHOT "
	     "ELSE SET TRANSACTION ISOLATION LEVEL READ COMMITTED "
	     "BEGIN TRANSACTION",
    .end = "COMMIT TRANSACTION",
    .undo = "IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION",
    .table = "{schema}.{name}",
    .count = "SELECT COUNT_BIG(*) FROM {table}",
    .all = "SELECT {cells} FROM {table}",
    .page = "SELECT TOP ({n}) {cells} FROM {table}{where}{order}",
    .one = "SELECT {cells} FROM {table}{where}",
    .nth = "SELECT {cells} FROM {table}{where} ORDER BY (SELECT NULL) "
	   "OFFSET {n} ROWS FETCH NEXT 1 ROWS ONLY",
    .keyset = true,
    .kinds = mssql_kinds,
};

/* Large cells are not taken apart: a row comes with them, up to TDS_CELL_MAX.
 */
static const struct sql_kind sybase_kinds[] = {
    {.letter = 'n', .literal = "{text}"},
    {.letter = 't', .literal = "'{quoted}'"},
    {.letter = 'w', .cell = "CONVERT(varchar(40), {c}, 23)"},
    {.letter = 'm', .cell = "CONVERT(varchar(40), {c})"},
    {.letter = 'b', .literal = "0x{hex}"},
    {.letter = 'o', .cell = "CONVERT(varchar(255), {c})"},
    {0},
};

/* The place of a column in the index of the primary key, up to eight. */
#define PLACE(n) " WHEN index_col(o.name, i.indid, " n ", o.uid) THEN " n

const struct sql_dialect sybase_dialect = {
    .open = '[',
    .close = ']',
    .text = "'{quoted}'",
    .server = "SELECT name FROM master..sysdatabases WHERE name NOT IN "
	      "('master', 'model', 'tempdb', 'sybsystemdb', 'sybsystemprocs')",
    .tables = "SELECT u.name, o.name, "
	      "CASE o.type WHEN 'V' THEN 'v' ELSE 't' END "
	      "FROM sysobjects o, sysusers u WHERE u.uid = o.uid "
	      "AND o.type IN ('U', 'V') "
	      "AND ({schema} = '' OR u.name = {schema}) "
	      "AND ({name} = '' OR o.name = {name})",
    .columns =
	"SELECT c.name, CASE "
	"WHEN t.name IN ('tinyint', 'smallint', 'int', 'bigint', 'intn', "
	"'uintn', 'usmallint', 'uint', 'ubigint', 'bit', 'decimal', "
	"'decimaln', 'numeric', 'numericn') THEN 'n' "
	"WHEN t.name IN ('char', 'varchar', 'nchar', 'nvarchar', 'unichar', "
	"'univarchar', 'text', 'unitext', 'sysname', 'longsysname') THEN 't' "
	"WHEN t.name IN ('date', 'time', 'datetime', 'smalldatetime', "
	"'datetimn', 'daten', 'timen', 'bigdatetime', 'bigdatetimen', "
	"'bigtime', 'bigtimen') THEN 'wd' "
	"WHEN t.name IN ('money', 'smallmoney', 'moneyn') THEN 'mf' "
	"WHEN t.name IN ('float', 'real', 'floatn') THEN 'of' "
	"WHEN t.name IN ('binary', 'varbinary', 'image', 'timestamp') "
	"THEN 'b' ELSE 'o' END, "
	"(SELECT CASE c.name" PLACE("1") PLACE("2") PLACE("3") PLACE("4")
	    PLACE("5") PLACE("6") PLACE("7") PLACE(
		"8") " END FROM sysindexes i "
		     "WHERE i.id = o.id AND i.status & 2048 = 2048), '0' "
		     "FROM syscolumns c, sysobjects o, sysusers u, systypes t "
		     "WHERE o.id = c.id AND u.uid = o.uid AND t.usertype = "
		     "c.usertype "
		     "AND u.name = {schema} AND o.name = {name} ORDER BY "
		     "c.colid",
    .begin = "SET TRANSACTION ISOLATION LEVEL 1 BEGIN TRANSACTION",
    .end = "COMMIT TRANSACTION",
    .undo = "IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION",
    .table = "{schema}.{name}",
    .count = "SELECT COUNT_BIG(*) FROM {table}",
    .all = "SELECT {cells} FROM {table}",
    .page = "SELECT TOP {n} {cells} FROM {table}{where}{order}",
    .one = "SELECT {cells} FROM {table}{where}",
    .keyset = true,
    .kinds = sybase_kinds,
};
