#include "proxy-agent/source/mail/sign_in.h"

#include <string.h>

#include "base/str.h"
#include "proxy-agent/source/http_target.h"

/* Who gives tokens for the mail of these hosts, and for what. */
static const struct {
	const char *host; /* the end of its name; NULL: any other */
	const char *vendor, *scope;
} places[] = {
    {"gmail.com", "google-mail", "https://mail.google.com/"},
    {"google.com", "google-mail", "https://mail.google.com/"},
    {"googlemail.com", "google-mail", "https://mail.google.com/"},
    {"office365.com", "microsoft", "https://outlook.office365.com/.default"},
    {"outlook.com", "microsoft", "https://outlook.office365.com/.default"},
    {"office365.us", "microsoft-us", "https://outlook.office365.us/.default"},
    {NULL, NULL, NULL},
};

/* The name itself, or one below it. */
static bool
is_at(struct span host, const char *name)
{
	size_t n = strlen(name);

	return str_ends(host, name) &&
	       (host.len == n || host.ptr[host.len - n - 1] == '.');
}

static bool
has_any(const struct source_target *t)
{
	static const char *const names[] = {"refresh_token", "client_id",
					    "private_key"};

	if (source_access(t, "token").len > 0)
		return false;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (source_access(t, names[i]).len > 0)
			return true;
	return false;
}

enum status
mail_oauth_open(const struct source_target *t, const struct account *l,
		struct oauth **out)
{
	static const struct oauth_vendor none = {"", "", "", NULL};
	struct oauth_order o = {
	    .vendor = &none,
	    .tenant = source_access(t, "tenant"),
	    .subject = l->user,
	    .access = t->access,
	    .renewal = t->renewal,
	    .ca = source_access(t, "ca"),
	    .limits = http_limits_default,
	};
	size_t i = 0;

	*out = NULL;
	if (!has_any(t))
		return ST_OK;
	while (places[i].host != NULL && !is_at(l->url.host, places[i].host))
		i++;
	if (places[i].host != NULL) {
		o.vendor = oauth_vendor(places[i].vendor);
		o.scope = places[i].scope;
	} else if (source_access(t, "sign_in").len == 0) {
		target_why(t, "the credential does not say who gives tokens "
			      "for this mail server: sign_in is the address");
		return ST_USAGE;
	}
	if (o.tenant.len == 0)
		o.tenant = span_str("organizations");
	o.limits.connect_ms = l->patience.connect_ms;
	o.limits.stall_ms = l->patience.answer_ms;
	return oauth_open(&o, out, t->why);
}

/* The token of a connection: of the account, or (o not NULL) a fresh one. */
static enum status
take_token(struct oauth *o, const struct account *l, struct span *token,
	   struct buf *why)
{
	enum status st = ST_OK;

	*token = l->token;
	if (o != NULL)
		st = oauth_token(o, token);
	if (st != ST_OK && why != NULL && why->len == 0)
		(void)!buf_add_str(why, oauth_why(o));
	return st;
}

bool
mail_renew(struct oauth *o, enum status st, struct buf *why)
{
	if (o == NULL || st != ST_DENIED || oauth_why(o)[0] != 0 ||
	    oauth_renew(o) != ST_OK)
		return false;
	if (why != NULL)
		buf_clear(why);
	return true;
}

static enum status
dial_once(const struct mail_door *d, struct buf *why, unsigned *stood)
{
	const struct account *l = d->account;
	bool tls = str_is(l->url.scheme, d->secure);
	struct stream *stream;
	struct span token;
	enum status st = take_token(d->oauth, l, &token, why);

	if (st == ST_OK)
		st = account_dial(l, tls, tls ? d->secure_port : d->port,
				  &stream, why);
	if (st != ST_OK)
		return st;
	(*stood)++;
	return d->enter(d->arg, stream, token, why);
}

static enum status
dial(const struct mail_door *d, struct buf *why, unsigned *stood)
{
	enum status st = dial_once(d, why, stood);

	return mail_renew(d->oauth, st, why) ? dial_once(d, why, stood) : st;
}

enum status
mail_dial(const struct mail_door *d, struct buf *why)
{
	unsigned stood = 0;

	return dial(d, why, &stood);
}

enum status
mail_dial_again(const struct mail_door *d)
{
	enum status st = ST_CLOSED;
	unsigned stood = 0;

	for (unsigned i = 0; i < ACCOUNT_TRIES && stood < ACCOUNT_SIGN_INS;
	     i++) {
		unsigned before = stood;

		account_rest(i);
		st = dial(d, NULL, &stood);
		/* who does not listen now may soon; who refuses us will not */
		if (st == ST_OK || (stood > before && !account_again(st)))
			break;
	}
	return st;
}

const char *
mail_lost(const struct oauth *o)
{
	return o != NULL && oauth_why(o)[0] != 0
		   ? oauth_why(o)
		   : "the connection was lost and did not come back";
}
