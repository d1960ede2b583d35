#include "master/store/q_sessions.h"

#include <string.h>

#include "master/store/sql.h"

#define SESSION_COLUMNS                                                        \
	"SELECT s.id, s.user, u.name, u.role, s.created, s.seen, s.expires,"   \
	" s.address, s.client FROM session s JOIN user u ON u.id = s.user"

static void
read_row(struct sql *q, struct session_row *r)
{
	struct span id = sql_get_span(q, 0);

	*r = (struct session_row){
	    .user = sql_get_num(q, 1),
	    .user_name = sql_get_span(q, 2),
	    .role = sql_get_span(q, 3),
	    .created = sql_get(q, 4),
	    .seen = sql_get(q, 5),
	    .expires = sql_get(q, 6),
	    .address = sql_get_span(q, 7),
	    .client = sql_get_span(q, 8),
	};
	if (id.len == sizeof(r->id))
		memcpy(r->id, id.ptr, id.len);
}

SQL_EACH(session, read_row)
SQL_ONE(session, read_row)

enum status
q_session_get(struct store *s, const uint8_t id[SESSION_HASH_LEN], int64_t now,
	      session_fn *fn, void *arg)
{
	struct sql q;

	sql_open(&q, s,
		 SESSION_COLUMNS
		 " WHERE s.id = ? AND s.expires > ? AND s.seen > ?");
	sql_blob(&q, span_of(id, SESSION_HASH_LEN));
	sql_int(&q, now);
	sql_int(&q, now - SESSION_IDLE_MS);
	return session_one(&q, fn, arg);
}

enum status
q_sessions_of(struct store *s, uint64_t user, session_fn *fn, void *arg)
{
	struct sql q;

	sql_open(&q, s,
		 SESSION_COLUMNS " WHERE s.user = ? ORDER BY s.seen DESC");
	sql_num(&q, user);
	return session_each(&q, fn, arg);
}

static enum status
note_sign_in(struct store *s, uint64_t user, int64_t at)
{
	struct sql q;

	sql_open(&q, s, "UPDATE user SET signed_in = ? WHERE id = ?");
	sql_int(&q, at);
	sql_num(&q, user);
	return sql_change(&q);
}

enum status
q_session_add(struct store *s, const struct session_row *r)
{
	struct sql q;
	enum status st = note_sign_in(s, r->user, r->created);

	if (st != ST_OK)
		return st;
	sql_open(&q, s,
		 "INSERT INTO session (id, user, created, seen, expires,"
		 " address, client) VALUES (?, ?, ?, ?, ?, ?, ?)");
	sql_blob(&q, span_of(r->id, sizeof(r->id)));
	sql_num(&q, r->user);
	sql_int(&q, r->created);
	sql_int(&q, r->seen);
	sql_int(&q, r->expires);
	sql_text(&q, r->address);
	sql_text(&q, r->client);
	return sql_run(&q);
}

enum status
q_session_touch(struct store *s, const uint8_t id[SESSION_HASH_LEN],
		int64_t now)
{
	struct sql q;

	sql_open(&q, s, "UPDATE session SET seen = ? WHERE id = ?");
	sql_int(&q, now);
	sql_blob(&q, span_of(id, SESSION_HASH_LEN));
	return sql_change(&q);
}

enum status
q_session_drop(struct store *s, const uint8_t id[SESSION_HASH_LEN])
{
	struct sql q;

	sql_open(&q, s, "DELETE FROM session WHERE id = ?");
	sql_blob(&q, span_of(id, SESSION_HASH_LEN));
	return sql_change(&q);
}

enum status
q_sessions_expire(struct store *s, int64_t now)
{
	struct sql q;

	sql_open(&q, s, "DELETE FROM session WHERE expires <= ? OR seen <= ?");
	sql_int(&q, now);
	sql_int(&q, now - SESSION_IDLE_MS);
	return sql_run(&q);
}
