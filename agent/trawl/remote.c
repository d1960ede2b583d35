#include "agent/trawl/remote.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/trawl/secret.h"
#include "base/str.h"
#include "source/credential.h"
#include "source/kind.h"
#include "source/url.h"
#include "sys/proc.h"

static bool
refuse(const char *name, const char *why)
{
	fprintf(stderr, "trawl: %s: %s\n", name, why);
	return false;
}

bool
remote_option(struct remote *r, const char *word)
{
	size_t len = r->how.options.bytes.len;
	const char *equals = strchr(word, '=');
	struct span name =
	    span_of(word, equals == NULL ? 0 : (size_t)(equals - word));

	if (equals == NULL || pairs_add(r->options, sizeof(r->options), &len,
					name, span_str(equals + 1)) != ST_OK)
		return refuse(word, "an option is NAME=VALUE, of reasonable "
				    "length");
	r->how.options.bytes = span_of(r->options, len);
	return true;
}

/* ---- files with secrets ----------------------------------------------------
 */

bool
remote_credential(struct remote *r, const char *name)
{
	const char *why = secret_load(name, &r->file);

	r->name = name;
	return why == NULL || refuse(name, why);
}

/* The old one may be used up: who is not told finds out at the next scan. */
static void
on_renewed(void *arg, const struct renewal *n)
{
	struct remote *r = arg;
	const char *why = secret_renew(r->name, &r->file, n);

	if (why == NULL)
		return;
	fprintf(stderr,
		"trawl: %s: the service replaced its %.*s, and the new one "
		"cannot be written there: %s; when the next scan is refused, "
		"allow the application anew, and let the file and its folder "
		"be writable\n",
		r->name, (int)n->name.len, (const char *)n->name.ptr, why);
}

/* ---- the credential of one target ------------------------------------------
 */

/* "key_file": what is in that file, as "key". */
static enum status
add_file(struct vault *to, struct span name, struct span path)
{
	struct vault value = {.fd = -1};
	char file[PATH_MAX];
	const char *why;
	enum status st = str_copy(file, sizeof(file), path);

	if (st != ST_OK)
		return st;
	why = secret_load(file, &value);
	if (why == NULL)
		st = pairs_add(to->base, to->room, &to->len, name,
			       vault_span(&value));
	else if (refuse(file, why))
		st = ST_OK;
	else
		st = ST_DENIED;
	vault_close(&value);
	return st;
}

/* Names of files become what is in them: the reader may open none. */
static enum status
complete(struct vault *v)
{
	struct pairs all = {vault_span(v)};
	struct span name, value;
	const char *agent = getenv("SSH_AUTH_SOCK");
	enum status st = ST_OK;

	while (st == ST_OK && pairs_next(&all, &name, &value))
		if (str_ends(name, "_file") && name.len > 5)
			st =
			    add_file(v, span_of(name.ptr, name.len - 5), value);
	all.bytes = vault_span(v);
	if (st == ST_OK && str_is(pairs_find(all, "agent"), "true") &&
	    agent != NULL)
		st = pairs_add(v->base, v->room, &v->len,
			       span_str("agent_socket"), span_str(agent));
	return st;
}

/*
 * The one place where a credential comes from. A sealed one would be opened
 * here, for this target and for now.
 */
static enum status
give_access(void *arg, struct span target, struct vault *out)
{
	struct remote *r = arg;
	struct vault v = {.fd = -1};
	const char *why = "";
	enum status st;

	if (r->file.base == NULL)
		return ST_OK;
	st = vault_open(PAIRS_MAX, &v);
	if (st == ST_OK)
		st = credential_pick(vault_span(&r->file), target, v.base,
				     v.room, &v.len, &why);
	if (st == ST_MALFORMED)
		refuse(r->name, why);
	else if (st == ST_OK)
		st = complete(&v);
	if (st != ST_OK)
		vault_close(&v);
	else
		*out = v;
	return st == ST_NOTFOUND ? ST_OK : st;
}

/* All of them stand in one folder; that of this kind must be there. */
static bool
find_programs(struct remote *r, const struct kind *k)
{
	char *slash;

	if (proc_sibling(kind_reader(k), r->programs, sizeof(r->programs)) !=
	    ST_OK)
		return false;
	slash = strrchr(r->programs, '/');
	*slash = 0;
	r->how.programs = r->programs;
	return true;
}

bool
remote_check(struct remote *r, struct span target)
{
	const struct kind *k = kind_find(source_scheme(target));
	struct vault v = {.fd = -1};
	struct url u;
	enum status st;

	if (k == NULL)
		return false;
	st = url_parse(target, &u);
	if (st == ST_DENIED)
		return refuse(k->form, "a password in a target is seen by "
				       "everybody on this host: put it into a "
				       "file for --credential");
	if (st != ST_OK)
		return refuse(k->form, "this is the form of such a target");
	if (!find_programs(r, k))
		return refuse(kind_reader(k), "the program that reads such "
					      "targets is not installed");
	r->how.access = give_access;
	r->how.renewed = on_renewed;
	r->how.arg = r;
	st = give_access(r, target, &v);
	if (pairs_find((struct pairs){vault_span(&v)}, "refresh_token").len > 0)
		r->how.renews = true;
	vault_close(&v);
	return st == ST_OK;
}

void
remote_close(struct remote *r)
{
	vault_close(&r->file);
}
