#include "extract/office/xml.h"

#include <stdlib.h>
#include <string.h>

#include "extract/office/textend.h"
#include "extract/office/xmlchain.h"
#include "extract/office/xmlinput.h"
#include "extract/office/xmlscan.h"
#include "extract/office/xmlseen.h"
#include "extract/office/xmltag.h"

struct open {
	struct xml_key name;
	unsigned what; /* to the walk */
};

struct reader {
	struct extractor *x;
	const struct xml_walk *walk;
	void *arg;
	const struct text_end *ends;
	struct xml_input in;
	const uint8_t *p, *end; /* of the window, what is not read yet */
	unsigned depth;
	bool root;   /* it has begun */
	bool subset; /* within [ ] of a DTD */
	bool data;   /* within a CDATA section */
	enum cover_reason why;
	const char *words;
	struct xml_tags tags;
	struct xml_chains *chains; /* NULL: the walker takes tags by itself */
	/* from here on large, and written before it is read */
	struct xml_seen seen;
	struct open opens[XML_DEPTH];
	struct xml_chains room;
};

/* What comes of a piece of input. */
enum step { STEP_ON, STEP_MORE, STEP_STOP };

static enum step
fail(struct reader *r, enum cover_reason why, const char *words)
{
	r->why = why;
	r->words = words;
	return STEP_STOP;
}

static enum step
malformed(struct reader *r, const char *words)
{
	return fail(r, COVER_MALFORMED, words);
}

static inline size_t
left(const struct reader *r)
{
	return (size_t)(r->end - r->p);
}

/* ---- text ------------------------------------------------------------------
 */

static inline void
tell(const struct reader *r, const void *p, size_t n)
{
	if (n > 0 && r->walk->text != NULL)
		r->walk->text(r->arg, span_of(p, n));
}

/* A reference is cut by the end of the window. */
static bool
cut_reference(const struct reader *r)
{
	return !r->in.last && left(r) < XML_REFERENCE &&
	       memchr(r->p, ';', left(r)) == NULL;
}

static enum step
read_reference(struct reader *r)
{
	uint8_t c[4];
	size_t n, used;

	if (cut_reference(r))
		return STEP_MORE;
	n = xml_reference(r->p, r->end, c, &used);
	if (n > 0)
		tell(r, c, n);
	else
		tell(r, r->p, used);
	r->p += used;
	return STEP_ON;
}

/* A line end is \n, whatever it is in the document. */
static enum step
read_return(struct reader *r)
{
	if (left(r) == 1 && !r->in.last)
		return STEP_MORE;
	r->p++;
	if (left(r) == 0 || *r->p != '\n')
		tell(r, "\n", 1);
	return STEP_ON;
}

/* Outside of the root are only blanks. */
static enum step
read_outside(struct reader *r)
{
	while (r->p < r->end && (*r->p == ' ' || (*r->p >= 9 && *r->p <= 13)))
		r->p++;
	if (r->p == r->end || *r->p == '<')
		return STEP_ON;
	return malformed(r, r->root ? "junk after document element"
				    : "syntax error");
}

static enum step
read_text(struct reader *r)
{
	const uint8_t *from = r->p;

	if (r->depth == 0)
		return read_outside(r);
	r->p = scan_text(from, r->end);
	tell(r, from, (size_t)(r->p - from));
	if (r->p == r->end || *r->p == '<')
		return STEP_ON;
	return *r->p == '&' ? read_reference(r) : read_return(r);
}

/* The end of a section, a line end of two bytes, or that of the window. */
static const uint8_t *
scan_data(const uint8_t *p, const uint8_t *end)
{
	while (p < end && *p != '\r' &&
	       (*p != ']' || end - p < 3 || memcmp(p, "]]>", 3) != 0))
		p++;
	return p;
}

/* As text, without a look for what is a tag in it. */
static enum step
read_data(struct reader *r)
{
	const uint8_t *from = r->p;

	r->p = scan_data(from, r->end);
	/* "]]" may be the beginning of its end */
	for (size_t n = 0; n < 2 && r->p > from && r->p[-1] == ']' &&
			   r->p == r->end - n && !r->in.last;
	     n++)
		r->p--;
	tell(r, from, (size_t)(r->p - from));
	if (r->p == r->end)
		return STEP_ON;
	if (*r->p == '\r')
		return read_return(r);
	if (left(r) < 3)
		return STEP_MORE;
	r->p += 3;
	r->data = false;
	return STEP_ON;
}

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
tag_of(const struct reader *r, struct span name)
{
	struct xml_tag t = {.attrs = r->tags.attrs, .count = r->tags.count};

	t.name = xml_local(name);
	t.key = scan_key(t.name.ptr, t.name.len, r->end);
	return t;
}

static inline void
begin(struct reader *r, const struct xml_key *name, unsigned what, bool empty)
{
	r->opens[r->depth].name = *name;
	r->opens[r->depth].what = what;
	if (!empty)
		r->depth++;
	else if (r->walk->close != NULL)
		r->walk->close(r->arg, what);
}

/* The tag at r->p, up to `to`. */
static enum step
begin_element(struct reader *r, struct span name, const uint8_t *to, bool empty)
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

static enum step
read_open(struct reader *r)
{
	const uint8_t *name = r->p + 1, *at = scan_name(name, r->end);
	enum xml_tag_end end = XML_TAG_OPEN;
	struct span s = span_of(name, (size_t)(at - name));

	if (at == r->end)
		return STEP_MORE;
	if (s.len == 0 || !begins_name(*name))
		return malformed(r, "not well-formed (invalid token)");
	if (r->depth == 0 && r->root)
		return malformed(r, "junk after document element");
	if (r->depth == XML_DEPTH)
		return fail(r, COVER_DEPTH, "elements within each other");
	r->tags.count = 0;
	if (*at == '>')
		at++;
	else
		end = xml_tags_read(&r->tags, &at, r->end);
	if (end == XML_TAG_MORE)
		return STEP_MORE;
	if (end == XML_TAG_NOMEM)
		return fail(r, COVER_MEMORY, "xml: attributes of a tag");
	if (end == XML_TAG_WRONG)
		return malformed(r, "not well-formed (invalid token)");
	return begin_element(r, s, at, end == XML_TAG_EMPTY);
}

/* The name in a tag that ends one, and what is behind it. */
static const uint8_t *
close_name(const struct reader *r, struct span *name)
{
	const uint8_t *from = r->p + 2, *to = scan_name(from, r->end);

	*name = span_of(from, (size_t)(to - from));
	while (to < r->end && (*to == ' ' || (*to >= 9 && *to <= 13)))
		to++;
	return to;
}

static enum step
read_close(struct reader *r)
{
	struct xml_key name;
	const struct open *o;
	struct span s;
	const uint8_t *to = close_name(r, &s);

	if (to == r->end)
		return STEP_MORE;
	if (*to != '>' || r->depth == 0)
		return malformed(r, "not well-formed (invalid token)");
	o = &r->opens[r->depth - 1];
	name = key_of(s, r->end);
	if (!same_key(&name, &o->name))
		return malformed(r, "mismatched tag");
	r->p = to + 1;
	r->depth--;
	if (r->walk->close != NULL)
		r->walk->close(r->arg, o->what);
	return STEP_ON;
}

/* ---- everything else -------------------------------------------------------
 */

static inline bool
at_word(const struct reader *r, const char *word)
{
	size_t n = strlen(word);

	return left(r) >= n && memcmp(r->p, word, n) == 0;
}

/* From `skip` bytes on up to a word; it goes on behind that. */
static enum step
up_to(struct reader *r, size_t skip, const char *word, struct span *s)
{
	size_t n = strlen(word);
	const uint8_t *from = r->p + skip, *to = NULL;

	if (left(r) >= skip + n)
		to = memmem(from, left(r) - skip, word, n);
	if (to == NULL)
		return STEP_MORE;
	*s = span_of(from, (size_t)(to - from));
	r->p = to + n;
	return STEP_ON;
}

static enum step
read_comment(struct reader *r)
{
	struct span s;
	enum step step = up_to(r, 4, "-->", &s);

	if (step == STEP_ON && r->walk->other != NULL)
		r->walk->other(r->arg, s);
	return step;
}

/* Of an instruction what stands behind its name. */
static enum step
read_instruction(struct reader *r)
{
	struct span s;
	enum step step = up_to(r, 2, "?>", &s);
	const uint8_t *p;

	if (step != STEP_ON || r->walk->other == NULL)
		return step;
	p = scan_name(s.ptr, s.ptr + s.len);
	if (p == s.ptr + 3 && memcmp(s.ptr, "xml", 3) == 0)
		return step;
	while (p < s.ptr + s.len && *p <= ' ')
		p++;
	r->walk->other(r->arg, span_of(p, (size_t)(s.ptr + s.len - p)));
	return step;
}

/* Behind a declaration, or at what stands in brackets within it. */
static enum step
skip_declaration(struct reader *r)
{
	const uint8_t *p = r->p + 2;

	for (; p < r->end && *p != '>' && *p != '['; p++)
		if (*p == '"' || *p == '\'') {
			p = memchr(p + 1, *p, (size_t)(r->end - p) - 1);
			if (p == NULL)
				return STEP_MORE;
		}
	if (p == r->end)
		return STEP_MORE;
	r->subset = r->subset || *p == '[';
	r->p = p + 1;
	return STEP_ON;
}

static enum step
read_declaration(struct reader *r)
{
	if (at_word(r, "<!--"))
		return read_comment(r);
	if (at_word(r, "<![CDATA[") && r->depth > 0) {
		r->data = true;
		r->p += 9;
		return STEP_ON;
	}
	if (at_word(r, "<!DOCTYPE") && !r->root)
		return skip_declaration(r);
	if (left(r) < 9)
		return STEP_MORE;
	return malformed(r, "not well-formed (invalid token)");
}

/* Of a DTD: what stands in it is passed over, up to an entity. */
static enum step
read_subset(struct reader *r)
{
	if (*r->p == ']') {
		const uint8_t *end = memchr(r->p, '>', left(r));

		if (end == NULL)
			return STEP_MORE;
		r->p = end + 1;
		r->subset = false;
		return STEP_ON;
	}
	if (*r->p != '<') {
		r->p++;
		return STEP_ON;
	}
	if (left(r) < 8 && !r->in.last)
		return STEP_MORE;
	if (at_word(r, "<!ENTITY"))
		return fail(r, COVER_UNSUPPORTED, "it declares entities");
	if (at_word(r, "<!--"))
		return read_comment(r);
	if (at_word(r, "<?"))
		return read_instruction(r);
	return at_word(r, "<!")
		   ? skip_declaration(r)
		   : malformed(r, "not well-formed (invalid token)");
}

static enum step
read_markup(struct reader *r)
{
	if (left(r) < 2)
		return STEP_MORE;
	switch (r->p[1]) {
	case '/':
		return read_close(r);
	case '!':
		return read_declaration(r);
	case '?':
		return read_instruction(r);
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
known_close(struct reader *r, const uint8_t *p)
{
	const struct open *o = &r->opens[r->depth - 1];
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
take(struct reader *r, const uint8_t *p)
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
known_open(struct reader *r, const uint8_t *p)
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
know_link(struct reader *r, const struct xml_link *l)
{
	const struct open *o;

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
known_chain(struct reader *r, const uint8_t *p)
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
known_text(const struct reader *r, const uint8_t *p)
{
	const uint8_t *to = r->ends->find(p, r->end);

	if (to == r->end || *to != '<')
		return NULL;
	tell(r, p, (size_t)(to - p));
	return to;
}

/* As long as it is what came before: elements, and text without a reference. */
static void
read_known(struct reader *r)
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
static enum step
read_window(struct reader *r)
{
	enum step step = STEP_ON;

	while (step == STEP_ON && r->p < r->end && !r->x->stop) {
		if (!r->data && !r->subset)
			read_known(r);
		if (r->p == r->end || r->x->stop)
			break;
		if (r->data)
			step = read_data(r);
		else if (r->subset)
			step = read_subset(r);
		else if (*r->p == '<')
			step = read_markup(r);
		else
			step = read_text(r);
	}
	return r->x->stop ? STEP_STOP : step;
}

/* What the document lacks when there is no more of it; false: nothing. */
static bool
lacks(struct reader *r)
{
	if (r->p < r->end)
		(void)fail(r, COVER_TRUNCATED, "unclosed token");
	else if (r->data)
		(void)fail(r, COVER_TRUNCATED, "unclosed CDATA section");
	else if (r->depth > 0 || !r->root)
		(void)fail(r, COVER_TRUNCATED, "no element found");
	return r->words != NULL;
}

/* The line that the reader is in. */
static unsigned long
line_of(const struct reader *r)
{
	unsigned long n = (unsigned long)r->in.line + 1;

	for (const uint8_t *p = r->in.now.ptr; p < r->p; p++)
		n += *p == '\n';
	return n;
}

static void
note(const struct reader *r)
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
next(struct reader *r, enum status *st)
{
	*st = xml_input_next(&r->in, (size_t)(r->p - r->in.now.ptr));
	r->p = r->in.now.ptr;
	r->end = r->p + r->in.now.len;
	if (*st == ST_OK)
		return job_in_time(r->x);
	if (*st != ST_LIMIT)
		return false;
	*st = ST_OK;
	(void)fail(r, COVER_MEMORY, "xml: a tag of more than 4 MiB");
	note(r);
	return false;
}

static enum status
walk(struct reader *r, bool *whole)
{
	enum status st;

	while (next(r, &st)) {
		enum step step = read_window(r);

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
	struct reader *r = malloc(sizeof(*r));
	enum status st;

	*whole = false;
	if (r == NULL)
		return ST_NOMEM;
	memset(r, 0, offsetof(struct reader, seen.tags));
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
