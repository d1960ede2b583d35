#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#include "extract/data/sqlite.h"
#include "tests/unit/extract/inside.h"

/* Files that SQLite itself writes. */
struct files {
	char dir[32];
	char path[64];
	sqlite3 *db;
};

static void
run(struct files *f, const char *sql)
{
	char *why = NULL;

	if (sqlite3_exec(f->db, sql, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s: %s", sql, why);
}

static void
begin(struct files *f)
{
	snprintf(f->dir, sizeof(f->dir), "/tmp/sqlite.XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	snprintf(f->path, sizeof(f->path), "%s/a.db", f->dir);
	assert_int_equal(sqlite3_open(f->path, &f->db), SQLITE_OK);
	run(f, "PRAGMA secure_delete=OFF; PRAGMA page_size=1024");
}

static struct span
load(const struct files *f, const char *tail)
{
	char path[96];
	struct stat st = {0};
	uint8_t *p;
	int fd;

	snprintf(path, sizeof(path), "%s%s", f->path, tail);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0 && fstat(fd, &st) == 0);
	p = malloc((size_t)st.st_size + 1);
	assert_non_null(p);
	assert_int_equal(read(fd, p, (size_t)st.st_size), st.st_size);
	close(fd);
	return span_of(p, (size_t)st.st_size);
}

static void
end(struct files *f)
{
	static const char *const tails[] = {"", "-wal", "-shm", "-journal"};
	char path[96];

	sqlite3_close(f->db);
	for (size_t i = 0; i < 4; i++) {
		snprintf(path, sizeof(path), "%s%s", f->path, tails[i]);
		unlink(path);
	}
	rmdir(f->dir);
}

/* Where a word is found; each place is a line. */
static void
look(struct inside *in, struct span bytes, const char *word)
{
	struct part p;

	inside_begin(in, NULL);
	in->word = word;
	part_memory(&p, bytes);
	p.buf = job_buf(in->x);
	assert_int_equal(job_part(in->x, &p), ST_OK);
}

static void
assert_line(const struct buf *b, const char *line)
{
	if (b->len == 0 || memmem(b->data, b->len, line, strlen(line)) == NULL)
		fail_msg("\"%s\" is not in \"%.*s\"", line, (int)b->len,
			 b->len > 0 ? (const char *)b->data : "");
}

static void
every_cell_has_its_row_table_and_column(void **state)
{
	static const struct {
		const char *word, *place;
	} cases[] = {
	    {"text-one", "row 88 customers.card+0\n"},
	    {"4111111111111111", "row 89 customers.n+0\n"},
	    {"-17.25", "row 89 customers.r+0\n"},
	    {"5500005555555559", "row 90 customers.r+0\n"},
	    {"second line", "row 90 customers.card+6\n"},
	    {"short blob", "row 91 customers.b+0\n"},
	    {"no-row-id", "row 1 \"odd.v\"+0\n"},
	    {"a comment", "row 3 sqlite_schema.sql+"},
	    {"stored twice", "row 1 made.s+0\n"},
	    {"b\xc3\xa4r", "row 91 customers.card+0\n"},
	    {"-9223372036854775808", "row 92 customers.n+0\n"},
	    {"9223372036854775807", "row 93 customers.n+0\n"},
	};
	struct files f;
	struct span s;

	(void)state;
	begin(&f);
	run(&f,
	    "CREATE TABLE customers(id INTEGER PRIMARY KEY, card TEXT,"
	    " n INT, r REAL, b BLOB);"
	    "INSERT INTO customers VALUES(88,'text-one',1,2.5,NULL),"
	    "(89,'',4111111111111111,-17.25,NULL),"
	    "(90,'first\nsecond line',0,5500005555555559.0,NULL),"
	    "(91,'b\u00e4r',0,0,CAST('short blob' AS BLOB)),"
	    "(92,'',-9223372036854775807-1,0,NULL),"
	    "(93,'',9223372036854775807,0,NULL);"
	    "CREATE TABLE \"\"\"odd\"(k TEXT PRIMARY KEY, \"v\"\"\" TEXT)"
	    " WITHOUT ROWID;"
	    "INSERT INTO \"\"\"odd\" VALUES('k','no-row-id');"
	    "CREATE VIEW seen AS SELECT card /* a comment */ FROM customers;"
	    "CREATE TABLE made(a TEXT, s TEXT AS (a || ' twice') STORED,"
	    " w TEXT AS (a || ' computed'));"
	    "INSERT INTO made(a) VALUES('stored');");
	s = load(&f, "");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct inside in;

		look(&in, s, cases[i].word);
		assert_line(&in.places, cases[i].place);
		assert_lines(&in.notes, "");
		inside_end(&in);
	}
	free_span(s);
	end(&f);
}

static void
a_value_that_is_a_file_is_a_member(void **state)
{
	struct files f;
	struct inside in;
	struct span s;

	(void)state;
	begin(&f);
	run(&f, "CREATE TABLE t(a, b); INSERT INTO t VALUES(1,"
		"x'1f8b0800000000000203cb48cdc9c95748cecf2d284a2d2e4e4d5148cb"
		"cc490500832a616915000000')");
	s = load(&f, "");
	look(&in, s, "compressed");
	assert_line(&in.places, "row 1 t.b \xe2\x86\x92 gzip+6\n");
	assert_int_equal(in.result.members, 2);
	inside_end(&in);
	free_span(s);
	end(&f);
}

/* By what it holds, not by the kind of value in which it was put. */
static void
a_file_of_text_is_a_member_too(void **state)
{
#define TO "\xe2\x86\x92"
	static const struct {
		const char *value, *place;
	} cases[] = {
	    {"'From: a@example.org\nTo: b@example.org\nSubject: s\n\n"
	     "the WORD\n'",
	     "row 1 t.b " TO " body+4\n"},
	    {"CAST('name,card\nA,1234567\nB,WORD\nC,12\n' AS BLOB)",
	     "row 1 t.b " TO " row 3 card+22\n"},
	    /* words are words, behind the name of their column */
	    {"CAST('a line of plain words and the WORD' AS BLOB)",
	     "row 1 t.b+30\n"},
	    {"'a line\nand the WORD'", "row 1 t.b+15\n"},
	    /* EBCDIC */
	    {"x'"
	     "958194857a40c125838199847a40e6d6d9c44081958440a296"
	     "948540949699854096864089a36b4081958440a296948540a6"
	     "969984a24082858889958425"
	     "'",
	     "row 1 t.b+14\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct files f;
		struct inside in;
		struct span s;
		char sql[512];

		begin(&f);
		snprintf(sql, sizeof(sql),
			 "CREATE TABLE t(a, b); INSERT INTO t VALUES(1, %s)",
			 cases[i].value);
		run(&f, sql);
		s = load(&f, "");
		look(&in, s, "WORD");
		assert_line(&in.places, cases[i].place);
		inside_end(&in);
		free_span(s);
		end(&f);
	}
#undef TO
}

static void
what_was_deleted_is_read_where_it_still_stands(void **state)
{
	static const struct {
		const char *sql, *word, *place;
	} cases[] = {
	    {"DELETE FROM t WHERE i=40", "row number 40 ",
	     "unused space of page "},
	    {"DROP TABLE t", "row number 40 ", "page "},
	    {"DELETE FROM t", "411111111111140", "rows of page "},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct inside in;
		struct files f;
		struct span s;

		begin(&f);
		run(&f, "CREATE TABLE t(i INT, a TEXT, n INT);"
			"WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1"
			" FROM c WHERE x<500) INSERT INTO t SELECT x,"
			" 'row number ' || x || ' of a table', "
			" 411111111111100+x FROM c");
		run(&f, cases[i].sql);
		s = load(&f, "");
		look(&in, s, cases[i].word);
		assert_line(&in.places, cases[i].place);
		inside_end(&in);
		free_span(s);
		end(&f);
	}
}

static void
a_database_with_a_log_is_read_and_so_is_the_log(void **state)
{
	struct files f;
	struct inside in;
	struct span s;

	(void)state;
	begin(&f);
	run(&f, "PRAGMA journal_mode=WAL; CREATE TABLE t(a TEXT, n INT);"
		"INSERT INTO t VALUES('before',1);"
		"PRAGMA wal_checkpoint(TRUNCATE);"
		"INSERT INTO t VALUES('behind',4111111111111111)");
	s = load(&f, "");
	look(&in, s, "before");
	assert_lines(&in.places, "row 1 t.a+0\n");
	assert_lines(&in.notes, "");
	inside_end(&in);
	free_span(s);
	s = load(&f, "-wal");
	look(&in, s, "4111111111111111");
	assert_line(&in.places, "rows of page 2+");
	inside_end(&in);
	look(&in, span_of(s.ptr, s.len - 1), "behind");
	assert_line(&in.notes, "truncated");
	inside_end(&in);
	free_span(s);
	end(&f);
}

static void
a_journal_holds_what_stood_there_before(void **state)
{
	struct files f;
	struct inside in;
	struct span s;

	(void)state;
	begin(&f);
	run(&f, "PRAGMA journal_mode=PERSIST; PRAGMA cache_size=2;"
		"CREATE TABLE t(a TEXT);"
		"INSERT INTO t VALUES('what stood before');"
		"BEGIN; UPDATE t SET a='what stands now';"
		"WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1"
		" FROM c WHERE x<500) INSERT INTO t SELECT x FROM c");
	s = load(&f, "-journal");
	look(&in, s, "what stood before");
	assert_line(&in.places, "rows of page 2+");
	inside_end(&in);
	free_span(s);
	end(&f);
}

static void
text_of_two_bytes_a_character_is_read(void **state)
{
	struct files f;
	struct inside in;
	struct span s;

	(void)state;
	begin(&f);
	run(&f, "PRAGMA encoding='UTF-16le'; CREATE TABLE t(a TEXT);"
		"INSERT INTO t VALUES('wide text'),('wide gone');"
		"DELETE FROM t WHERE _rowid_=2");
	s = load(&f, "");
	look(&in, s, "wide text");
	assert_lines(&in.places, "row 1 t.a+0\n");
	inside_end(&in);
	look(&in, s, "wide gone");
	assert_line(&in.places, "unused space of page 2+");
	inside_end(&in);
	free_span(s);
	end(&f);
}

static void
what_is_damaged_is_said_and_read_by_pages(void **state)
{
	struct files f;
	struct inside in;
	struct span s;
	uint8_t *bytes;

	(void)state;
	begin(&f);
	run(&f, "CREATE TABLE t(i INT, a TEXT);"
		"WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1"
		" FROM c WHERE x<500) INSERT INTO t SELECT x,"
		" 'row number ' || x || ' of a table' FROM c");
	s = load(&f, "");
	bytes = malloc(s.len + 1);
	assert_non_null(bytes);
	memcpy(bytes, s.ptr, s.len);
	memset(bytes + 1024, 0xff, 64); /* the root of the table */
	look(&in, span_of(bytes, s.len), "number 400 ");
	assert_line(&in.places, "rows of page ");
	assert_line(&in.notes, "malformed");
	inside_end(&in);
	look(&in, span_of(s.ptr, s.len / 2), "number 40 ");
	assert_line(&in.places, "row");
	assert_line(&in.notes, "malformed");
	inside_end(&in);
	free(bytes);
	free_span(s);
	end(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_cell_has_its_row_table_and_column),
	    cmocka_unit_test(a_value_that_is_a_file_is_a_member),
	    cmocka_unit_test(a_file_of_text_is_a_member_too),
	    cmocka_unit_test(what_was_deleted_is_read_where_it_still_stands),
	    cmocka_unit_test(a_database_with_a_log_is_read_and_so_is_the_log),
	    cmocka_unit_test(a_journal_holds_what_stood_there_before),
	    cmocka_unit_test(text_of_two_bytes_a_character_is_read),
	    cmocka_unit_test(what_is_damaged_is_said_and_read_by_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
