#include "master/store/q_tokens.h"

#include <string.h>

#include "master/store/sql.h"

#define TOKEN_COLUMNS                                                          \
	"SELECT id, name_id, key, name, grp, created, expires, uses_left,"     \
	" uses FROM token"

static void
read_row(struct sql *q, struct token_row *r)
{
	struct span id = sql_get_span(q, 1);

	*r = (struct token_row){
	    .id = sql_get_num(q, 0),
	    .key = sql_get_span(q, 2),
	    .name = sql_get_span(q, 3),
	    .group = sql_get_span(q, 4),
	    .created = sql_get(q, 5),
	    .expires = sql_get(q, 6),
	    .uses_left = (uint32_t)sql_get(q, 7),
	    .uses = (uint32_t)sql_get(q, 8),
	};
	if (id.len == sizeof(r->name_id))
		memcpy(r->name_id, id.ptr, id.len);
}

SQL_EACH(token, read_row)
SQL_ONE(token, read_row)

enum status
q_tokens_list(struct store *s, token_fn *fn, void *arg)
{
	struct sql q;

	sql_open(&q, s, TOKEN_COLUMNS " ORDER BY id DESC");
	return token_each(&q, fn, arg);
}

enum status
q_token_find(struct store *s, const uint8_t id[TOKEN_ID_LEN], token_fn *fn,
	     void *arg)
{
	struct sql q;

	sql_open(&q, s, TOKEN_COLUMNS " WHERE name_id = ?");
	sql_blob(&q, span_of(id, TOKEN_ID_LEN));
	return token_one(&q, fn, arg);
}

enum status
q_token_add(struct store *s, const struct token_row *r, uint64_t *id)
{
	struct sql q;

	sql_open(&q, s,
		 "INSERT INTO token (name_id, key, name, grp, created, expires,"
		 " uses_left) VALUES (?, ?, ?, ?, ?, ?, ?)");
	sql_blob(&q, span_of(r->name_id, sizeof(r->name_id)));
	sql_blob(&q, r->key);
	sql_text(&q, r->name);
	sql_text(&q, r->group);
	sql_int(&q, r->created);
	sql_int(&q, r->expires);
	sql_int(&q, r->uses_left);
	return sql_insert(&q, id);
}

enum status
q_token_use(struct store *s, uint64_t id)
{
	struct sql q;

	sql_open(&q, s,
		 "UPDATE token SET uses = uses + 1, uses_left = uses_left - 1,"
		 " key = CASE WHEN uses_left > 1 THEN key END"
		 " WHERE id = ? AND uses_left > 0");
	sql_num(&q, id);
	return sql_change(&q);
}

enum status
q_token_drop(struct store *s, uint64_t id)
{
	struct sql q;

	sql_open(&q, s, "DELETE FROM token WHERE id = ?");
	sql_num(&q, id);
	return sql_change(&q);
}

enum status
q_tokens_expire(struct store *s, int64_t now)
{
	struct sql q;

	sql_open(&q, s,
		 "UPDATE token SET key = NULL WHERE expires <= ?"
		 " AND key IS NOT NULL");
	sql_int(&q, now);
	return sql_run(&q);
}
