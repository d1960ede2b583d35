#include "proxy-agent/worker/scanner.h"

#include "base/str.h"
#include "proxy-agent/worker/starter.h"
#include "scan/program.h"
#include "source/kind.h"
#include "source/pairs.h"
#include "source/url.h"

/* It reads no file of this host. */
static const struct source_ops *const nothing[] = {NULL};

static enum status
refuse(struct buf *why, struct span target, const char *text)
{
	enum status st =
	    buf_addf(why, "%.*s%s", (int)target.len,
		     target.len > 0 ? (const char *)target.ptr : "", text);

	return st == ST_OK ? ST_UNSUPPORTED : st;
}

static enum status
check_target(struct span target, struct buf *why)
{
	struct url u;

	if (source_scheme(target).len == 0)
		return refuse(why, target,
			      " is a folder: a proxy agent reads other hosts "
			      "only, a node agent must be there");
	if (kind_find(source_scheme(target)) == NULL)
		return refuse(why, target,
			      ": this proxy knows no such kind of target");
	return url_parse(target, &u) == ST_OK
		   ? ST_OK
		   : refuse(why, span_of(NULL, 0),
			    "a target of the order has no sound name, or a "
			    "password in it");
}

/*
 * Who approves a host's key does it by its fingerprint: a master must not tell
 * a proxy to show its credentials to whoever answers.
 */
static enum status
check_order(void *arg, const struct scan_order *o, struct buf *why)
{
	enum status st = ST_OK;

	(void)arg;
	if (!pairs_check(o->options))
		return refuse(why, span_of(NULL, 0),
			      "the options of the order are damaged");
	if (pairs_find((struct pairs){o->options}, "accept_host_key").ptr !=
	    NULL)
		return refuse(why, span_of(NULL, 0),
			      "a proxy accepts no host key unseen: give its "
			      "fingerprint as host_key");
	for (size_t i = 0; st == ST_OK && i < o->path_count; i++)
		st = check_target(o->paths[i], why);
	return st;
}

int
scanner_run(int from, int to, int reach)
{
	struct starter s;
	const struct scan_remote remote = {.starter = &starter_of_supervisor,
					   .arg = &s};
	const struct program_spec p = {
	    .sources = nothing, .remote = &remote, .check = check_order};
	int code = 1;

	if (starter_open(&s, reach) == ST_OK)
		code = program_run(&p, from, to);
	starter_close(&s);
	return code;
}
