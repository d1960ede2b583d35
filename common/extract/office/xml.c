#include "extract/office/xml.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

struct reader {
	struct extractor *x;
	const struct xml_walk *walk;
	void *arg;
	XML_Parser parser;
	unsigned depth;
	bool moved;            /* something was told since it was last asked */
	enum cover_reason why; /* stopped by ourselves */
	const char *words;
};

/* Salt of the parser's tables: it must not ask for one in the sandbox. */
struct salt {
	unsigned long value;
};

enum status
xml_prepare(void **state)
{
	struct salt *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return ST_NOMEM;
	if (getrandom(&s->value, sizeof(s->value), 0) != sizeof(s->value))
		s->value = (unsigned long)(uintptr_t)s;
	s->value |= 1;
	*state = s;
	return ST_OK;
}

const char *
xml_local(const char *name)
{
	const char *colon = strchr(name, ':');

	return colon != NULL ? colon + 1 : name;
}

const char *
xml_attr(const char **attrs, const char *name)
{
	for (; attrs[0] != NULL; attrs += 2)
		if (strcmp(xml_local(attrs[0]), name) == 0)
			return attrs[1];
	return NULL;
}

const char *
xml_attr_far(const char **attrs, const char *name)
{
	for (; attrs[0] != NULL; attrs += 2)
		if (strchr(attrs[0], ':') != NULL &&
		    strcmp(xml_local(attrs[0]), name) == 0)
			return attrs[1];
	return NULL;
}

unsigned
xml_count(const char *value, unsigned none, unsigned max)
{
	unsigned long n;
	char *end;

	if (value == NULL || *value < '0' || *value > '9')
		return none;
	n = strtoul(value, &end, 10);
	return n > max ? max : (unsigned)n;
}

static void
stop(struct reader *r, enum cover_reason why, const char *words)
{
	r->why = why;
	r->words = words;
	XML_StopParser(r->parser, XML_FALSE);
}

static void
on_open(void *arg, const char *name, const char **attrs)
{
	struct reader *r = arg;

	r->moved = true;
	if (++r->depth > XML_DEPTH) {
		stop(r, COVER_DEPTH, "elements within each other");
		return;
	}
	r->walk->open(r->arg, xml_local(name), attrs);
	if (r->x->stop)
		stop(r, COVER_OK, NULL);
}

static void
on_close(void *arg, const char *name)
{
	struct reader *r = arg;

	r->moved = true;
	r->depth--;
	r->walk->close(r->arg, xml_local(name));
}

static void
on_text(void *arg, const char *s, int n)
{
	struct reader *r = arg;

	r->moved = true;
	r->walk->text(r->arg, span_of(s, (size_t)n));
	if (r->x->stop)
		stop(r, COVER_OK, NULL);
}

/* What nobody asks for is passed over. */
static void
on_rest(void *arg, const char *s, int n)
{
	struct reader *r = arg;

	(void)s, (void)n;
	r->moved = true;
}

static void
on_comment(void *arg, const char *s)
{
	struct reader *r = arg;

	r->moved = true;
	r->walk->other(r->arg, span_str(s));
}

static void
on_instruction(void *arg, const char *target, const char *s)
{
	struct reader *r = arg;

	(void)target;
	r->moved = true;
	r->walk->other(r->arg, span_str(s));
}

/* NOLINTBEGIN(readability-function-size): as expat declares it */
static void
on_entity(void *arg, const char *name, int parameter, const char *value,
	  int value_len, const char *base, const char *system,
	  const char *public, const char *notation)
{
	struct reader *r = arg;

	(void)name, (void)parameter, (void)value, (void)value_len, (void)base;
	(void)system, (void)public, (void)notation;
	stop(r, COVER_UNSUPPORTED, "it declares entities");
}
/* NOLINTEND(readability-function-size) */

static bool
begin(struct reader *r)
{
	const struct salt *s = job_group_state(r->x, &formats_office);

	r->parser = XML_ParserCreate(NULL);
	if (r->parser == NULL)
		return false;
	XML_SetHashSalt(r->parser, s != NULL ? s->value : 1);
	XML_SetUserData(r->parser, r);
	XML_SetElementHandler(r->parser, on_open, on_close);
	XML_SetCharacterDataHandler(r->parser, on_text);
	XML_SetDefaultHandler(r->parser, on_rest);
	XML_SetEntityDeclHandler(r->parser, on_entity);
	XML_SetParamEntityParsing(r->parser, XML_PARAM_ENTITY_PARSING_NEVER);
	if (r->walk->other != NULL) {
		XML_SetCommentHandler(r->parser, on_comment);
		XML_SetProcessingInstructionHandler(r->parser, on_instruction);
	}
	return true;
}

static void
note(struct reader *r, const struct part *p)
{
	enum XML_Error e = XML_GetErrorCode(r->parser);

	if (r->x->stop || p->failed != ST_OK)
		return; /* who stopped it has said why */
	if (e == XML_ERROR_ABORTED)
		job_note_words(r->x, r->why, "%s", r->words);
	else
		job_note_words(
		    r->x,
		    e == XML_ERROR_NO_ELEMENTS || e == XML_ERROR_UNCLOSED_TOKEN
			? COVER_TRUNCATED
			: COVER_MALFORMED,
		    "xml, line %lu: %s",
		    (unsigned long)XML_GetCurrentLineNumber(r->parser),
		    XML_ErrorString(e));
}

/* The part goes back to where the parser stopped, as far as it can. */
static void
step_back(struct reader *r, struct part *p, uint64_t from, size_t n)
{
	XML_Index at = XML_GetCurrentByteIndex(r->parser);

	if (at < 0 || (uint64_t)at >= from + n)
		return;
	if ((uint64_t)at >= from)
		n = (size_t)((uint64_t)at - from);
	else
		n = 0;
	part_consume(p, n);
	if ((uint64_t)at >= from)
		return;
	n = p->whole.ptr != NULL || p->at > PART_BACK ? PART_BACK : p->at;
	part_unread(p, from - (uint64_t)at < n ? (size_t)(from - (uint64_t)at)
					       : n);
}

/* `quiet` bytes were read without anything to tell. */
static bool
token_fits(struct reader *r, uint64_t *quiet, size_t n)
{
	*quiet = r->moved ? 0 : *quiet + n;
	r->moved = false;
	if (*quiet <= XML_TOKEN)
		return true;
	job_note_words(r->x, COVER_MEMORY, "xml: a tag of more than 4 MiB");
	return false;
}

static bool
walk(struct reader *r, struct part *p)
{
	uint64_t done = 0, quiet = 0;

	for (;;) {
		struct span s = part_ahead(p);
		bool end = s.len == 0;

		if (end && p->failed != ST_OK)
			return false;
		if (s.len > PART_BUF)
			s.len = PART_BUF; /* of what lies in memory */
		if (XML_Parse(r->parser, (const char *)s.ptr, (int)s.len,
			      end) != XML_STATUS_OK) {
			note(r, p);
			step_back(r, p, done, s.len);
			return false;
		}
		if (end)
			return true;
		part_consume(p, s.len);
		done += s.len;
		if (!job_in_time(r->x) || !token_fits(r, &quiet, s.len))
			return false;
	}
}

enum status
xml_read(struct extractor *x, struct part *p, const struct xml_walk *w,
	 void *arg, bool *whole)
{
	struct reader r = {.x = x, .walk = w, .arg = arg};

	*whole = false;
	if (!begin(&r))
		return ST_NOMEM;
	*whole = walk(&r, p);
	XML_ParserFree(r.parser);
	return ST_OK;
}
