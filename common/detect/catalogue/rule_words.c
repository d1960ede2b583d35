#include <string.h>

#include "base/str.h"
#include "detect/catalogue/field.h"

#define LIST_FILE_BYTES ((size_t)1024 * 1024)
#define WORDS_OF_TYPE   1024

/* Ids of the words of a type while they are collected; large. */
struct word_list {
	uint16_t id[WORDS_OF_TYPE];
	size_t count;
	struct span said[WORDS_OF_TYPE]; /* those of the file itself */
	size_t said_count;
};

static enum status
take_spelling(struct field_loader *l, const struct yml_node *n,
	      struct span word, struct word_list *to)
{
	enum status st;

	if (to->count == WORDS_OF_TYPE)
		return field_wrong(l, n, "words", "are too many");
	st = words_add(&l->cat->words, word, &to->id[to->count]);
	if (st == ST_MALFORMED)
		return field_wrong(l, n, "words", "hold one without a letter");
	if (st == ST_LIMIT)
		return field_wrong(l, n, "words", "are too many in all files");
	to->count += st == ST_OK;
	return st;
}

#define WORD_BYTES 256

/* As it is, and with capitals. */
static enum status
take_word(struct field_loader *l, const struct yml_node *n, struct span word,
	  struct word_list *to)
{
	enum status st = take_spelling(l, n, word, to);

	for (unsigned all = 0; st == ST_OK && all < 2; all++) {
		uint8_t big[WORD_BYTES];
		size_t len = words_capitals(word, all > 0, big, sizeof(big));

		if (len > 0)
			st = take_spelling(l, n, span_of(big, len), to);
	}
	return st;
}

static enum status
take_list(struct field_loader *l, const struct yml_node *n,
	  struct word_list *to)
{
	const struct span *list;
	size_t count;
	enum status st = field_spans(l, n, "words", &list, &count);

	for (size_t i = 0; st == ST_OK && i < count; i++) {
		st = take_word(l, n, list[i], to);
		if (st == ST_OK && to->said_count < WORDS_OF_TYPE)
			to->said[to->said_count++] = list[i];
	}
	return st;
}

/* Two small letters, as of ISO 639-1. */
static bool
language(const char *key)
{
	return key[0] >= 'a' && key[0] <= 'z' && key[1] >= 'a' &&
	       key[1] <= 'z' && key[2] == 0;
}

/* A list, or one for each language. */
static enum status
take_words(struct field_loader *l, const struct yml_node *n,
	   struct word_list *to)
{
	enum status st = ST_OK;

	if (n->kind != YML_MAP)
		return take_list(l, n, to);
	for (const struct yml_node *c = n->first; st == ST_OK && c != NULL;
	     c = c->next)
		st = language(c->key)
			 ? take_list(l, c, to)
			 : field_wrong(l, c, c->key,
				       "must be a language of two letters");
	return st;
}

/* Shorter ones may be words of any tongue. */
#define GLUED_LEAST 5

/* The letters of a column's name as databases write it: "passport_no" as
 * "PASSPORTNO". 0 when it is one word, or too short. */
static size_t
glue(struct span name, uint8_t out[WORD_BYTES])
{
	size_t n = 0, words = 0;
	bool inside = false;

	for (size_t i = 0; i < name.len && n < WORD_BYTES; i++) {
		uint8_t c = name.ptr[i];
		bool letter = (uint8_t)((c | 32) - 'a') < 26 || c >= 0x80;

		words += letter && !inside;
		inside = letter;
		if (letter)
			out[n++] = c;
	}
	return words > 1 && n >= GLUED_LEAST ? n : 0;
}

static enum status
take_columns(struct field_loader *l, const struct yml_node *n,
	     struct word_list *to)
{
	size_t first = to->said_count;
	enum status st = take_words(l, n, to);

	for (size_t i = first; st == ST_OK && i < to->said_count; i++) {
		uint8_t name[WORD_BYTES];
		size_t len = glue(to->said[i], name);

		if (len > 0)
			st = take_spelling(l, n, span_of(name, len), to);
	}
	return st;
}

/* Many types name the same few lists, so each is read once. */
struct word_file {
	struct word_file *next;
	const char *path;
	const uint16_t *ids;
	size_t count;
};

static const struct word_file *
known_file(const struct catalogue *c, const char *path)
{
	const struct word_file *f = c->word_files;

	while (f != NULL && strcmp(f->path, path) != 0)
		f = f->next;
	return f;
}

/* What `to` has from `first` on is what the file says. */
static enum status
keep_file(struct catalogue *c, const char *path, const struct word_list *to,
	  size_t first)
{
	struct word_file *f = arena_take(&c->arena, sizeof(*f));
	size_t n = to->count - first;
	uint16_t *ids = arena_array(&c->arena, n + 1, sizeof(*ids));

	if (f == NULL || ids == NULL)
		return ST_NOMEM;
	memcpy(ids, to->id + first, n * sizeof(*ids));
	*f = (struct word_file){c->word_files, path, ids, n};
	c->word_files = f;
	return ST_OK;
}

/* A list of words, one a line; "# " begins a comment. */
static enum status
read_word_file(struct field_loader *l, const struct yml_node *n,
	       const char *path, struct word_list *to)
{
	size_t first = to->count;
	struct span text, line;
	enum status st;

	st = rule_file(&l->cat->arena, path, LIST_FILE_BYTES, &text, l->why);
	while (st == ST_OK && str_next(&text, '\n', &line)) {
		line = str_trim(line);
		if (line.len > 0 && line.ptr[0] != '#')
			st = take_word(l, n, line, to);
	}
	return st == ST_OK ? keep_file(l->cat, path, to, first) : st;
}

static enum status
take_word_file(struct field_loader *l, const struct yml_node *n,
	       struct span name, struct word_list *to)
{
	/* a span of a list that was read ends with a NUL */
	const char *path = NULL;
	const struct word_file *known;
	enum status st =
	    field_beside(l, n, "for_lists", (const char *)name.ptr, &path);

	if (st != ST_OK)
		return st;
	known = known_file(l->cat, path);
	if (known == NULL)
		return read_word_file(l, n, path, to);
	if (known->count > WORDS_OF_TYPE - to->count)
		return field_wrong(l, n, "words", "are too many");
	memcpy(to->id + to->count, known->ids,
	       known->count * sizeof(*known->ids));
	to->count += known->count;
	return ST_OK;
}

static enum status
take_word_files(struct field_loader *l, const struct yml_node *n,
		struct word_list *to)
{
	const struct span *list;
	size_t count;
	enum status st = field_spans(l, n, "words", &list, &count);

	for (size_t i = 0; st == ST_OK && i < count; i++)
		st = take_word_file(l, n, list[i], to);
	return st;
}

static enum status
keep_words(struct field_loader *l, const struct word_list *from,
	   const uint16_t **out, size_t *count)
{
	uint16_t *ids =
	    arena_array(&l->cat->arena, from->count + 1, sizeof(*ids));

	if (ids == NULL)
		return ST_NOMEM;
	memcpy(ids, from->id, from->count * sizeof(*ids));
	*out = ids;
	*count = from->count;
	return ST_OK;
}

static enum status
keep_said(struct field_loader *l, const struct word_list *from,
	  const struct span **out, size_t *count)
{
	struct span *list =
	    arena_array(&l->cat->arena, from->said_count + 1, sizeof(*list));

	if (list == NULL)
		return ST_NOMEM;
	memcpy(list, from->said, from->said_count * sizeof(*list));
	*out = list;
	*count = from->said_count;
	return ST_OK;
}

/* The words of a type, by what they do. */
struct word_lists {
	struct word_list good, bad, columns, general;
};

static enum status
take_field(struct field_loader *l, const struct yml_node *n,
	   struct word_lists *to)
{
	if (strcmp(n->key, "for") == 0)
		return take_words(l, n, &to->good);
	if (strcmp(n->key, "against") == 0)
		return take_words(l, n, &to->bad);
	if (strcmp(n->key, "columns") == 0)
		return take_columns(l, n, &to->columns);
	if (strcmp(n->key, "for_lists") == 0)
		return take_word_files(l, n, &to->good);
	if (strcmp(n->key, "general_lists") == 0)
		return take_word_files(l, n, &to->general);
	if (strcmp(n->key, "against_lists") == 0)
		return take_word_files(l, n, &to->bad);
	return field_wrong(l, n, n->key,
			   "is not known; allowed: for against columns "
			   "for_lists general_lists against_lists");
}

/* General words speak for the type as well, if none of its own does. */
static enum status
add_general(struct field_loader *l, const struct yml_node *map,
	    struct word_lists *w)
{
	if (w->general.count > WORDS_OF_TYPE - w->good.count)
		return field_wrong(l, map, "words", "are too many");
	memcpy(w->good.id + w->good.count, w->general.id,
	       w->general.count * sizeof(w->general.id[0]));
	w->good.count += w->general.count;
	return ST_OK;
}

static enum status
keep_all(struct field_loader *l, const struct word_lists *w)
{
	struct rule *r = l->rule;
	enum status st = keep_words(l, &w->good, &r->words_for, &r->for_count);

	if (st == ST_OK)
		st = keep_words(l, &w->bad, &r->words_against,
				&r->against_count);
	if (st == ST_OK)
		st = keep_words(l, &w->columns, &r->words_columns,
				&r->column_count);
	if (st == ST_OK)
		st = keep_words(l, &w->general, &r->words_general,
				&r->general_count);
	if (st == ST_OK)
		st = keep_said(l, &w->good, &l->type->spoken,
			       &l->type->spoken_count);
	if (st == ST_OK)
		st = keep_said(l, &w->columns, &l->type->headed,
			       &l->type->headed_count);
	return st;
}

enum status
rule_words(struct field_loader *l, const struct yml_node *map)
{
	struct word_lists w; /* large: only counts are set */
	enum status st = field_kind(l, map, "words", YML_MAP);

	w.good.count = w.bad.count = w.columns.count = w.general.count = 0;
	w.good.said_count = w.bad.said_count = w.columns.said_count = 0;
	w.general.said_count = 0;
	for (const struct yml_node *n = map->first; st == ST_OK && n != NULL;
	     n = n->next)
		st = take_field(l, n, &w);
	if (st == ST_OK)
		st = add_general(l, map, &w);
	return st == ST_OK ? keep_all(l, &w) : st;
}
