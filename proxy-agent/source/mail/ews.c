#include "proxy-agent/source/mail/ews.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/str.h"
#include "proxy-agent/session/href.h"
#include "proxy-agent/session/http.h"
#include "proxy-agent/session/oauth.h"
#include "proxy-agent/session/soap.h"
#include "proxy-agent/source/cloud/tree.h"
#include "proxy-agent/source/http_target.h"
#include "proxy-agent/source/stamp.h"
#include "source/url.h"

#define NAME_CAP   1024
#define BODY_CAP   16384
#define ANSWER_CAP (8u << 20)
#define SAID       320
#define TYPE       "text/xml; charset=utf-8"
#define SCOPE      "https://outlook.office365.com/.default"
#define HOPS       0 /* a SOAP request is led nowhere */

enum { MAILBOX = 1, FOLDER };

struct source {
	struct http *http;
	struct oauth *oauth; /* NULL: user and password */
	struct bucket bucket;
	struct tree tree;
	struct buf url, root, mailbox;
	struct soap_who who;
	struct http_limits limits;
	char said[SAID];
};

/* ---- requests --------------------------------------------------------------
 */

static enum status
sign(void *arg, const struct http_request *r, struct http_lines *to)
{
	const struct source *s = arg;
	enum status st = ST_OK;

	if (s->who.mailbox.len > 0) /* finds the server that has it */
		st = http_line(to, "X-AnchorMailbox", s->who.mailbox);
	if (st != ST_OK || s->oauth == NULL ||
	    !href_same_site(r->url, buf_span(&s->url)))
		return st;
	return oauth_sign(s->oauth, to);
}

static enum status
denied(void *arg, unsigned mark)
{
	const struct source *s = arg;

	return s->oauth == NULL ? ST_DENIED : oauth_denied(s->oauth, mark);
}

/* As long as the server asks for, within our own limit. */
static void
take_rest(const struct source *s, const struct soap_answer *a, unsigned vain)
{
	uint64_t ms = a->rest_ms < s->limits.pause_max_ms
			  ? a->rest_ms
			  : s->limits.pause_max_ms;
	const struct timespec t = {.tv_sec = (time_t)(ms / 1000),
				   .tv_nsec = (long)(ms % 1000) * 1000000};

	if (ms > 0)
		nanosleep(&t, NULL);
	else
		http_rest(s->http, vain);
}

static void
note(struct source *s, unsigned code, const struct soap_answer *a)
{
	if (code == 401)
		snprintf(s->said, SAID, "the server refused this user");
	else
		snprintf(s->said, SAID, "the server answered %u%s%s%s%s", code,
			 a->code[0] != 0 ? " " : "", a->code,
			 a->text[0] != 0 ? ": " : "", a->text);
}

/* ---- pages -----------------------------------------------------------------
 */

static enum status
give_item(struct source *s, const struct soap_element *e)
{
	struct tree_entry t = {
	    .id = e->id,
	    .name = e->name.len > 0 ? e->name : span_str("(no subject)"),
	    .mtime = stamp_parse(e->received),
	    .version = e->version,
	    .url = buf_span(&s->url),
	    .unsized = true,
	    .alike = true,
	};
	struct buf body;
	enum status st;

	buf_init(&body, BODY_CAP);
	st = soap_get(&s->who, e->id, &body);
	t.post = buf_span(&body);
	if (st == ST_OK)
		tree_add(&s->tree, &t);
	buf_fini(&body);
	return st;
}

static void
tell(void *arg, const struct soap_element *e)
{
	struct source *s = arg;
	const struct tree_entry folder = {
	    .kind = FOLDER, .id = e->id, .name = e->name};

	if (e->folder && e->name.len > 0)
		tree_add(&s->tree, &folder);
	else if (e->folder || give_item(s, e) != ST_OK)
		s->tree.torn = true;
}

/* One answer, after as many pauses as the server wants. */
static enum status
ask(struct source *s, struct span body, struct buf *answer,
    struct soap_answer *a)
{
	const struct http_request r = {.method = "POST",
				       .url = buf_span(&s->url),
				       .body = body,
				       .type = TYPE,
				       .sign = sign,
				       .denied = denied,
				       .arg = s,
				       .cap = ANSWER_CAP};
	unsigned code = 0;
	enum status st;

	for (unsigned i = 0;; i++) {
		*a = (struct soap_answer){0};
		buf_clear(answer);
		st = http_fetch(s->http, &r, answer, &code);
		if (st != ST_OK) {
			snprintf(s->said, SAID, "%s", http_why(s->http));
			return st;
		}
		if (code != 200 && code != 500) {
			note(s, code, a);
			return http_code(code);
		}
		soap_glance(buf_span(answer), a);
		if (a->st != ST_AGAIN || i + 1 >= s->limits.tries)
			break;
		take_rest(s, a, i);
	}
	if (code != 200 || a->st != ST_OK)
		note(s, code, a);
	return a->st != ST_OK ? a->st : http_code(code);
}

/* On to the next page; `st` stays what is to be said of this one. */
static enum status
turn(struct source *s, uint64_t offset, enum status st)
{
	char next[24];
	enum status turned;

	snprintf(next, sizeof(next), "%llu", (unsigned long long)offset);
	turned = tree_turn(&s->tree, span_str(next));
	return turned == ST_OK ? st : turned;
}

static enum status
page(void *arg, const struct tree_place *p)
{
	struct source *s = arg;
	bool items = p->kind == FOLDER && p->part == 0;
	struct soap_answer a = {0};
	struct buf body, answer;
	uint64_t from = 0;
	enum status st = ST_OK;

	buf_init(&body, BODY_CAP);
	buf_init(&answer, ANSWER_CAP);
	if (p->next.len > 0)
		st = str_to_u64(p->next, 0, UINT32_MAX, &from);
	if (st == ST_OK)
		st = soap_find(&s->who, items,
			       p->kind == MAILBOX ? span_of(NULL, 0) : p->id,
			       from, &body);
	if (st == ST_OK)
		st = ask(s, buf_span(&body), &answer, &a);
	if (st == ST_OK)
		st = soap_read(buf_span(&answer), tell, s, &a);
	if (st == ST_OK)
		st = a.st;
	/* an element that is odd, or an end that is missing, is not all */
	if ((st == ST_OK || st == ST_MALFORMED) && a.next > from)
		st = turn(s, a.next, st);
	else if (st == ST_OK && a.next != 0)
		st = ST_MALFORMED; /* it would never end */
	buf_fini(&body);
	buf_fini(&answer);
	return st;
}

static unsigned
parts(void *arg, unsigned kind)
{
	(void)arg;
	return kind == FOLDER ? 2 : 1;
}

static enum status
list(void *arg, struct bucket *b)
{
	struct source *s = arg;

	return tree_list(&s->tree, b);
}

/* ---- items -----------------------------------------------------------------
 */

static bool
busy(void *arg, unsigned code, struct span body)
{
	const struct source *s = arg;
	struct soap_answer a;

	(void)code;
	soap_glance(body, &a);
	if (a.st == ST_AGAIN && a.rest_ms > 0)
		take_rest(s, &a, 0);
	return a.st == ST_AGAIN;
}

static const char *
lacks(void *arg, struct span body, uint8_t *as)
{
	struct source *s = arg;
	struct soap_answer a;

	soap_glance(body, &a);
	*as = a.st == ST_NOTFOUND      ? COVER_VANISHED
	      : a.st == ST_UNSUPPORTED ? COVER_UNSUPPORTED
	      : a.st == ST_DENIED      ? COVER_DENIED
				       : COVER_IO;
	if (a.code[0] == 0 || a.st == ST_OK)
		return "the server gave no content of it";
	snprintf(s->said, SAID, "the server answered %s%s%s", a.code,
		 a.text[0] != 0 ? ": " : "", a.text);
	return s->said;
}

/* ---- beginning -------------------------------------------------------------
 */

static const char form[] = "ews://HOST[:PORT]/MAILBOX[/FOLDER]";

/* The first name of the path is the mailbox, the others are folders. */
static enum status
read_target(struct source *s, const struct source_target *t, struct url *u,
	    struct span *folders)
{
	struct span rest, box = {0};
	enum status st = url_parse(t->path, u);

	if (st == ST_OK) {
		rest = span_skip(u->path, 1);
		if (!str_next(&rest, '/', &box))
			st = ST_USAGE;
	}
	if (st != ST_OK || u->host.len == 0 || box.len == 0) {
		target_why(t, "the target is not written as %s", form);
		return ST_USAGE;
	}
	*folders = rest;
	st = url_root(u, &s->root);
	if (st == ST_OK)
		st = buf_addf(&s->root, "/%.*s", (int)box.len,
			      (const char *)box.ptr);
	if (st == ST_OK)
		st = url_decode(box, &s->mailbox);
	if (st == ST_OK)
		st = buf_addf(&s->url, "https://%.*s:%u/EWS/Exchange.asmx",
			      (int)u->host.len, (const char *)u->host.ptr,
			      u->port == 0 ? 443u : (unsigned)u->port);
	return st;
}

/* On whose behalf: nobody's, when the mailbox is the user's own. */
static void
choose_who(struct source *s, const struct source_target *t)
{
	struct span box = buf_span(&s->mailbox);

	s->who.delegate = str_is(source_option(t, "access"), "delegate");
	if (!span_eq(box, source_access(t, "user")) &&
	    !str_is(source_option(t, "access"), "own"))
		s->who.mailbox = box;
}

static enum status
sign_in(struct source *s, const struct source_target *t)
{
	struct span box = buf_span(&s->mailbox);
	struct oauth_order o = {
	    .vendor = oauth_vendor("microsoft"),
	    .scope = SCOPE,
	    .tenant = source_access(t, "tenant"),
	    .access = t->access,
	    .renewal = t->renewal,
	    .ca = source_access(t, "ca"),
	    .ca_file = source_option(t, "ca_file"),
	    .way = http_target_way(t),
	    .limits = s->limits,
	};

	if (source_access(t, "client_id").len == 0 &&
	    source_access(t, "token").len == 0)
		return ST_OK;
	if (o.tenant.len == 0)
		o.tenant = span_skip(box, str_find(box, '@') + 1);
	return oauth_open(&o, &s->oauth, t->why);
}

static enum status
open_session(struct source *s, const struct source_target *t)
{
	struct http_target_use use = {.site = buf_span(&s->url)};
	enum status st = http_target_limits(t, &s->limits);

	if (st == ST_OK)
		st = sign_in(s, t);
	use.own_sign = s->oauth != NULL;
	return st == ST_OK ? http_target_open(t, &use, &s->http) : st;
}

static enum status
plant_tree(struct source *s, const struct source_target *t, const struct url *u,
	   struct span folders)
{
	const struct tree_ops ops = {.page = page, .parts = parts, .arg = s};
	struct span bad;
	const struct tree_target target = {
	    .root = buf_span(&s->root),
	    .path = folders,
	    .id = url_query(u, "id"),
	    .cursor = t->cursor,
	    .filter = filter_of(t->options, clock_wall_s(clock_system()), &bad),
	    .browse = t->browse,
	};
	enum status st;

	if (bad.len > 0) {
		target_why(t, "the option %.*s cannot be read", (int)bad.len,
			   (const char *)bad.ptr);
		return ST_USAGE;
	}
	st = tree_open(&s->tree, &ops, &target);
	return st == ST_OK ? tree_begin(&s->tree, MAILBOX, span_str("top"))
			   : st;
}

static enum status
begin(struct source *s, const struct source_target *t)
{
	static const struct inner_form mime = {"MimeContent", '>', '<'};
	const struct bucket_ops ops = {
	    .list = list,
	    .sign = sign,
	    .denied = denied,
	    .busy = busy,
	    .arg = s,
	    .hops = HOPS,
	    .type = TYPE,
	    .inner = &mime,
	    .lacks = lacks,
	};
	enum status st = bucket_open(&s->bucket, s->http, &ops);
	const char *why = s->said;

	s->bucket.known = t->known;
	s->bucket.strict = true; /* the time is when it was received */
	s->bucket.open_none = t->count || t->browse;
	if (st == ST_OK)
		st = bucket_begin(&s->bucket);
	if (st != ST_OK) {
		if (s->oauth != NULL && oauth_why(s->oauth)[0] != 0)
			why = oauth_why(s->oauth);
		target_why(t, "%s",
			   why[0] != 0 ? why
				       : "what answers is no "
					 "Exchange");
		return st == ST_LIMIT || st == ST_MALFORMED ? ST_IO : st;
	}
	if (s->bucket.count == 0 && tree_missed(&s->tree)) {
		target_why(t, "the mailbox has nothing of that name");
		return ST_NOTFOUND;
	}
	return ST_OK;
}

static void
ews_close(struct source *s)
{
	if (s == NULL)
		return;
	bucket_close(&s->bucket);
	tree_close(&s->tree);
	http_close(s->http);
	oauth_close(s->oauth);
	buf_fini(&s->url);
	buf_fini(&s->root);
	buf_fini(&s->mailbox);
	free(s);
}

static enum status
ews_open(const struct source_target *t, struct source **out)
{
	struct source *s = calloc(1, sizeof(*s));
	struct span folders = {0};
	struct url u;
	enum status st;

	if (s == NULL)
		return ST_NOMEM;
	buf_init(&s->url, HREF_MAX);
	buf_init(&s->root, HREF_MAX);
	buf_init(&s->mailbox, NAME_CAP);
	st = read_target(s, t, &u, &folders);
	if (st == ST_OK) {
		choose_who(s, t);
		st = open_session(s, t);
	}
	if (st == ST_OK)
		st = plant_tree(s, t, &u, folders);
	if (st == ST_OK)
		st = begin(s, t);
	if (st != ST_OK)
		ews_close(s);
	else
		*out = s;
	return st;
}

/* ---- objects ---------------------------------------------------------------
 */

static enum status
ews_next(struct source *s, struct source_item *item)
{
	return bucket_next(&s->bucket, buf_span(&s->root), item);
}

static enum status
ews_read(struct source *s, void *dst, size_t n, size_t *got)
{
	return bucket_read(&s->bucket, dst, n, got);
}

static enum status
ews_cursor(const struct source *s, struct buf *to)
{
	return bucket_cursor(&s->bucket, to);
}

const struct source_ops ews_source = {
    .scheme = "ews",
    .open = ews_open,
    .next = ews_next,
    .read = ews_read,
    .cursor = ews_cursor,
    .close = ews_close,
};
