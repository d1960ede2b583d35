#include "proxy-agent/session/xml.h"

#include <expat.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

#define NAME_MAX_LEN 64 /* longer names are cut: none of ours is */

struct xml {
	XML_Parser parser;
	struct xml_hear hear;
	char names[XML_DEPTH][NAME_MAX_LEN];
	unsigned depth;
	struct buf text;
	enum status st;
};

static void
stop(struct xml *x, enum status st)
{
	x->st = st;
	XML_StopParser(x->parser, XML_FALSE);
}

static void XMLCALL
on_open(void *arg, const XML_Char *name, const XML_Char **attrs)
{
	const char *colon = strrchr(name, ':');
	struct xml *x = arg;

	buf_clear(&x->text);
	if (x->depth == XML_DEPTH) {
		stop(x, ST_LIMIT);
		return;
	}
	name = colon == NULL ? name : colon + 1;
	memset(x->names[x->depth], 0, NAME_MAX_LEN);
	strncpy(x->names[x->depth], name, NAME_MAX_LEN - 1);
	if (x->hear.open != NULL)
		x->hear.open(x->hear.arg, x->names[x->depth]);
	for (size_t i = 0; x->hear.attr != NULL && attrs[i] != NULL; i += 2)
		x->hear.attr(x->hear.arg, x->names[x->depth], attrs[i],
			     span_str(attrs[i + 1]));
	x->depth++;
}

static void XMLCALL
on_close(void *arg, const XML_Char *name)
{
	struct xml *x = arg;

	(void)name;
	if (x->depth == 0)
		return;
	x->depth--;
	x->hear.close(x->hear.arg, x->depth == 0 ? "" : x->names[x->depth - 1],
		      x->names[x->depth], buf_span(&x->text));
	buf_clear(&x->text);
}

static void XMLCALL
on_text(void *arg, const XML_Char *text, int n)
{
	struct xml *x = arg;

	if (buf_add(&x->text, text, (size_t)n) != ST_OK)
		stop(x, ST_LIMIT);
}

static void XMLCALL
on_doctype(void *arg, const XML_Char *name, const XML_Char *system,
	   const XML_Char *public, int internal)
{
	(void)name;
	(void)system;
	(void)public;
	(void)internal;
	stop(arg, ST_MALFORMED);
}

enum status
xml_open(const struct xml_hear *hear, struct xml **out)
{
	struct xml *x = calloc(1, sizeof(*x));

	if (x == NULL)
		return ST_NOMEM;
	x->hear = *hear;
	buf_init(&x->text, XML_TEXT);
	x->parser = XML_ParserCreate(NULL);
	if (x->parser == NULL) {
		xml_close(x);
		return ST_NOMEM;
	}
	XML_SetUserData(x->parser, x);
	XML_SetElementHandler(x->parser, on_open, on_close);
	XML_SetCharacterDataHandler(x->parser, on_text);
	XML_SetStartDoctypeDeclHandler(x->parser, on_doctype);
	*out = x;
	return ST_OK;
}

void
xml_close(struct xml *x)
{
	if (x == NULL)
		return;
	if (x->parser != NULL)
		XML_ParserFree(x->parser);
	buf_fini(&x->text);
	free(x);
}

enum status
xml_feed(struct xml *x, struct span bytes, bool last)
{
	if (x->st != ST_OK)
		return x->st;
	if (bytes.len > INT_MAX)
		return ST_LIMIT;
	if (XML_Parse(x->parser, (const char *)bytes.ptr, (int)bytes.len,
		      last) != XML_STATUS_OK &&
	    x->st == ST_OK)
		x->st = ST_MALFORMED;
	return x->st;
}

enum status
xml_parse(const struct xml_hear *hear, struct span doc)
{
	struct xml *x;
	enum status st = xml_open(hear, &x);

	if (st != ST_OK)
		return st;
	st = xml_feed(x, doc, true);
	xml_close(x);
	return st;
}
