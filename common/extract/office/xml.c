#include "extract/office/xml.h"

#include <stdlib.h>
#include <string.h>

#include "extract/office/xml_impl.h"
#include "extract/office/xmlscan.h"

/* ---- elements --------------------------------------------------------------
 */

static inline bool
begins_name(uint8_t c)
{
	uint8_t low = c | 0x20;

	return (low >= 'a' && low <= 'z') || c == '_' || c == ':' || c >= 0x80;
}

static inline struct xml_key
key_of(struct span name, const uint8_t *end)
{
	const uint8_t *last = name.ptr + name.len - 8;

	return (struct xml_key){scan_key(name.ptr, name.len, end),
				name.len <= 8 ? 0 : scan_key(last, 8, end),
				name.len};
}

static inline bool
same_key(const struct xml_key *a, const struct xml_key *b)
{
	return a->len == b->len && a->first == b->first && a->last == b->last;
}

static struct xml_tag
tag_of(const struct xml_reader *r, struct span name)
{
	struct xml_tag t = {.attrs = r->tags.attrs, .count = r->tags.count};

	t.name = xml_local(name);
	t.key = scan_key(t.name.ptr, t.name.len, r->end);
	return t;
}

static inline void
begin(struct xml_reader *r, const struct xml_key *name, unsigned what,
      bool empty)
{
	r->opens[r->depth].name = *name;
	r->opens[r->depth].what = what;
	if (!empty)
		r->depth++;
	else if (r->walk->close != NULL)
		r->walk->close(r->arg, what);
}

/* The tag at r->p, up to `to`. */
static enum xml_step
begin_element(struct xml_reader *r, struct span name, const uint8_t *to,
	      bool empty)
{
	struct xml_key key = key_of(name, r->end);
	struct xml_tag t = tag_of(r, name);
	const uint8_t *from = r->p;
	unsigned what;

	r->root = true;
	r->p = to;
	what = r->walk->open(r->arg, &t);
	if ((what & XML_SAME) && r->walk->same != NULL) {
		what &= ~XML_SAME;
		if (r->end - from >= XML_SEEN_BYTES)
			xml_seen_add(&r->seen, from, (size_t)(to - from), &key,
				     what);
	}
	begin(r, &key, what, empty);
	return STEP_ON;
}

static enum xml_step
read_open(struct xml_reader *r)
{
	const uint8_t *name = r->p + 1, *at = scan_name(name, r->end);
	enum xml_tag_end end = XML_TAG_OPEN;
	struct span s = span_of(name, (size_t)(at - name));

	if (at == r->end)
		return STEP_MORE;
	if (s.len == 0 || !begins_name(*name))
		return xml_malformed(r, "not well-formed (invalid token)");
	if (r->depth == 0 && r->root)
		return xml_malformed(r, "junk after document element");
	if (r->depth == XML_DEPTH)
		return xml_fail(r, COVER_DEPTH, "elements within each other");
	r->tags.count = 0;
	if (*at == '>')
		at++;
	else
		end = xml_tags_read(&r->tags, &at, r->end);
	if (end == XML_TAG_MORE)
		return STEP_MORE;
	if (end == XML_TAG_NOMEM)
		return xml_fail(r, COVER_MEMORY, "xml: attributes of a tag");
	if (end == XML_TAG_WRONG)
		return xml_malformed(r, "not well-formed (invalid token)");
	return begin_element(r, s, at, end == XML_TAG_EMPTY);
}

/* The name in a tag that ends one, and what is behind it. */
static const uint8_t *
close_name(const struct xml_reader *r, struct span *name)
{
	const uint8_t *from = r->p + 2, *to = scan_name(from, r->end);

	*name = span_of(from, (size_t)(to - from));
	while (to < r->end && (*to == ' ' || (*to >= 9 && *to <= 13)))
		to++;
	return to;
}

static enum xml_step
read_close(struct xml_reader *r)
{
	struct xml_key name;
	const struct xml_open *o;
	struct span s;
	const uint8_t *to = close_name(r, &s);

	if (to == r->end)
		return STEP_MORE;
	if (*to != '>' || r->depth == 0)
		return xml_malformed(r, "not well-formed (invalid token)");
	o = &r->opens[r->depth - 1];
	name = key_of(s, r->end);
	if (!same_key(&name, &o->name))
		return xml_malformed(r, "mismatched tag");
	r->p = to + 1;
	r->depth--;
	if (r->walk->close != NULL)
		r->walk->close(r->arg, o->what);
	return STEP_ON;
}

static enum xml_step
read_markup(struct xml_reader *r)
{
	if (xml_left(r) < 2)
		return STEP_MORE;
	switch (r->p[1]) {
	case '/':
		return read_close(r);
	case '!':
		return xml_declaration(r);
	case '?':
		return xml_instruction(r);
	default:
		return read_open(r);
	}
}

/* ---- what is mostly there ---------------------------------------------------
 */

#define NAME_NEAR  16 /* a name of so many bytes is compared whole */
#define TAKE_DEPTH 8  /* of what walkers read by themselves */

/* The end of the element at hand: it is behind the tag; NULL: look closer. */
static inline const uint8_t *
known_close(struct xml_reader *r, const uint8_t *p)
{
	const struct xml_open *o = &r->opens[r->depth - 1];
	const struct xml_key *want = &o->name;
	struct xml_key have;

	if (want->len > NAME_NEAR || p[2 + want->len] != '>')
		return NULL;
	have = key_of(span_of(p + 2, want->len), r->end);
	if (!same_key(&have, want))
		return NULL;
	if (r->chains != NULL)
		chain_add(r->chains, p,
			  (struct xml_link){.key = have, .close = true});
	r->depth--;
	if (r->walk->close != NULL)
		r->walk->close(r->arg, o->what);
	return p + 3 + want->len;
}

/* What a walker reads by itself. */
static const uint8_t *
take(struct xml_reader *r, const uint8_t *p)
{
	struct xml_taken t = r->walk->take(r->arg, p, r->end);
	struct xml_key key;

	if (t.inside != NULL) {
		struct span name = span_str(t.inside);

		key = key_of(name, name.ptr + name.len);
		begin(r, &key, t.what, false);
	}
	return t.to;
}

static inline const uint8_t *
known_open(struct xml_reader *r, const uint8_t *p)
{
	const struct xml_walk *w = r->walk;
	const struct xml_seen_tag *t;
	const uint8_t *to;
	size_t n;

	if (r->depth >= XML_DEPTH - TAKE_DEPTH)
		return NULL;
	if (w->take != NULL) {
		to = take(r, p);
		if (to != p)
			return to;
	}
	if (w->same == NULL)
		return NULL;
	t = xml_seen_find(&r->seen, p, &n);
	if (t == NULL)
		return NULL;
	if (r->chains != NULL)
		chain_add(r->chains, p,
			  (struct xml_link){.key = t->key,
					    .what = t->what,
					    .empty = t->empty});
	w->same(r->arg, t->what);
	begin(r, &t->key, t->what, t->empty);
	return p + n;
}

/* One of a chain; false: it is not what may stand here. */
static inline bool
know_link(struct xml_reader *r, const struct xml_link *l)
{
	const struct xml_open *o;

	if (r->depth == 0 || r->x->stop)
		return false;
	if (!l->close) {
		r->walk->same(r->arg, l->what);
		begin(r, &l->key, l->what, l->empty);
		return true;
	}
	o = &r->opens[r->depth - 1];
	if (!same_key(&l->key, &o->name))
		return false;
	r->depth--;
	if (r->walk->close != NULL)
		r->walk->close(r->arg, o->what);
	return true;
}

/* All tags up to the next text, when they are those of another time; else p. */
static inline const uint8_t *
known_chain(struct xml_reader *r, const uint8_t *p)
{
	struct xml_chains *c = r->chains;
	unsigned i = XML_CHAINS;

	if (r->depth < XML_DEPTH - TAKE_DEPTH - XML_CHAIN_LINKS)
		i = chain_find(c, p, r->end);
	if (i == XML_CHAINS) {
		chain_begin(c, p);
		return p;
	}
	for (unsigned n = 0; n < c->count[i]; n++)
		if (!know_link(r, &c->chains[i].links[n]))
			return p + c->chains[i].links[n].at;
	return p + c->len[i];
}

/* Up to the next tag; NULL: something else comes before it. */
static inline const uint8_t *
known_text(const struct xml_reader *r, const uint8_t *p)
{
	const uint8_t *to = r->ends->find(p, r->end);

	if (to == r->end || *to != '<')
		return NULL;
	xml_tell(r, p, (size_t)(to - p));
	return to;
}

/* As long as it is what came before: elements, and text without a reference. */
static void
read_known(struct xml_reader *r)
{
	const uint8_t *p = r->p, *next;
	bool begins = r->chains != NULL;

	if (begins)
		r->chains->from = NULL;
	while (r->depth > 0 && r->end - p >= XML_SEEN_BYTES && !r->x->stop) {
		if (*p == '<' && begins) {
			begins = false;
			next = known_chain(r, p);
		} else if (*p != '<') {
			begins = r->chains != NULL;
			if (begins)
				chain_end(r->chains, p);
			next = known_text(r, p);
		} else if (p[1] == '/')
			next = known_close(r, p);
		else
			next = known_open(r, p);
		if (next == NULL)
			break;
		p = next;
	}
	r->p = p;
}

/* ---- all of it -------------------------------------------------------------
 */

/* As far as the window goes. */
static enum xml_step
read_window(struct xml_reader *r)
{
	enum xml_step step = STEP_ON;

	while (step == STEP_ON && r->p < r->end && !r->x->stop) {
		if (!r->data && !r->subset)
			read_known(r);
		if (r->p == r->end || r->x->stop)
			break;
		if (r->data)
			step = xml_data(r);
		else if (r->subset)
			step = xml_subset(r);
		else if (*r->p == '<')
			step = read_markup(r);
		else
			step = xml_text(r);
	}
	return r->x->stop ? STEP_STOP : step;
}

/* What the document lacks when there is no more of it; false: nothing. */
static bool
lacks(struct xml_reader *r)
{
	if (r->p < r->end)
		(void)xml_fail(r, COVER_TRUNCATED, "unclosed token");
	else if (r->data)
		(void)xml_fail(r, COVER_TRUNCATED, "unclosed CDATA section");
	else if (r->depth > 0 || !r->root)
		(void)xml_fail(r, COVER_TRUNCATED, "no element found");
	return r->words != NULL;
}

/* The line that the reader is in. */
static unsigned long
line_of(const struct xml_reader *r)
{
	unsigned long n = (unsigned long)r->in.line + 1;

	for (const uint8_t *p = r->in.now.ptr; p < r->p; p++)
		n += *p == '\n';
	return n;
}

static void
note(const struct xml_reader *r)
{
	if (r->x->stop || r->in.p->failed != ST_OK)
		return; /* who stopped it has said why */
	if (r->why == COVER_MALFORMED || r->why == COVER_TRUNCATED)
		job_note_words(r->x, r->why, "xml, line %lu: %s", line_of(r),
			       r->words);
	else
		job_note_words(r->x, r->why, "%s", r->words);
}

/* The next window; false: there is none. */
static bool
next(struct xml_reader *r, enum status *st)
{
	*st = xml_input_next(&r->in, (size_t)(r->p - r->in.now.ptr));
	r->p = r->in.now.ptr;
	r->end = r->p + r->in.now.len;
	if (*st == ST_OK)
		return job_in_time(r->x);
	if (*st != ST_LIMIT)
		return false;
	*st = ST_OK;
	(void)xml_fail(r, COVER_MEMORY, "xml: a tag of more than 4 MiB");
	note(r);
	return false;
}

static enum status
walk(struct xml_reader *r, bool *whole)
{
	enum status st;

	while (next(r, &st)) {
		enum xml_step step = read_window(r);

		if (step == STEP_STOP ||
		    (r->in.last && r->in.p->failed == ST_OK && lacks(r))) {
			note(r);
			return ST_OK;
		}
		if (r->in.last) {
			*whole = r->in.p->failed == ST_OK;
			return ST_OK;
		}
	}
	return st;
}

enum status
xml_read(struct extractor *x, struct part *p, const struct xml_walk *w,
	 void *arg, bool *whole)
{
	struct xml_reader *r = malloc(sizeof(*r));
	enum status st;

	*whole = false;
	if (r == NULL)
		return ST_NOMEM;
	memset(r, 0, offsetof(struct xml_reader, seen.tags));
	r->x = x;
	r->walk = w;
	r->arg = arg;
	r->ends = text_end_best();
	if (w->take == NULL && w->same != NULL) {
		memset(&r->room, 0, offsetof(struct xml_chains, chains));
		r->chains = &r->room;
	}
	xml_tags_init(&r->tags);
	st = xml_input_begin(&r->in, p);
	if (w->window > 0)
		r->in.window = w->window;
	if (st == ST_OK) {
		st = walk(r, whole);
	} else {
		/* what failed is noted by whose part it is */
		if (p->failed == ST_OK)
			job_note_words(x, COVER_MALFORMED, "xml, line 1: %s",
				       st == ST_UNSUPPORTED
					   ? "unknown encoding"
					   : "not well-formed (invalid token)");
		st = ST_OK;
	}
	xml_input_end(&r->in, st == ST_OK ? (size_t)(r->p - r->in.now.ptr) : 0);
	xml_tags_fini(&r->tags);
	free(r);
	return st;
}
