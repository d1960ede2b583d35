#include "master/store/q_users.h"

#include "master/store/sql.h"

#define USER_COLUMNS                                                           \
	"SELECT id, name, password, role, created, signed_in FROM user"

static void
read_row(struct sql *q, struct user_row *r)
{
	*r = (struct user_row){
	    .id = sql_get_num(q, 0),
	    .name = sql_get_span(q, 1),
	    .password = sql_get_span(q, 2),
	    .role = sql_get_span(q, 3),
	    .created = sql_get(q, 4),
	    .signed_in = sql_get(q, 5),
	};
}

SQL_EACH(user, read_row)
SQL_ONE(user, read_row)

enum status
q_users_list(struct store *s, user_fn *fn, void *arg)
{
	struct sql q;

	sql_open(&q, s, USER_COLUMNS " ORDER BY name");
	return user_each(&q, fn, arg);
}

enum status
q_user_by_name(struct store *s, struct span name, user_fn *fn, void *arg)
{
	struct sql q;

	sql_open(&q, s, USER_COLUMNS " WHERE name = ?");
	sql_text(&q, name);
	return user_one(&q, fn, arg);
}

enum status
q_user_by_id(struct store *s, uint64_t id, user_fn *fn, void *arg)
{
	struct sql q;

	sql_open(&q, s, USER_COLUMNS " WHERE id = ?");
	sql_num(&q, id);
	return user_one(&q, fn, arg);
}

enum status
q_users_any(struct store *s, bool *any)
{
	struct sql q;
	int64_t n = 0;
	enum status st;

	sql_open(&q, s, "SELECT EXISTS (SELECT 1 FROM user)");
	st = sql_number(&q, &n);
	if (st == ST_OK)
		*any = n != 0;
	return st;
}

enum status
q_user_add(struct store *s, struct span name, struct span password,
	   struct span role, int64_t now, uint64_t *id)
{
	struct sql q;

	sql_open(&q, s,
		 "INSERT INTO user (name, password, role, created)"
		 " VALUES (?, ?, ?, ?)");
	sql_text(&q, name);
	sql_text(&q, password);
	sql_text(&q, role);
	sql_int(&q, now);
	return sql_insert(&q, id);
}

enum status
q_user_password(struct store *s, uint64_t id, struct span password)
{
	struct sql q;

	sql_open(&q, s, "UPDATE user SET password = ? WHERE id = ?");
	sql_text(&q, password);
	sql_num(&q, id);
	return sql_change(&q);
}
