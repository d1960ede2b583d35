#include <stdio.h>
#include <string.h>

#include "master/store/sql.h"
#include "master/store/store.h"

/* Each query gives the rows that are wrong; none is what we want. */
static const struct {
	const char *what, *wrong;
} checks[] = {
    {"foreign keys hold", "PRAGMA foreign_key_check"},
    {"each finding counts its matches",
     "SELECT f.id FROM finding f WHERE f.matches <>"
     " (SELECT count(*) FROM match m WHERE m.finding = f.id)"},
    {"no match is without its finding",
     "SELECT m.finding FROM match m LEFT JOIN finding f ON f.id = m.finding"
     " WHERE f.id IS NULL"},
    {"each finding has the target of its object",
     "SELECT f.id FROM finding f JOIN object o ON o.id = f.object"
     " WHERE o.target <> f.target"},
    {"summary of targets = recount",
     "WITH want AS (SELECT target, type, risk, state, count(*) AS n,"
     "  sum(matches) AS m FROM finding GROUP BY 1, 2, 3, 4)"
     " SELECT 1 FROM (SELECT * FROM want EXCEPT SELECT * FROM summary"
     "  WHERE findings <> 0 OR matches <> 0)"
     " UNION ALL SELECT 1 FROM (SELECT * FROM summary"
     "  WHERE findings <> 0 OR matches <> 0 EXCEPT SELECT * FROM want)"},
    {"summary of types = recount",
     "WITH want AS (SELECT type, risk, state, count(*) AS n,"
     "  sum(matches) AS m FROM finding GROUP BY 1, 2, 3)"
     " SELECT 1 FROM (SELECT * FROM want EXCEPT SELECT * FROM summary_total"
     "  WHERE findings <> 0 OR matches <> 0)"
     " UNION ALL SELECT 1 FROM (SELECT * FROM summary_total"
     "  WHERE findings <> 0 OR matches <> 0 EXCEPT SELECT * FROM want)"},
    {"counts of targets = recount",
     "WITH want AS (SELECT target, count(*) AS n,"
     "  sum(risk = 1) AS c, sum(matches) AS m"
     "  FROM finding WHERE state IN (1, 2) GROUP BY 1)"
     " SELECT t.id FROM target t LEFT JOIN want w ON w.target = t.id"
     " WHERE t.findings <> ifnull(w.n, 0) OR t.critical <> ifnull(w.c, 0)"
     " OR t.matches <> ifnull(w.m, 0)"},
    {"counts of folders = recount",
     "WITH RECURSIVE own AS (SELECT o.folder AS id, count(*) AS n,"
     "  sum(f.risk = 1) AS c, sum(f.matches) AS m FROM finding f"
     "  JOIN object o ON o.id = f.object WHERE f.state IN (1, 2) GROUP BY 1),"
     " up (id, n, c, m) AS (SELECT * FROM own UNION ALL"
     "  SELECT d.parent, up.n, up.c, up.m FROM up JOIN folder d"
     "  ON d.id = up.id WHERE d.parent IS NOT NULL),"
     " want AS (SELECT id, sum(n) AS n, sum(c) AS c, sum(m) AS m FROM up"
     "  GROUP BY 1)"
     " SELECT d.id FROM folder d LEFT JOIN want w ON w.id = d.id"
     " WHERE d.findings <> ifnull(w.n, 0) OR d.critical <> ifnull(w.c, 0)"
     " OR d.matches <> ifnull(w.m, 0)"},
    {"totals of ledgers = recount",
     "WITH want AS (SELECT task, coverage, reason, sum(number = 0) AS n,"
     "  count(*) AS m, sum(CASE WHEN number = 0 AND folder = 0"
     "   THEN max(size - read, 0) ELSE 0 END) AS b FROM ledger"
     "  GROUP BY 1, 2, 3)"
     " SELECT 1 FROM (SELECT * FROM want EXCEPT SELECT * FROM ledger_total)"
     " UNION ALL SELECT 1 FROM (SELECT * FROM ledger_total EXCEPT"
     "  SELECT * FROM want)"},
    {"each place of a ledger has its object",
     "SELECT 1 FROM ledger l WHERE l.number > 0 AND NOT EXISTS"
     " (SELECT 1 FROM ledger o WHERE o.task = l.task AND o.path = l.path"
     "  AND o.number = 0)"},
};

static enum status
one(struct store *s, const char *what, const char *wrong, store_check_fn *fn,
    void *arg)
{
	char detail[96];
	struct sql q;
	uint64_t rows = 0;
	enum status st;

	sql_open(&q, s, wrong);
	while ((st = sql_step(&q)) == ST_OK)
		rows++;
	sql_close(&q);
	if (st != ST_EOF) {
		snprintf(detail, sizeof(detail), "could not be asked: %s",
			 status_text(st));
		fn(arg, what, false, detail);
		return st;
	}
	snprintf(detail, sizeof(detail), "%llu rows are wrong",
		 (unsigned long long)rows);
	fn(arg, what, rows == 0, rows == 0 ? "" : detail);
	return ST_OK;
}

static enum status
integrity(struct store *s, store_check_fn *fn, void *arg)
{
	static const char what[] = "database integrity";
	char detail[160] = {0};
	struct sql q;
	enum status st;

	sql_open(&q, s, "PRAGMA integrity_check(1)");
	st = sql_step(&q);
	if (st == ST_OK) {
		struct span t = sql_get_span(&q, 0);
		size_t n = t.len < 159 ? t.len : 159;

		memcpy(detail, t.ptr, n);
	}
	sql_close(&q);
	if (st == ST_OK && strcmp(detail, "ok") == 0) {
		fn(arg, what, true, "");
		return ST_OK;
	}
	fn(arg, what, false, st == ST_OK ? detail : status_text(st));
	return st == ST_OK ? ST_MALFORMED : st;
}

enum status
store_check(struct store *s, store_check_fn *fn, void *arg)
{
	enum status st = integrity(s, fn, arg);

	for (size_t i = 0;
	     st == ST_OK && i < sizeof(checks) / sizeof(checks[0]); i++)
		st = one(s, checks[i].what, checks[i].wrong, fn, arg);
	return st;
}
