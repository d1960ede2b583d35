#include "detect/catalogue/yml.h"

#include <string.h>

#include <yaml.h>

#include "detect/catalogue/yml_plain.h"

struct reader {
	yaml_parser_t parser;
	struct arena *arena, *texts;
	struct buf *why;
	size_t nodes;
	/* the containers that are open, and where their next child hangs */
	struct yml_node *open[YML_DEPTH];
	struct yml_node **tail[YML_DEPTH];
	const char *key; /* read, its value is still to come */
	unsigned key_line;
	size_t depth;
	struct yml_node *root;
};

static enum status
wrong(struct reader *r, size_t line, const char *what)
{
	enum status st = buf_addf(r->why, ":%zu: %s", line + 1, what);

	return st == ST_OK ? ST_MALFORMED : st;
}

const struct yml_node *
yml_find(const struct yml_node *map, const char *key)
{
	const struct yml_node *n = map->kind == YML_MAP ? map->first : NULL;

	/* most differ in the first byte */
	while (n != NULL && (n->key[0] != key[0] || strcmp(n->key, key) != 0))
		n = n->next;
	return n;
}

/* A new child of the innermost container, or the root. */
static enum status
hang(struct reader *r, const yaml_event_t *e, enum yml_kind kind,
     struct yml_node **out)
{
	size_t line = e->start_mark.line;
	struct yml_node *n;

	if (++r->nodes > YML_NODES)
		return wrong(r, line, "too many values in one file");
	n = arena_take(r->arena, sizeof(*n));
	if (n == NULL)
		return ST_NOMEM;
	n->kind = kind;
	n->line = (unsigned)line + 1;
	if (r->depth == 0) {
		r->root = n;
	} else {
		n->key = r->key;
		r->key = NULL;
		r->open[r->depth - 1]->count++;
		*r->tail[r->depth - 1] = n;
		r->tail[r->depth - 1] = &n->next;
	}
	*out = n;
	return ST_OK;
}

static enum status
on_scalar(struct reader *r, const yaml_event_t *e)
{
	struct span s = span_of(e->data.scalar.value, e->data.scalar.length);
	struct yml_node *n = NULL;
	const char *text;
	enum status st;

	if (e->data.scalar.anchor != NULL || e->data.scalar.tag != NULL)
		return wrong(r, e->start_mark.line,
			     "anchors and tags are not allowed");
	if (s.len > 0 && memchr(s.ptr, 0, s.len) != NULL)
		return wrong(r, e->start_mark.line, "a NUL byte in a value");
	text = arena_str(r->texts, s);
	if (text == NULL)
		return ST_NOMEM;
	if (r->depth > 0 && r->open[r->depth - 1]->kind == YML_MAP &&
	    r->key == NULL) {
		if (yml_find(r->open[r->depth - 1], text) != NULL)
			return wrong(r, e->start_mark.line,
				     "a key stands twice");
		r->key = text;
		return ST_OK;
	}
	st = hang(r, e, YML_SCALAR, &n);
	if (st != ST_OK || n == NULL)
		return st;
	n->text = text;
	n->len = s.len;
	return ST_OK;
}

static enum status
on_open(struct reader *r, const yaml_event_t *e, enum yml_kind kind)
{
	struct yml_node *n = NULL;
	enum status st;

	if (r->depth == YML_DEPTH)
		return wrong(r, e->start_mark.line, "nested too deep");
	if (r->depth > 0 && r->open[r->depth - 1]->kind == YML_MAP &&
	    r->key == NULL)
		return wrong(r, e->start_mark.line, "a key must be a word");
	st = hang(r, e, kind, &n);
	if (st != ST_OK || n == NULL)
		return st;
	r->open[r->depth] = n;
	r->tail[r->depth] = &n->first;
	r->depth++;
	return ST_OK;
}

static enum status
on_event(struct reader *r, const yaml_event_t *e)
{
	switch (e->type) {
	case YAML_SCALAR_EVENT:
		return on_scalar(r, e);
	case YAML_MAPPING_START_EVENT:
		return on_open(r, e, YML_MAP);
	case YAML_SEQUENCE_START_EVENT:
		return on_open(r, e, YML_LIST);
	case YAML_MAPPING_END_EVENT:
	case YAML_SEQUENCE_END_EVENT:
		r->depth--;
		return ST_OK;
	case YAML_ALIAS_EVENT:
		return wrong(r, e->start_mark.line, "aliases are not allowed");
	case YAML_DOCUMENT_START_EVENT:
		if (r->root != NULL)
			return wrong(r, e->start_mark.line,
				     "a second document begins");
		return ST_OK;
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_STREAM_END_EVENT:
	case YAML_DOCUMENT_END_EVENT:
	default:
		return ST_OK;
	}
}

static enum status
read_events(struct reader *r)
{
	enum status st = ST_OK;
	bool end = false;

	while (st == ST_OK && !end) {
		yaml_event_t e;

		if (!yaml_parser_parse(&r->parser, &e))
			return wrong(r, r->parser.problem_mark.line,
				     r->parser.problem != NULL
					 ? r->parser.problem
					 : "not readable as YAML");
		end = e.type == YAML_STREAM_END_EVENT;
		st = on_event(r, &e);
		yaml_event_delete(&e);
	}
	return st;
}

enum status
yml_parse(struct span bytes, struct arena *a, struct yml_node **root,
	  struct buf *why)
{
	return yml_parse_apart(bytes, a, a, root, why);
}

enum status
yml_parse_apart(struct span bytes, struct arena *nodes, struct arena *texts,
		struct yml_node **root, struct buf *why)
{
	if (yml_plain(bytes, nodes, texts, root))
		return ST_OK;
	return yml_parse_any(bytes, nodes, texts, root, why);
}

enum status
yml_parse_any(struct span bytes, struct arena *nodes, struct arena *texts,
	      struct yml_node **root, struct buf *why)
{
	struct reader r = {.arena = nodes, .texts = texts, .why = why};
	enum status st;

	if (bytes.len > YML_BYTES)
		return wrong(&r, 0, "the file is too large");
	if (!yaml_parser_initialize(&r.parser))
		return ST_NOMEM;
	yaml_parser_set_input_string(&r.parser, bytes.ptr, bytes.len);
	st = read_events(&r);
	yaml_parser_delete(&r.parser);
	if (st != ST_OK)
		return st;
	if (r.root == NULL)
		return wrong(&r, 0, "the file is empty");
	*root = r.root;
	return ST_OK;
}
