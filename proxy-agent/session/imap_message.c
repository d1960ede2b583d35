#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "proxy-agent/session/imap_impl.h"
#include "proxy-agent/session/imap_text.h"

struct size_ear {
	struct imap_message *list;
	size_t room, count;
};

static enum status
see_size(void *arg, struct imap *m, struct span line)
{
	struct size_ear *e = arg;
	struct imap_message *to = &e->list[e->count];
	uint64_t number, uid, size;
	struct span rest;

	(void)m;
	if (!imap_numbered(line, span_str("FETCH"), &number, &rest) ||
	    !imap_number_of(rest, "UID", &uid) ||
	    !imap_number_of(rest, "RFC822.SIZE", &size) || e->count == e->room)
		return ST_OK;
	to->number = imap_small(number);
	to->uid = imap_small(uid);
	to->size = size;
	e->count++;
	return ST_OK;
}

static int
by_number(const void *a, const void *b)
{
	const struct imap_message *x = a, *y = b;

	return x->number < y->number ? -1 : x->number > y->number;
}

enum status
imap_sizes(struct imap *m, uint32_t first, uint32_t last,
	   struct imap_message *list, size_t *count)
{
	struct size_ear e = {.list = list, .room = (size_t)last - first + 1};
	char verb[64];
	enum status st;

	snprintf(verb, sizeof(verb), "FETCH %u:%u (UID RFC822.SIZE)", first,
		 last);
	st = imap_command(m, verb, span_of(NULL, 0), see_size, &e);
	if (st != ST_OK)
		return st;
	qsort(list, e.count, sizeof(*list), by_number);
	*count = e.count;
	return ST_OK;
}

struct search_ear {
	const struct imap_message *list;
	size_t count;
	bool *fits; /* of each */
};

/* "* SEARCH 7 9 12", perhaps in several responses, in any order. */
static enum status
see_found(void *arg, struct imap *m, struct span line)
{
	struct search_ear *e = arg;
	struct span word;
	uint64_t uid;

	(void)m;
	if (!str_starts(line, "* SEARCH"))
		return ST_OK;
	line = span_skip(line, strlen("* SEARCH"));
	while (str_next(&line, ' ', &word)) {
		if (str_to_u64(word, 1, UINT32_MAX, &uid) != ST_OK)
			continue;
		for (size_t i = 0; i < e->count; i++)
			if (e->list[i].uid == uid)
				e->fits[i] = true;
	}
	return ST_OK;
}

enum status
imap_search(struct imap *m, struct span words, struct imap_message *list,
	    size_t *count)
{
	struct search_ear e = {.list = list, .count = *count};
	size_t kept = 0;
	char verb[128];
	enum status st;

	if (*count == 0)
		return ST_OK;
	if (words.len > 80)
		return ST_LIMIT;
	e.fits = calloc(*count, sizeof(*e.fits));
	if (e.fits == NULL)
		return ST_NOMEM;
	snprintf(verb, sizeof(verb), "UID SEARCH UID %u:%u %.*s", list[0].uid,
		 list[*count - 1].uid, (int)words.len, (const char *)words.ptr);
	st = imap_command(m, verb, span_of(NULL, 0), see_found, &e);
	for (size_t i = 0; st == ST_OK && i < *count; i++)
		if (e.fits[i])
			list[kept++] = list[i];
	if (st == ST_OK)
		*count = kept;
	free(e.fits);
	return st;
}

static enum status
ask(struct imap *m, struct span uids, const char *part)
{
	struct buf line;
	enum status st = imap_begin(m, &line, "UID FETCH ");

	if (st == ST_OK)
		st = buf_add(&line, uids.ptr, uids.len);
	if (st == ST_OK)
		st = buf_addf(&line, " (UID BODY.PEEK[]%s)", part);
	if (st == ST_OK)
		st = imap_send(m, &line);
	buf_fini(&line);
	return st;
}

enum status
imap_ask(struct imap *m, struct span uids)
{
	return ask(m, uids, "");
}

enum status
imap_ask_range(struct imap *m, uint32_t uid, uint64_t from, uint32_t count)
{
	char one[16], part[64];

	snprintf(one, sizeof(one), "%u", uid);
	snprintf(part, sizeof(part), "<%llu.%u>", (unsigned long long)from,
		 count);
	return ask(m, span_str(one), part);
}

/* The rest of the body at hand, and of its response. */
static enum status
pass_body(struct imap *m)
{
	uint8_t rest[4096];
	enum status st = ST_OK;
	size_t got;

	while (st == ST_OK && m->body_left > 0)
		st = imap_read(m, rest, sizeof(rest), &got);
	explicit_bzero(rest, sizeof(rest));
	buf_clear(&m->short_body);
	if (st == ST_OK && m->in_body)
		st = imap_reply(m); /* " FLAGS ())" */
	m->in_body = false;
	return st;
}

/* BODY[] "text" or NIL: what is small may come as a string. */
static enum status
take_string(struct imap *m, struct span rest)
{
	const uint8_t *at = memmem(rest.ptr, rest.len, "BODY[]", 6);
	struct span word;

	rest = span_skip(rest, (size_t)(at - rest.ptr) + 6);
	rest = span_skip(rest, str_find(rest, ' '));
	if (!imap_word(&rest, &word) || str_is(word, "NIL"))
		return ST_OK;
	return imap_plain(&m->short_body, word);
}

/* A response that brings a body; ST_AGAIN: it brings none. */
static enum status
see_body(struct imap *m, struct imap_body *body)
{
	struct span line = buf_span(&m->line), rest;
	uint64_t number, uid = 0;
	enum status st = ST_OK;

	if (!imap_numbered(line, span_str("FETCH"), &number, &rest) ||
	    memmem(rest.ptr, rest.len, "BODY[]", 6) == NULL)
		return m->in_body ? ST_MALFORMED : ST_AGAIN;
	(void)!imap_number_of(rest, "UID", &uid);
	if (!m->in_body)
		st = take_string(m, rest);
	if (!m->in_body)
		m->body_left = m->short_body.len;
	body->number = imap_small(number);
	body->uid = imap_small(uid);
	body->size = m->body_left;
	return st;
}

enum status
imap_next(struct imap *m, struct imap_body *body)
{
	enum status st = pass_body(m);

	while (st == ST_OK) {
		st = imap_reply(m);
		if (st == ST_OK)
			st = imap_note(m);
		if (st != ST_OK)
			break;
		st = see_body(m, body);
		if (st != ST_AGAIN)
			return st;
		st = imap_ends(m);
		if (st == ST_OK)
			return ST_EOF;
		if (st == ST_AGAIN)
			st = ST_OK;
	}
	return st;
}

enum status
imap_read(struct imap *m, void *dst, size_t n, size_t *got)
{
	enum status st = ST_OK;

	*got = 0;
	if (m->body_left == 0)
		return ST_OK;
	if (n > m->body_left)
		n = (size_t)m->body_left;
	if (m->in_body) {
		st = stream_read(m->stream, dst, n, got);
	} else {
		memcpy(dst, m->short_body.data, n);
		buf_drop(&m->short_body, n);
		*got = n;
	}
	m->body_left -= *got;
	return st == ST_EOF ? ST_CLOSED : st;
}
