#include "proxy-agent/odbc/product.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

/*
 * Cells above 1 MiB are read in pieces. LENGTH counts characters or bytes; a
 * quarter of it is on the safe side for text of up to four bytes a character.
 */
#define LARGE_TEXT  "262144"
#define LARGE_BYTES "1048576"

/* Numbers are compared as they are, text between quotes, the rest never. */
#define KINDS(name, text_length, text_piece, bytes_length, bytes_piece)        \
	static const struct sql_kind name[] = {                                \
	    {.letter = 'n', .literal = "{text}"},                              \
	    {.letter = 't',                                                    \
	     .literal = "'{quoted}'",                                          \
	     .large = (text_length),                                           \
	     .piece = (text_piece)},                                           \
	    {.letter = 'b', .large = (bytes_length), .piece = (bytes_piece)},  \
	    {.letter = 'o'},                                                   \
	    {0},                                                               \
	}

/* Nothing is known of its functions: cells come as the driver gives them. */
KINDS(plain, NULL, NULL, NULL, NULL);

KINDS(substr, "LENGTH({c}) > " LARGE_TEXT, "SUBSTR({c}, {from}, {count})",
      "LENGTH({c}) > " LARGE_BYTES, "SUBSTR({c}, {from}, {count})");

KINDS(substring, "CHAR_LENGTH({c}) > " LARGE_TEXT,
      "SUBSTRING({c} FROM {from} FOR {count})",
      "OCTET_LENGTH({c}) > " LARGE_BYTES,
      "SUBSTRING({c} FROM {from} FOR {count})");

/* Pieces of a BLOB would be RAW, of 2,000 bytes at most: the driver has more.
 */
KINDS(oracle, "LENGTH({c}) > " LARGE_TEXT, "SUBSTR({c}, {from}, {count})", NULL,
      NULL);

KINDS(microsoft, "DATALENGTH({c}) > " LARGE_BYTES,
      "SUBSTRING({c}, {from}, {count})", "DATALENGTH({c}) > " LARGE_BYTES,
      "SUBSTRING({c}, {from}, {count})");

#define QUOTES    .open = '"', .close = '"', .text = "'{quoted}'"
#define BACKTICKS .open = '`', .close = '`', .text = "'{quoted}'"

#define READING                                                                \
	.streams = true, .count = "SELECT COUNT(*) FROM {table}",              \
	.all = "SELECT {cells} FROM {table}",                                  \
	.one = "SELECT {cells} FROM {table}{where}"

#define IN_SCHEMA .table = "{schema}.{name}"

/* Pages of {n} rows, by the words of each. */
#define BY_LIMIT                                                               \
	.page = "SELECT {cells} FROM {table}{where}{order} LIMIT {n}",         \
	.keyset = true
#define BY_FETCH                                                               \
	.page = "SELECT {cells} FROM {table}{where}{order} "                   \
		"FETCH FIRST {n} ROWS ONLY",                                   \
	.keyset = true
#define BY_TOP                                                                 \
	.page = "SELECT TOP {n} {cells} FROM {table}{where}{order}",           \
	.keyset = true
#define BY_FIRST                                                               \
	.page = "SELECT FIRST {n} {cells} FROM {table}{where}{order}",         \
	.keyset = true

const struct product products[] = {
    {
	.scheme = "oracle",
	.port = 1521,
	.driver = "Oracle",
	.tls = "", /* its sign-in is by challenge and response */
	.connect = "DRIVER={driver};DBQ={service};UID={user};"
		   "PWD={password};FRC=T",
	.calls_itself = "Oracle",
	.dialect = {QUOTES, READING, IN_SCHEMA, BY_FETCH, .kinds = oracle,
		    .begin = "SET TRANSACTION READ ONLY", .end = "COMMIT",
		    .undo = "ROLLBACK"},
    },
    {
	.scheme = "db2",
	.port = 50000,
	.driver = "IBM DB2 ODBC DRIVER",
	.tls = ";SECURITY=SSL",
	.connect = "DRIVER={driver};HOSTNAME={host};PORT={port};"
		   "DATABASE={database};PROTOCOL=TCPIP;UID={user};"
		   "PWD={password};CurrentPackageSet=NULLID",
	.calls_itself = "DB2",
	.dialect = {QUOTES, READING, IN_SCHEMA, BY_FETCH, .kinds = substr,
		    .end = "COMMIT", .undo = "ROLLBACK"},
    },
    {
	.scheme = "informix",
	.port = 9088,
	.driver = "IBM INFORMIX ODBC DRIVER",
	.connect = "DRIVER={driver};HOST={host};SERVICE={port};"
		   "PROTOCOL=onsoctcp;SERVER={server};DATABASE={database};"
		   "UID={user};PWD={password};DELIMIDENT=y",
	.calls_itself = "Informix",
	.dialect = {QUOTES, READING, IN_SCHEMA, BY_FIRST, .kinds = plain,
		    .begin = "SET ISOLATION TO COMMITTED READ LAST COMMITTED"},
    },
    {
	.scheme = "teradata",
	.port = 1025,
	.driver = "Teradata Database ODBC Driver",
	.tls = "", /* TD2, its default, encrypts the sign-in */
	.connect = "DRIVER={driver};DBCNAME={host};TDMSTPORTNUMBER={port};"
		   "DEFAULTDATABASE={database};UID={user};PWD={password};"
		   "CHARACTERSET=UTF8",
	.calls_itself = "Teradata",
	.dialect = {QUOTES, IN_SCHEMA, .kinds = plain, .streams = true,
		    .count = "LOCKING ROW FOR ACCESS SELECT "
			     "CAST(COUNT(*) AS BIGINT) FROM {table}",
		    .all = "LOCKING ROW FOR ACCESS SELECT {cells} FROM {table}",
		    .page = "LOCKING ROW FOR ACCESS SELECT TOP {n} {cells} "
			    "FROM {table}{where}{order}",
		    .keyset = true},
    },
    {
	.scheme = "tibero",
	.port = 8629,
	.driver = "Tibero",
	.connect = "DRIVER={driver};SERVER={host};PORT={port};DB={database};"
		   "UID={user};PWD={password}",
	.calls_itself = "Tibero",
	.dialect = {QUOTES, READING, IN_SCHEMA, .kinds = oracle,
		    .begin = "SET TRANSACTION READ ONLY", .end = "COMMIT",
		    .undo = "ROLLBACK"},
    },
    {
	.scheme = "hana",
	.port = 30015,
	.driver = "HDBODBC",
	.connect = "DRIVER={driver};SERVERNODE={host_port};"
		   "DATABASENAME={database};UID={user};PWD={password}",
	.tls = ";ENCRYPT=TRUE",
	.calls_itself = "HDB",
	.dialect = {QUOTES, READING, IN_SCHEMA, BY_LIMIT, .kinds = substr,
		    .begin = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ",
		    .end = "COMMIT", .undo = "ROLLBACK"},
    },
    {
	.scheme = "odbc",
	.connect = "DRIVER={driver};SERVER={host};PORT={port};"
		   "DATABASE={database};UID={user};PWD={password}",
	.calls_itself = "\1",
	.dialect = {QUOTES, READING, IN_SCHEMA, .kinds = plain},
    },
    /* known by what they call themselves, for targets of "odbc" */
    {
	.scheme = "",
	.calls_itself = "PostgreSQL",
	.snapshot = true,
	.dialect = {QUOTES, READING, IN_SCHEMA, BY_LIMIT, .kinds = substring,
		    .end = "COMMIT", .undo = "ROLLBACK"},
    },
    {
	.scheme = "",
	.calls_itself = "MariaDB",
	.dialect = {BACKTICKS, READING, BY_LIMIT, .kinds = substring,
		    .table = "{name}",
		    .begin = "START TRANSACTION WITH CONSISTENT SNAPSHOT, "
			     "READ ONLY",
		    .end = "COMMIT", .undo = "ROLLBACK"},
    },
    {
	.scheme = "",
	.calls_itself = "MySQL",
	.dialect = {BACKTICKS, READING, BY_LIMIT, .kinds = substring,
		    .table = "{name}",
		    .begin = "START TRANSACTION WITH CONSISTENT SNAPSHOT, "
			     "READ ONLY",
		    .end = "COMMIT", .undo = "ROLLBACK"},
    },
    {
	.scheme = "",
	.calls_itself = "SQLite",
	.dialect = {QUOTES, READING, BY_LIMIT, .kinds = substr,
		    .table = "{name}"},
    },
    {
	.scheme = "",
	.calls_itself = "Microsoft SQL Server",
	.dialect = {QUOTES, READING, IN_SCHEMA, BY_TOP, .kinds = microsoft},
    },
    {
	.scheme = "",
	.calls_itself = "Apache Derby",
	.dialect = {QUOTES, READING, IN_SCHEMA, BY_FETCH, .kinds = substr},
    },
    {0},
};

const struct product product_any = {
    .scheme = "odbc",
    .dialect = {QUOTES, READING, IN_SCHEMA, .kinds = plain},
};

const struct product *
product_of(const char *scheme)
{
	for (const struct product *p = products; p->scheme != NULL; p++)
		if (strcmp(p->scheme, scheme) == 0)
			return p;
	return NULL;
}

const struct product *
product_named(const char *dbms)
{
	for (const struct product *p = products; p->scheme != NULL; p++)
		if (strncasecmp(dbms, p->calls_itself,
				strlen(p->calls_itself)) == 0)
			return p;
	return &product_any;
}
