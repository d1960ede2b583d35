#include "proxy-agent/data/redis.h"

#include "base/str.h"
#include "proxy-agent/data/redis_impl.h"
#include "source/url.h"

static enum status
set_path(struct source *s, struct span name)
{
	enum status st;

	buf_clear(&s->path);
	st = url_root(&s->login.url, &s->path);
	if (st == ST_OK && s->base < s->bases.count)
		st = buf_addf(&s->path, "/%u", s->bases.list[s->base].number);
	if (st == ST_OK && name.ptr != NULL)
		st = buf_add_byte(&s->path, '/');
	return st == ST_OK ? url_encode(name, &s->path) : st;
}

static enum status
give(struct source *s, struct source_item *item, uint8_t reason,
     struct span name)
{
	enum status st = set_path(s, name);

	*item = (struct source_item){
	    .path = buf_span(&s->path),
	    .reason = reason,
	    .folder = name.ptr == NULL,
	    .trickle = true,
	    .detail = buf_span(&s->detail),
	};
	return st;
}

static enum status
give_lost(struct source *s, struct source_item *item)
{
	s->lost = true;
	buf_clear(&s->detail);
	(void)!buf_add_str(&s->detail,
			   "the connection was lost and did not come back");
	return give(s, item, COVER_IO, span_of(NULL, 0));
}

/* Why a key is not read, or COVER_OK; its value is at hand then. */
static enum status
begin_value(struct source *s, struct span name, uint8_t *reason)
{
	const struct ahead *a = &s->ahead[s->at - s->ahead_at];
	enum status st;

	*reason = COVER_OK;
	if (a->type == REDIS_GONE)
		*reason = COVER_VANISHED;
	if (a->refused) {
		*reason = COVER_DENIED;
		return buf_add_str(&s->detail, a->word);
	}
	if (a->type == REDIS_OTHER) {
		*reason = COVER_UNSUPPORTED;
		return buf_addf(&s->detail, "its type is \"%s\"", a->word);
	}
	if (*reason != COVER_OK)
		return ST_OK;
	st = redis_value_begin(&s->value, a->type, name, s->first, s->rest);
	if (st == ST_DENIED) {
		*reason = COVER_DENIED;
		return buf_add_str(&s->detail, redis_trouble(s->first, st));
	}
	if (st == ST_NOTFOUND) {
		*reason = COVER_VANISHED;
		return ST_OK;
	}
	return st;
}

static enum status
next_key(struct source *s, struct source_item *item)
{
	struct span name = roster_name(&s->names, s->at);
	uint8_t reason = COVER_OK;
	enum status st = ST_OK;

	buf_clear(&s->detail);
	if (!s->count_only && !s->browse) {
		if (s->at >= s->asked)
			st = redis_ask_ahead(s);
		if (st == ST_OK)
			st = begin_value(s, name, &reason);
	}
	if (st != ST_OK)
		return st;
	s->at++;
	st = give(s, item, reason, span_of(name.ptr, name.len));
	if (s->value.type == REDIS_STRING && reason == COVER_OK &&
	    !s->count_only && !s->browse)
		item->size = s->value.length;
	return st;
}

static void
leave_base(struct source *s)
{
	roster_begin(&s->names, 0, 1);
	s->at = s->asked = 0;
	s->listed = s->whole = false;
	s->base++;
}

/* Behind the last name of a base: another part, or whether all were met. */
static enum status
next_part(struct source *s, struct source_item *item, bool *given)
{
	uint32_t parts = s->names.parts, part = s->names.part + 1;
	uint64_t after = s->before;
	enum status st;

	*given = false;
	if (part < parts)
		return redis_begin_base(s, part, parts);
	st = redis_server_count(s->first, &after);
	if (st == ST_OK && s->whole && !s->filtered &&
	    ((s->met < s->before && s->met < after) ||
	     (s->met > s->before && s->met > after))) {
		buf_clear(&s->detail);
		st = buf_addf(&s->detail,
			      "%llu keys were listed, the server counts %llu; "
			      "it counts expired ones until it removes them",
			      (unsigned long long)s->met,
			      (unsigned long long)after);
		if (st == ST_OK)
			st = give(s, item, COVER_CHANGED, span_of(NULL, 0));
		*given = st == ST_OK;
	}
	if (st != ST_OK)
		return st;
	leave_base(s);
	return ST_OK;
}

/* The next item when there is one; else something was done towards it. */
static enum status
step(struct source *s, struct source_item *item, bool *given)
{
	enum status st = ST_OK;

	*given = false;
	if (s->broken)
		return ST_CLOSED;
	if (s->value.step != VALUE_DONE || s->value.waiting > 0)
		st = redis_value_leave(&s->value);
	if (st != ST_OK)
		return st;
	if (!s->listed) {
		uint32_t part = s->names.part, parts = s->names.parts;

		st = redis_begin_base(s, part, parts);
		if (st == ST_OK && s->is_behind) {
			s->at = roster_behind(&s->names, buf_span(&s->behind));
			s->asked = s->at;
			s->is_behind = false;
		}
		return st;
	}
	if (s->at >= s->names.count)
		return next_part(s, item, given);
	st = next_key(s, item);
	s->given = 0;
	*given = st == ST_OK;
	return st;
}

/* What keeps a whole base from being read, or the key that always fails. */
static enum status
give_trouble(struct source *s, struct source_item *item, enum status st)
{
	bool key = s->listed && s->at < s->names.count;
	struct span name =
	    key ? roster_name(&s->names, s->at) : span_of(NULL, 0);
	uint8_t reason = st == ST_DENIED  ? COVER_DENIED
			 : st == ST_LIMIT ? COVER_MEMORY
					  : COVER_IO;

	buf_clear(&s->detail);
	(void)!buf_add_str(&s->detail, s->first == NULL
					   ? status_text(st)
					   : redis_trouble(s->first, st));
	st = give(s, item, reason, name);
	if (key)
		s->at++;
	else
		leave_base(s);
	s->asked = s->at;
	s->failures = 0;
	return st;
}

static enum status
give_base(struct source *s, struct source_item *item)
{
	enum status st;

	buf_clear(&s->detail);
	st = give(s, item, COVER_OK, span_of(NULL, 0));
	s->base++;
	return st;
}

static enum status
give_node(struct source *s, struct source_item *item)
{
	struct span rest = span_skip(buf_span(&s->nodes), s->nodes_at), line;
	enum status st;

	(void)str_next(&rest, '\n', &line);
	s->nodes_at += line.len + 1;
	buf_clear(&s->path);
	buf_clear(&s->detail);
	st = buf_addf(&s->path, "%s://%.*s", s->tls ? "rediss" : "redis",
		      (int)line.len, (const char *)line.ptr);
	if (st == ST_OK)
		st = buf_add_str(&s->detail, "another node of this cluster, "
					     "which is a target of its own");
	*item = (struct source_item){.path = buf_span(&s->path),
				     .folder = true,
				     .reason = COVER_LINK,
				     .detail = buf_span(&s->detail)};
	return st;
}

static enum status
redis_next_item(struct source *s, struct source_item *item)
{
	bool given = false;
	enum status st = ST_OK;

	if (s->nodes_at < s->nodes.len)
		return give_node(s, item);
	while (!given && !s->lost && s->base < s->bases.count) {
		if (s->folders)
			return give_base(s, item);
		st = step(s, item, &given);
		if (st == ST_OK)
			continue;
		if (redis_is_gone(st) && s->failures++ < TRIES) {
			if (redis_come_back(s) != ST_OK)
				return give_lost(s, item);
			continue;
		}
		if (redis_is_gone(st) && redis_come_back(s) != ST_OK)
			return give_lost(s, item);
		return give_trouble(s, item, st);
	}
	s->failures = given ? 0 : s->failures;
	return given ? ST_OK : ST_EOF;
}

/* The first bytes of the value are here already. */
static enum status
pass_given(struct source *s)
{
	uint8_t bytes[4096];
	uint64_t left = s->given;
	enum status st = ST_OK;
	size_t got = 1;

	while (st == ST_OK && left > 0 && got > 0) {
		st = redis_value_read(
		    &s->value, bytes,
		    left < sizeof(bytes) ? (size_t)left : sizeof(bytes), &got);
		left -= st == ST_OK ? got : 0;
	}
	return st == ST_OK && left > 0 ? ST_IO : st;
}

/*
 * The connection broke within the item at hand: a string goes on where it was
 * cut if it is as long as it was, another value only from its beginning.
 */
static enum status
read_anew(struct source *s, void *dst, size_t n, size_t *got)
{
	const enum redis_type type = s->value.type;
	const uint64_t length = s->value.length;
	struct source_item same;
	enum status st = ST_IO;

	if (s->given > 0 && type != REDIS_STRING)
		return ST_IO;
	s->at--;
	st = redis_come_back(s);
	if (st != ST_OK) {
		s->at++;
		return st;
	}
	st = next_key(s, &same);
	if (st == ST_OK && s->given > 0 &&
	    (s->value.type != type || s->value.length != length))
		st = ST_IO;
	if (st == ST_OK)
		st = pass_given(s);
	return st == ST_OK ? redis_value_read(&s->value, dst, n, got) : st;
}

static enum status
redis_read_item(struct source *s, void *dst, size_t n, size_t *got)
{
	enum status st = redis_value_read(&s->value, dst, n, got);

	if (redis_is_gone(st) && s->failures++ < TRIES && s->at > 0) {
		*got = 0;
		st = read_anew(s, dst, n, got);
	}
	if (st == ST_OK)
		s->given += *got;
	if (st == ST_OK || st == ST_DENIED)
		return st == ST_OK ? ST_OK : ST_IO;
	s->broken = true;
	return ST_IO;
}

/* "2 0 1 NAME": base, part, parts, and the last key; none: from its start. */
static enum status
redis_cursor(const struct source *s, struct buf *to)
{
	const struct redis_bases *b = &s->bases;
	struct span name;
	enum status st;

	if (b->count == 0)
		return ST_OK;
	if (s->base == b->count)
		return buf_addf(to, "%u", b->list[b->count - 1].number + 1);
	if (!s->listed || s->at == 0)
		return buf_addf(to, "%u", b->list[s->base].number);
	name = roster_name(&s->names, s->at - 1);
	st = buf_addf(to, "%u %u %u ", b->list[s->base].number, s->names.part,
		      s->names.parts);
	return st == ST_OK ? buf_add(to, name.ptr, name.len) : st;
}

const struct source_ops redis_source = {
    .scheme = "redis",
    .open = redis_open_plain,
    .next = redis_next_item,
    .read = redis_read_item,
    .cursor = redis_cursor,
    .close = redis_close_source,
    .paced = true,
};

const struct source_ops rediss_source = {
    .scheme = "rediss",
    .open = redis_open_tls,
    .next = redis_next_item,
    .read = redis_read_item,
    .cursor = redis_cursor,
    .close = redis_close_source,
    .paced = true,
};
