#include "proxy-agent/source/account.h"

#include <string.h>
#include <time.h>

#define TARGET_CAP 8192

static struct span
put(struct vault *v, struct span s)
{
	struct span kept = span_of(v->base + v->len, s.len);

	if (s.len == 0 || s.len > v->room - v->len)
		return span_of(NULL, 0);
	memcpy(v->base + v->len, s.ptr, s.len);
	v->len += s.len;
	return kept;
}

static enum status
keep(struct account *l, const struct source_target *t, struct span user)
{
	struct span password = source_access(t, "password"),
		    token = source_access(t, "token"),
		    ca = source_access(t, "ca");
	enum status st = vault_open(
	    user.len + password.len + token.len + ca.len + 1, &l->vault);

	if (st != ST_OK)
		return st;
	l->user = put(&l->vault, user);
	l->password = put(&l->vault, password);
	l->token = put(&l->vault, token);
	l->ca = put(&l->vault, ca);
	return ST_OK;
}

enum status
account_read_open(struct account *l, const struct source_target *t)
{
	struct buf name;
	struct span user;
	enum status st;

	buf_init(&l->target, TARGET_CAP);
	buf_init(&name, URL_HOST_MAX);
	l->patience = patience_of(&t->options);
	l->patience.pace = t->pace;
	st = buf_add(&l->target, t->path.ptr, t->path.len);
	if (st == ST_OK)
		st = url_parse(buf_span(&l->target), &l->url);
	if (st == ST_OK)
		st = url_decode(l->url.user, &name);
	user = name.len > 0 ? buf_span(&name) : source_access(t, "user");
	if (st == ST_OK)
		st = keep(l, t, user);
	buf_fini(&name);
	return st;
}

enum status
account_read(struct account *l, const struct source_target *t)
{
	enum status st = account_read_open(l, t);

	if (st != ST_OK || l->user.len > 0)
		return st;
	if (t->why != NULL)
		(void)!buf_add_str(t->why, "no user is named, neither in the "
					   "target nor in the credential");
	return ST_USAGE;
}

void
account_fini(struct account *l)
{
	vault_close(&l->vault);
	buf_fini(&l->target);
}

bool
account_again(enum status st)
{
	return st == ST_CLOSED || st == ST_TIMEOUT || st == ST_IO;
}

void
account_rest(unsigned n)
{
	const struct timespec t = {.tv_sec = n == 0 ? 0 : 1 << (n - 1)};

	(void)nanosleep(&t, NULL);
}
