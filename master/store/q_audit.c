#include "master/store/q_audit.h"

#include "master/store/sql.h"

#define AUDIT_COLUMNS                                                          \
	"SELECT id, ifnull(user, 0), at, actor, address, action, subject,"     \
	" detail FROM audit"

static void
read_row(struct sql *q, struct audit_row *r)
{
	*r = (struct audit_row){
	    .id = sql_get_num(q, 0),
	    .user = sql_get_num(q, 1),
	    .at = sql_get(q, 2),
	    .actor = sql_get_span(q, 3),
	    .address = sql_get_span(q, 4),
	    .action = sql_get_span(q, 5),
	    .subject = sql_get_span(q, 6),
	    .detail = sql_get_span(q, 7),
	};
}

SQL_EACH(audit, read_row)

enum status
q_audit_list(struct store *s, uint64_t before, uint32_t limit, audit_fn *fn,
	     void *arg)
{
	struct sql q;

	sql_open(&q, s, AUDIT_COLUMNS " WHERE id < ? ORDER BY id DESC LIMIT ?");
	sql_int(&q, before == 0 ? INT64_MAX : (int64_t)before);
	sql_int(&q, limit);
	return audit_each(&q, fn, arg);
}

enum status
q_audit_of(struct store *s, struct span subject, uint32_t limit, audit_fn *fn,
	   void *arg)
{
	struct sql q;

	sql_open(&q, s,
		 AUDIT_COLUMNS " WHERE subject = ? ORDER BY id DESC LIMIT ?");
	sql_text(&q, subject);
	sql_int(&q, limit);
	return audit_each(&q, fn, arg);
}

enum status
q_audit_add(struct store *s, const struct audit_row *r)
{
	struct sql q;

	sql_open(&q, s,
		 "INSERT INTO audit (at, user, actor, address, action, subject,"
		 " detail) VALUES (?, ?, ?, ?, ?, ?, ?)");
	sql_int(&q, r->at);
	if (r->user != 0)
		sql_num(&q, r->user);
	else
		sql_null(&q);
	sql_text(&q, r->actor);
	sql_text(&q, r->address);
	sql_text(&q, r->action);
	sql_text(&q, r->subject);
	sql_text(&q, r->detail);
	return sql_run(&q);
}
