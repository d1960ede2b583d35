#include "proxy-agent/sql/mariadb.h"

#include <mariadb/errmsg.h>
#include <mariadb/mysql.h>
#include <mariadb/mysqld_error.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "proxy-agent/source/sql/source.h"
#include "proxy-agent/sql/pem.h"

#define PACKET_MAX ((unsigned long)96 << 20) /* of one row, of one piece */

static const struct sql_kind kinds[] = {
    {
	.letter = 'n',
	.literal = "{text}",
    },
    {
	.letter = 't',
	.literal = "_utf8mb4 X'{hex}'",
	.large = "OCTET_LENGTH({c}) > 1048576",
	.piece = "SUBSTRING({c}, {from}, {count})",
    },
    {
	.letter = 'd',
	.literal = "'{quoted}'",
    },
    {
	.letter = 'b',
	.literal = "X'{hex}'",
	.large = "OCTET_LENGTH({c}) > 1048576",
	.piece = "SUBSTRING({c}, {from}, {count})",
    },
    {
	/* bits, which would come as bytes */
	.letter = 'i',
	.cell = "({c} + 0)",
    },
    {
	/* shapes on a map */
	.letter = 'g',
	.cell = "ST_AsText({c})",
    },
    {
	/* enum and set have an order of their own, floats no exact text */
	.letter = 'o',
    },
    {0},
};

/* A name of the catalogue, whose collation takes large letters for small. */
#define EXACT(name) "CONVERT(" name " USING utf8mb4) COLLATE utf8mb4_bin"

/* What a column holds by its type: sql.h. A truth is tinyint(1). */
#define HOLDS                                                                  \
	"CASE WHEN c.DATA_TYPE IN ('float', 'double') "                        \
	"OR c.DATA_TYPE = 'decimal' AND c.NUMERIC_SCALE > 0 THEN 'f' "         \
	"WHEN c.DATA_TYPE IN ('date', 'datetime', 'timestamp', 'time', "       \
	"'year') THEN 'd' "                                                    \
	"WHEN c.DATA_TYPE = 'bit' OR c.COLUMN_TYPE = 'tinyint(1)' THEN 'l' "   \
	"WHEN c.DATA_TYPE = 'uuid' THEN 'u' "                                  \
	"WHEN c.EXTRA LIKE '%auto_increment%' THEN 'c' ELSE '' END"

const struct sql_dialect mariadb_dialect = {
    .open = '`',
    .close = '`',
    .text = "_utf8mb4 X'{hex}'",
    .tables = "SELECT TABLE_SCHEMA, TABLE_NAME, "
	      "IF(TABLE_TYPE LIKE '%VIEW', 'v', 't') "
	      "FROM INFORMATION_SCHEMA.TABLES "
	      "WHERE TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED', 'VIEW') "
	      "AND ({schema} = " EXACT(
		  "TABLE_SCHEMA") " OR {schema} = '' "
				  "AND TABLE_SCHEMA NOT IN "
				  "('information_schema', "
				  "'performance_schema', 'mysql', 'sys')) "
				  "AND ({name} = '' OR {name} = " EXACT(
				      "TABLE_NAME") ")",
    .columns =
	"SELECT c.COLUMN_NAME, CONCAT(CASE "
	"WHEN c.DATA_TYPE IN ('tinyint', 'smallint', 'mediumint', 'int', "
	"'bigint', 'decimal', 'year') THEN 'n' "
	"WHEN c.DATA_TYPE IN ('char', 'varchar', 'tinytext', 'text', "
	"'mediumtext', 'longtext', 'json') THEN 't' "
	"WHEN c.DATA_TYPE IN ('date', 'datetime', 'timestamp', 'time', "
	"'uuid', 'inet4', 'inet6') THEN 'd' "
	"WHEN c.DATA_TYPE IN ('binary', 'varbinary', 'tinyblob', 'blob', "
	"'mediumblob', 'longblob') THEN 'b' "
	"WHEN c.DATA_TYPE = 'bit' THEN 'i' "
	"WHEN c.DATA_TYPE IN ('geometry', 'point', 'linestring', 'polygon', "
	"'multipoint', 'multilinestring', 'multipolygon', "
	"'geometrycollection', 'geomcollection') THEN 'g' ELSE 'o' END, " HOLDS
	"), s.SEQ_IN_INDEX, IF(c.DATA_TYPE = 'json' OR "
	"c.CHARACTER_OCTET_LENGTH > 1048576, '1', '0') "
	"FROM INFORMATION_SCHEMA.COLUMNS c "
	"LEFT JOIN INFORMATION_SCHEMA.STATISTICS s ON s.TABLE_SCHEMA = "
	"{schema} AND s.TABLE_NAME = {name} AND s.INDEX_NAME = 'PRIMARY' "
	"AND s.COLUMN_NAME = c.COLUMN_NAME "
	"WHERE c.TABLE_SCHEMA = {schema} AND c.TABLE_NAME = {name} "
	"AND {schema} = " EXACT(
	    "c.TABLE_SCHEMA") " "
			      "AND {name} = " EXACT(
				  "c.TABLE_NAME") " "
						  "ORDER BY c.ORDINAL_POSITION",
    .begin = "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
    .end = "COMMIT",
    .undo = "ROLLBACK",
    .table = "{schema}.{name}",
    .count = "SELECT COUNT(*) FROM {table}",
    .all = "SELECT SQL_NO_CACHE {cells} FROM {table}",
    .page = "SELECT SQL_NO_CACHE {cells} FROM {table}{where}{order} LIMIT {n}",
    .one = "SELECT SQL_NO_CACHE {cells} FROM {table}{where}",
    .nth = "SELECT SQL_NO_CACHE {cells} FROM {table}{where} LIMIT {n}, 1",
    .piece = 8388608, /* 32 MiB at most */
    .keyset = true,
    .kinds = kinds,
};

/* ---- a session ---- */

struct sql_session {
	MYSQL *mysql;
	MYSQL_RES *rows; /* of the statement at hand, until its end */
	bool sent;       /* a query, whose rows are not looked for yet */
	char trouble[240];
};

/* Which of its errors mean what; all others are ST_IO. */
static const struct {
	unsigned number;
	enum status st;
} meanings[] = {
    {ER_DBACCESS_DENIED_ERROR, ST_DENIED},
    {ER_ACCESS_DENIED_ERROR, ST_DENIED},
    {ER_TABLEACCESS_DENIED_ERROR, ST_DENIED},
    {ER_COLUMNACCESS_DENIED_ERROR, ST_DENIED},
    {ER_SPECIFIC_ACCESS_DENIED_ERROR, ST_DENIED},
    {ER_ACCESS_DENIED_NO_PASSWORD_ERROR, ST_DENIED},
    {ER_ACCOUNT_HAS_BEEN_LOCKED, ST_DENIED},
    {ER_MUST_CHANGE_PASSWORD, ST_DENIED},
    {ER_MUST_CHANGE_PASSWORD_LOGIN, ST_DENIED},
    {ER_HOST_NOT_PRIVILEGED, ST_DENIED},
    {ER_HOST_IS_BLOCKED, ST_DENIED},
    {ER_NO_SUCH_TABLE, ST_NOTFOUND},
    {ER_BAD_DB_ERROR, ST_NOTFOUND},
    {ER_SERVER_SHUTDOWN, ST_CLOSED},
    {ER_CONNECTION_KILLED, ST_CLOSED},
    {ER_STATEMENT_TIMEOUT, ST_AGAIN},
    {3024, ST_AGAIN}, /* the same of MySQL, ER_QUERY_TIMEOUT */
    {ER_LOCK_WAIT_TIMEOUT, ST_AGAIN},
    {CR_AUTH_PLUGIN_CANNOT_LOAD, ST_UNSUPPORTED},
    {CR_PLUGIN_NOT_ALLOWED, ST_DENIED},
    {CR_SERVER_GONE_ERROR, ST_CLOSED},
    {CR_SERVER_LOST, ST_CLOSED},
    {CR_MALFORMED_PACKET, ST_CLOSED},
    {CR_COMMANDS_OUT_OF_SYNC, ST_CLOSED},
    {CR_ERR_NET_READ, ST_CLOSED},
};

static enum status
failed(struct sql_session *s)
{
	unsigned number = mysql_errno(s->mysql);

	snprintf(s->trouble, sizeof(s->trouble), "%s", mysql_error(s->mysql));
	for (char *c = s->trouble; *c != 0; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = ' ';
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
		if (meanings[i].number == number)
			return meanings[i].st;
	return ST_IO;
}

static void
maria_leave(struct sql_session *s)
{
	if (s == NULL)
		return;
	if (s->rows != NULL || s->sent) /* or the library would read them all */
		(void)shutdown(mysql_get_socket(s->mysql), SHUT_RDWR);
	if (s->rows != NULL)
		mysql_free_result(s->rows);
	if (s->mysql != NULL)
		mysql_close(s->mysql);
	free(s);
}

/* Ways to sign in that never send a password as it is in clear. */
#define SIGN_IN                                                                \
	"mysql_native_password,client_ed25519,caching_sha2_password,"          \
	"sha256_password"

static void
set_tls(MYSQL *m, const struct sql_to *to, const char *ca)
{
	my_bool yes = 1, verify = ca != NULL ? 1 : 0;

	(void)mysql_ssl_set(m, NULL, NULL, ca, NULL, NULL);
	(void)mysql_optionsv(m, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verify);
	if (ca != NULL || (!to->here && !to->clear))
		(void)mysql_optionsv(m, MYSQL_OPT_SSL_ENFORCE, &yes);
}

static void
set_options(MYSQL *m, const struct sql_to *to)
{
	unsigned connect = (to->patience.connect_ms + 999) / 1000;
	unsigned wait = ((to->patience.answer_ms > to->patience.idle_ms
			      ? to->patience.answer_ms
			      : to->patience.idle_ms) +
			 999) /
			1000;
	unsigned tcp = MYSQL_PROTOCOL_TCP, no_files = 0;
	unsigned long packet = PACKET_MAX;

	(void)mysql_optionsv(m, MYSQL_OPT_CONNECT_TIMEOUT, &connect);
	(void)mysql_optionsv(m, MYSQL_OPT_READ_TIMEOUT, &wait);
	(void)mysql_optionsv(m, MYSQL_OPT_WRITE_TIMEOUT, &wait);
	(void)mysql_optionsv(m, MYSQL_OPT_PROTOCOL, &tcp);
	(void)mysql_optionsv(m, MYSQL_OPT_LOCAL_INFILE, &no_files);
	(void)mysql_optionsv(m, MYSQL_OPT_MAX_ALLOWED_PACKET, &packet);
	(void)mysql_optionsv(m, MYSQL_SET_CHARSET_NAME, "utf8mb4");
	(void)mysql_optionsv(m, MARIADB_OPT_RESTRICTED_AUTH, SIGN_IN);
	(void)mysql_optionsv(m, MYSQL_OPT_CONNECT_ATTR_ADD, "program_name",
			     "trawl");
}

static enum status maria_run(struct sql_session *s, const char *sql);

/* At least one: 0 is no limit. */
static unsigned long long
seconds(uint64_t ms)
{
	return (ms + 999) / 1000;
}

/*
 * Nothing written, times in UTC, literals that mean what they say; a server
 * that waits for us, and not too long for others. MariaDB and MySQL call the
 * time of a statement by names of their own: one of them fails.
 */
static enum status
settle(struct sql_session *s, struct sql_limits limits)
{
	char lock[64], innodb[64], statement[64], execution[64];
	const struct {
		const char *sql;
		bool needed;
	} settings[] = {
	    {"SET SESSION TRANSACTION READ ONLY", true},
	    {"SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ", true},
	    {"SET SESSION sql_mode = 'NO_BACKSLASH_ESCAPES'", true},
	    {"SET SESSION time_zone = '+00:00'", true},
	    {"SET SESSION net_write_timeout = 3600", false},
	    {lock, false},
	    {innodb, false},
	    {statement, false},
	    {execution, false},
	};
	unsigned long long ms = limits.statement_ms;
	enum status st = ST_OK;

	snprintf(lock, sizeof(lock), "SET SESSION lock_wait_timeout = %llu",
		 seconds(limits.lock_ms));
	snprintf(innodb, sizeof(innodb),
		 "SET SESSION innodb_lock_wait_timeout = %llu",
		 seconds(limits.lock_ms));
	snprintf(statement, sizeof(statement),
		 "SET SESSION max_statement_time = %llu.%03llu", ms / 1000,
		 ms % 1000);
	snprintf(execution, sizeof(execution),
		 "SET SESSION max_execution_time = %llu", ms);
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		st = maria_run(s, settings[i].sql);
		if (st == ST_CLOSED || (st != ST_OK && settings[i].needed))
			return st;
	}
	return ST_OK;
}

static enum status
greet(struct sql_session *s, const struct sql_to *to)
{
	char ca[PEM_NAME];
	int fd = -1;
	enum status st = ST_OK;

	s->mysql = mysql_init(NULL);
	if (s->mysql == NULL)
		return ST_NOMEM;
	if (to->ca_pem.len > 0 && (fd = pem_file(to->ca_pem, ca)) < 0)
		return ST_IO;
	set_options(s->mysql, to);
	set_tls(s->mysql, to, fd >= 0 ? ca : NULL);
	if (mysql_real_connect(s->mysql, to->host, to->user, to->password, NULL,
			       to->port, NULL, 0) == NULL)
		st = failed(s);
	if (fd >= 0)
		close(fd);
	return st == ST_OK ? settle(s, to->limits) : st;
}

static enum status
maria_enter(const struct sql_to *to, struct sql_session **out, struct buf *why)
{
	struct sql_session *s = calloc(1, sizeof(*s));
	enum status st;

	if (s == NULL)
		return ST_NOMEM;
	st = greet(s, to);
	if (st == ST_OK) {
		*out = s;
		return ST_OK;
	}
	if (why != NULL)
		(void)!buf_add_str(why, s->trouble);
	maria_leave(s);
	return st;
}

static const struct sql_dialect *
maria_speaks(const struct sql_session *s)
{
	(void)s;
	return &mariadb_dialect;
}

/* ---- statements ---- */

static enum status
maria_run(struct sql_session *s, const char *sql)
{
	if (s->rows != NULL || s->sent)
		return ST_CLOSED; /* all of them would have to be read */
	return mysql_real_query(s->mysql, sql, strlen(sql)) == 0 ? ST_OK
								 : failed(s);
}

static enum status
take_rows(struct sql_session *s)
{
	s->rows = mysql_use_result(s->mysql);
	return s->rows != NULL ? ST_OK : failed(s);
}

static enum status
maria_query(struct sql_session *s, const char *sql)
{
	enum status st = maria_run(s, sql);

	return st == ST_OK ? take_rows(s) : st;
}

static enum status
maria_send(struct sql_session *s, const char *sql)
{
	if (s->rows != NULL || s->sent)
		return ST_CLOSED;
	if (mysql_send_query(s->mysql, sql, strlen(sql)) != 0)
		return failed(s);
	s->sent = true;
	return ST_OK;
}

static enum status
wait_for_rows(struct sql_session *s)
{
	s->sent = false;
	return mysql_read_query_result(s->mysql) == 0 ? take_rows(s)
						      : failed(s);
}

static enum status
end_of_rows(struct sql_session *s)
{
	enum status st = mysql_errno(s->mysql) == 0 ? ST_EOF : failed(s);

	mysql_free_result(s->rows);
	s->rows = NULL;
	return st;
}

static enum status
maria_fetch(struct sql_session *s, struct span *cell, size_t cells)
{
	enum status st = s->sent ? wait_for_rows(s) : ST_OK;
	const unsigned long *len;
	MYSQL_ROW row;

	if (st != ST_OK || s->rows == NULL)
		return st != ST_OK ? st : ST_EOF;
	if (mysql_num_fields(s->rows) != cells)
		return ST_MALFORMED;
	row = mysql_fetch_row(s->rows);
	if (row == NULL)
		return end_of_rows(s);
	len = mysql_fetch_lengths(s->rows);
	for (size_t i = 0; i < cells; i++)
		cell[i] =
		    row[i] == NULL ? span_of(NULL, 0) : span_of(row[i], len[i]);
	return ST_OK;
}

static const char *
maria_trouble(const struct sql_session *s)
{
	return s->trouble;
}

/* ---- the kinds ---- */

static const struct sql_ops ops = {
    .port = 3306,
    .open = maria_enter,
    .close = maria_leave,
    .dialect = maria_speaks,
    .run = maria_run,
    .query = maria_query,
    .send = maria_send,
    .fetch = maria_fetch,
    .trouble = maria_trouble,
};

static enum status
maria_open(const struct source_target *t, struct source **out)
{
	return sql_open(t, &ops, out);
}

const struct source_ops mysql_source = {
    .scheme = "mysql",
    .open = maria_open,
    .next = sql_next,
    .read = sql_read,
    .cursor = sql_cursor,
    .close = sql_close,
};

const struct source_ops mariadb_source = {
    .scheme = "mariadb",
    .open = maria_open,
    .next = sql_next,
    .read = sql_read,
    .cursor = sql_cursor,
    .close = sql_close,
};
