#include "proxy-agent/source/sql/link.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "proxy-agent/session/net.h"
#include "proxy-agent/source/sql/text.h"
#include "source/url.h"

#define TRIES      5 /* to come back */
#define STATE_NAME 256

static void
drop_second(struct sql_link *l)
{
	l->ops->close(l->second);
	l->second = NULL;
}

static void
drop_aside(struct sql_link *l)
{
	l->ops->close(l->aside);
	l->aside = NULL;
	l->asked = false;
}

void
sql_link_hang_up(struct sql_link *l)
{
	drop_second(l);
	drop_aside(l);
	l->ops->close(l->session);
	l->session = NULL;
	free(l->entered);
	l->entered = NULL;
}

void
sql_link_fini(struct sql_link *l)
{
	sql_link_hang_up(l);
	account_fini(&l->login);
}

/* Libraries take C strings; the password's is wiped with its buffer. */
static enum status
connect_to(struct sql_link *l, const char *database, struct buf *why,
	   struct sql_session **out)
{
	const struct account *a = &l->login;
	char host[URL_HOST_MAX], user[256];
	struct buf password;
	enum status st = str_copy(host, sizeof(host), a->url.host);

	buf_init(&password, (size_t)64 << 10);
	if (st == ST_OK)
		st = str_copy(user, sizeof(user), a->user);
	if (st == ST_OK)
		st = buf_add(&password, a->password.ptr, a->password.len);
	if (st == ST_OK)
		st = buf_add_byte(&password, 0);
	if (st == ST_OK) {
		const char *word = (const char *)password.data;
		const struct sql_to to = {
		    .host = host,
		    .user = user,
		    .database = database,
		    .password = a->password.len > 0 ? word : NULL,
		    .port = a->url.port != 0 ? a->url.port : l->ops->port,
		    .here = net_is_here(span_str(host)),
		    .clear = l->clear,
		    .ca_pem = a->ca,
		    .patience = a->patience,
		    .limits = l->limits,
		    .options = l->options,
		};

		st = l->ops->open(&to, out, why);
	}
	buf_fini(&password);
	return st;
}

enum status
sql_link_dial(struct sql_link *l, const char *database, struct buf *why)
{
	enum status st;

	sql_link_hang_up(l);
	st = connect_to(l, database, why, &l->session);
	if (st != ST_OK)
		return st;
	l->entered = strdup(database);
	return l->entered == NULL ? ST_NOMEM : ST_OK;
}

enum status
sql_link_enter(struct sql_link *l, const char *database)
{
	enum status st = ST_IO;

	if (l->session != NULL && strcmp(l->entered, database) == 0)
		return ST_OK;
	for (unsigned i = 0; i < TRIES && account_again(st); i++) {
		account_rest(i);
		st = sql_link_dial(l, database, NULL);
	}
	return st;
}

enum status
sql_link_run(struct sql_link *l, const char *sql)
{
	return sql == NULL ? ST_OK : l->ops->run(l->session, sql);
}

/* ---- a second one ---- */

/* The name of what the first one sees. */
static enum status
name_state(struct sql_link *l, const char *statement, char name[STATE_NAME])
{
	struct span cell;
	enum status st = l->ops->query(l->session, statement);

	if (st == ST_OK)
		st = l->ops->fetch(l->session, &cell, 1);
	if (st == ST_OK)
		st = str_copy(name, STATE_NAME, cell);
	if (st == ST_OK)
		st = l->ops->fetch(l->session, &cell, 1);
	return st == ST_EOF ? ST_OK : st == ST_OK ? ST_MALFORMED : st;
}

static enum status
join(struct sql_link *l, const struct sql_dialect *d, const char *name,
     struct buf *sql)
{
	enum status st = connect_to(l, l->entered, NULL, &l->second);

	if (st == ST_OK)
		st = l->ops->run(l->second, d->begin);
	buf_clear(sql);
	if (st == ST_OK)
		st = sql_literal(sql, d->join, span_str(name));
	if (st == ST_OK)
		st = sql_end(sql);
	return st == ST_OK ? l->ops->run(l->second, (const char *)sql->data)
			   : st;
}

enum status
sql_link_share(struct sql_link *l, struct buf *sql)
{
	const struct sql_dialect *d = l->ops->dialect(l->session);
	char name[STATE_NAME];
	enum status st;

	if (d->share == NULL || l->second != NULL || l->alone)
		return ST_OK;
	st = name_state(l, d->share, name);
	l->alone = st != ST_OK;
	if (st == ST_CLOSED || st == ST_TIMEOUT)
		return st;
	if (st != ST_OK || join(l, d, name, sql) != ST_OK) {
		l->alone = true; /* one connection must do */
		drop_second(l);
	}
	return ST_OK;
}

bool
sql_link_take_second(struct sql_link *l)
{
	if (l->second == NULL)
		return false;
	l->ops->close(l->session);
	l->session = l->second;
	l->second = NULL;
	return true;
}

/* ---- one for another question ---- */

void
sql_link_rejoin(struct sql_link *l, bool took_all)
{
	const char *end;

	if (!l->asked)
		return;
	l->asked = false;
	end = l->ops->dialect(l->aside)->end;
	if (!took_all || (end != NULL && l->ops->run(l->aside, end) != ST_OK))
		drop_aside(l);
}

static enum status
begin_aside(struct sql_link *l)
{
	const char *begin = l->ops->dialect(l->aside)->begin;

	return begin == NULL ? ST_OK : l->ops->run(l->aside, begin);
}

void
sql_link_ask_aside(struct sql_link *l, const char *sql)
{
	if (l->not_aside)
		return;
	if (l->asked || (l->aside != NULL && begin_aside(l) != ST_OK))
		drop_aside(l); /* servers leave who was silent for long */
	if (l->aside == NULL) {
		enum status st = connect_to(l, l->entered, NULL, &l->aside);

		if (st == ST_OK)
			st = begin_aside(l);
		l->not_aside = st != ST_OK;
	}
	l->asked = !l->not_aside && l->ops->send(l->aside, sql) == ST_OK;
	if (!l->asked) /* who wants to know asks by himself, and waits */
		drop_aside(l);
}

void
sql_link_forget(struct sql_link *l)
{
	drop_second(l);
	sql_link_rejoin(l, false);
	l->alone = false;
}
