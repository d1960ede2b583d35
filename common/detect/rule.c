#include "detect/rule.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"
#include "model/match.h"

#define LIST_FILE_BYTES ((size_t)1024 * 1024)
#define WORDS_OF_TYPE   1024

/* What reading one file needs at hand. */
struct loader {
	struct catalogue *cat;
	const char *file;
	struct buf *why;
	struct rule *rule;
	struct data_type *type;
	const struct yml_node *root;
};

typedef enum status field_fn(struct loader *l, const struct yml_node *n);

/* A line "FILE:LINE: field 'NAME' WHAT". */
static enum status
wrong(struct loader *l, const struct yml_node *n, const char *field,
      const char *what)
{
	enum status st = buf_addf(l->why, "%s:%u: field '%s' %s", l->file,
				  n->line, field, what);

	return st == ST_OK ? ST_MALFORMED : st;
}

static enum status
want_kind(struct loader *l, const struct yml_node *n, const char *field,
	  enum yml_kind kind)
{
	static const char *const words[] = {"must be one value",
					    "must be a list [a, b]",
					    "must be a map {key: value}"};

	return n->kind == kind ? ST_OK : wrong(l, n, field, words[kind]);
}

static enum status
read_text(struct loader *l, const struct yml_node *n, const char *field,
	  const char **out)
{
	enum status st = want_kind(l, n, field, YML_SCALAR);

	if (st != ST_OK)
		return st;
	if (n->len == 0)
		return wrong(l, n, field, "is empty");
	*out = n->text;
	return ST_OK;
}

static enum status
read_number(struct loader *l, const struct yml_node *n, const char *field,
	    uint64_t high, uint64_t *out)
{
	enum status st = want_kind(l, n, field, YML_SCALAR);

	if (st != ST_OK)
		return st;
	if (str_to_u64(span_of(n->text, n->len), 0, high, out) == ST_OK)
		return ST_OK;
	st = buf_addf(l->why,
		      "%s:%u: field '%s' must be a whole number from 0 to %llu",
		      l->file, n->line, field, (unsigned long long)high);
	return st == ST_OK ? ST_MALFORMED : st;
}

static enum status
read_bool(struct loader *l, const struct yml_node *n, const char *field,
	  bool *out)
{
	enum status st = want_kind(l, n, field, YML_SCALAR);

	if (st != ST_OK)
		return st;
	if (str_to_bool(span_of(n->text, n->len), out) != ST_OK)
		return wrong(l, n, field, "must be true or false");
	return ST_OK;
}

/* The place of a word in a table that ends with NULL. */
static enum status
read_choice(struct loader *l, const struct yml_node *n, const char *field,
	    const char *const *allowed, size_t *out)
{
	enum status st = want_kind(l, n, field, YML_SCALAR);

	if (st != ST_OK)
		return st;
	for (size_t i = 0; allowed[i] != NULL; i++) {
		if (strcmp(allowed[i], n->text) != 0)
			continue;
		*out = i;
		return ST_OK;
	}
	st = buf_addf(l->why, "%s:%u: field '%s' is '%.40s'; allowed:", l->file,
		      n->line, field, n->text);
	for (size_t i = 0; st == ST_OK && allowed[i] != NULL; i++)
		st = buf_addf(l->why, " %s", allowed[i]);
	return st == ST_OK ? ST_MALFORMED : st;
}

static enum status
read_spans(struct loader *l, const struct yml_node *n, const char *field,
	   const struct span **out, size_t *count)
{
	enum status st = want_kind(l, n, field, YML_LIST);
	struct span *list;
	size_t i = 0;

	if (st != ST_OK)
		return st;
	list = arena_array(&l->cat->arena, n->count + 1, sizeof(*list));
	if (list == NULL)
		return ST_NOMEM;
	for (const struct yml_node *c = n->first; c != NULL; c = c->next) {
		if (c->kind != YML_SCALAR || c->len == 0)
			return wrong(l, c, field, "must be a list of values");
		list[i++] = span_of(c->text, c->len);
	}
	*out = list;
	*count = i;
	return ST_OK;
}

/* A map whose keys are fields of a table; unknown ones are refused by name. */
struct field {
	const char *key;
	field_fn *read;
	bool must;
};

static enum status
unknown_field(struct loader *l, const struct yml_node *n,
	      const struct field *fields)
{
	enum status st = buf_addf(
	    l->why, "%s:%u: field '%.40s' is not known; allowed:", l->file,
	    n->line, n->key);

	for (; st == ST_OK && fields->key != NULL; fields++)
		st = buf_addf(l->why, " %s", fields->key);
	return st == ST_OK ? ST_MALFORMED : st;
}

static enum status
read_map(struct loader *l, const struct yml_node *map, const char *name,
	 const struct field *fields)
{
	enum status st = want_kind(l, map, name, YML_MAP);

	for (const struct yml_node *n = map->first; st == ST_OK && n != NULL;
	     n = n->next) {
		const struct field *f = fields;

		while (f->key != NULL && strcmp(f->key, n->key) != 0)
			f++;
		st = f->key == NULL ? unknown_field(l, n, fields)
				    : f->read(l, n);
	}
	for (const struct field *f = fields; st == ST_OK && f->key != NULL; f++)
		if (f->must && yml_find(map, f->key) == NULL)
			return wrong(l, map, f->key, "is missing");
	return st;
}

/* ---- what every type has ------------------------------------------------ */

static bool
id_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
	       c == '.';
}

static enum status
read_id(struct loader *l, const struct yml_node *n)
{
	enum status st = read_text(l, n, "id", &l->type->id);
	const char *base = strrchr(l->file, '/');
	size_t len;

	if (st != ST_OK)
		return st;
	len = strlen(l->type->id);
	for (size_t i = 0; i < len; i++)
		if (!id_byte(l->type->id[i]) || len > 64)
			return wrong(l, n, "id",
				     "may have a-z 0-9 _ . and 64 bytes");
	base = base == NULL ? l->file : base + 1;
	if (strncmp(base, l->type->id, len) != 0 ||
	    strcmp(base + len, ".yaml") != 0)
		return wrong(l, n, "id", "must be the name of the file");
	return ST_OK;
}

static enum status
read_name(struct loader *l, const struct yml_node *n)
{
	return read_text(l, n, "name", &l->type->name);
}

static enum status
read_category(struct loader *l, const struct yml_node *n)
{
	static const char *const allowed[] = {
	    "address",     "bank",    "card",
	    "company",     "contact", "credit",
	    "crypto",      "device",  "drivers_license",
	    "education",   "finance", "health",
	    "national_id", "network", "other",
	    "passport",    "person",  "secret",
	    "special",     "ssn",     "tax",
	    "utility",     "vat",     "vehicle",
	    NULL};
	size_t i = 0;
	enum status st = read_choice(l, n, "category", allowed, &i);

	if (st == ST_OK)
		l->type->category = allowed[i];
	return st;
}

static enum status
read_risk(struct loader *l, const struct yml_node *n)
{
	static const char *const allowed[] = {"critical", "high", "medium",
					      "low", NULL};
	size_t i = 0;
	enum status st = read_choice(l, n, "risk", allowed, &i);

	if (st == ST_OK)
		l->type->risk = allowed[i];
	return st;
}

static bool
country_ok(struct span s)
{
	if (s.len == 1)
		return s.ptr[0] == '*';
	return s.len == 2 && s.ptr[0] >= 'A' && s.ptr[0] <= 'Z' &&
	       s.ptr[1] >= 'A' && s.ptr[1] <= 'Z';
}

static enum status
read_countries(struct loader *l, const struct yml_node *n)
{
	const struct span *list;
	size_t count;
	char *out;
	enum status st = read_spans(l, n, "countries", &list, &count);

	if (st != ST_OK)
		return st;
	out = arena_array(&l->cat->arena, count * 3 + 1, 1);
	if (out == NULL)
		return ST_NOMEM;
	l->type->countries = out;
	for (size_t i = 0; i < count; i++) {
		if (!country_ok(list[i]))
			return wrong(l, n, "countries",
				     "must be two capital letters or \"*\"");
		if (i > 0)
			*out++ = ',';
		memcpy(out, list[i].ptr, list[i].len);
		out += list[i].len;
	}
	return ST_OK;
}

static enum status
read_source(struct loader *l, const struct yml_node *n)
{
	return read_text(l, n, "source", &l->type->source);
}

static enum status
read_default(struct loader *l, const struct yml_node *n)
{
	return read_bool(l, n, "default", &l->type->by_default);
}

static enum status
read_token(struct loader *l, const struct yml_node *n)
{
	static const char *const allowed[] = {"number", "iban",    "email",
					      "phone",  "pattern", NULL};
	size_t i = 0;
	enum status st = read_choice(l, n, "token", allowed, &i);

	if (st == ST_OK)
		l->type->token = (enum token_kind)i;
	return st;
}

static enum status
read_score(struct loader *l, const struct yml_node *n)
{
	uint64_t v = 0;
	enum status st = read_number(l, n, "score", 100, &v);

	if (st == ST_OK)
		l->type->base = (uint8_t)v;
	return st;
}

static enum status
read_stands(struct loader *l, const struct yml_node *n)
{
	static const char *const allowed[] = {"prefix", "structure", "word",
					      NULL};
	static const uint64_t reasons[] = {REASON(REASON_PREFIX),
					   REASON(REASON_STRUCTURE),
					   REASON(REASON_WORD_NEAR)};
	size_t i = 0;
	enum status st = read_choice(l, n, "stands_on", allowed, &i);

	if (st == ST_OK)
		l->type->stands = reasons[i];
	return st;
}

/* ---- numbers ------------------------------------------------------------ */

static bool
prefix_parse(struct span s, struct prefix *p)
{
	struct span from = span_of(s.ptr, str_find(s, '-'));
	struct span to = from.len < s.len ? span_skip(s, from.len + 1) : from;
	uint64_t a, b;

	if (from.len == 0 || from.len > 9 || to.len != from.len ||
	    str_to_u64(from, 0, UINT32_MAX, &a) != ST_OK ||
	    str_to_u64(to, a, UINT32_MAX, &b) != ST_OK)
		return false;
	*p = (struct prefix){(uint32_t)a, (uint32_t)b, (uint8_t)from.len};
	return true;
}

static enum status
read_prefixes(struct loader *l, const struct yml_node *n, struct form *f)
{
	const struct span *list;
	struct prefix *out;
	enum status st = read_spans(l, n, "prefixes", &list, &f->prefix_count);

	if (st != ST_OK)
		return st;
	out = arena_array(&l->cat->arena, f->prefix_count + 1, sizeof(*out));
	if (out == NULL)
		return ST_NOMEM;
	for (size_t i = 0; i < f->prefix_count; i++)
		if (!prefix_parse(list[i], &out[i]))
			return wrong(l, n, "prefixes",
				     "must be like \"4\" or \"2221-2720\"");
	f->prefixes = out;
	return ST_OK;
}

static bool
shape_parse(struct span s, struct shape *out)
{
	struct span part;

	*out = (struct shape){0};
	while (str_next(&s, '-', &part)) {
		uint64_t v;

		if (out->groups == SHAPE_GROUPS ||
		    str_to_u64(part, 1, SHAPE_DIGITS, &v) != ST_OK)
			return false;
		out->group[out->groups++] = (uint8_t)v;
		out->digits = (uint8_t)(out->digits + v);
		if (out->digits > SHAPE_DIGITS)
			return false;
	}
	return out->groups > 0 && out->digits + out->groups > 9;
}

static enum status
read_shapes(struct loader *l, const struct yml_node *n, struct form *f)
{
	const struct span *list;
	struct shape *out;
	enum status st = read_spans(l, n, "shapes", &list, &f->shape_count);

	if (st != ST_OK)
		return st;
	out = arena_array(&l->cat->arena, f->shape_count + 1, sizeof(*out));
	if (out == NULL)
		return ST_NOMEM;
	for (size_t i = 0; i < f->shape_count; i++)
		if (!shape_parse(list[i], &out[i]))
			return wrong(
			    l, n, "shapes",
			    "must be lengths of digit groups like \"4-6-5\", "
			    "9 to 19 digits, up to 6 groups");
	f->shapes = out;
	return ST_OK;
}

static enum status
read_separators(struct loader *l, const struct yml_node *n, struct form *f)
{
	enum status st = want_kind(l, n, "separators", YML_SCALAR);

	if (st != ST_OK)
		return st;
	for (size_t i = 0; i < n->len; i++) {
		if (n->text[i] != ' ' && n->text[i] != '-')
			return wrong(l, n, "separators",
				     "may hold space and dash only");
		f->space |= n->text[i] == ' ';
		f->dash |= n->text[i] == '-';
	}
	return ST_OK;
}

static enum status
read_form(struct loader *l, const struct yml_node *map, struct form *f)
{
	enum status st = want_kind(l, map, "forms", YML_MAP);
	uint64_t score = 0;

	for (const struct yml_node *n = map->first; st == ST_OK && n != NULL;
	     n = n->next) {
		if (strcmp(n->key, "prefixes") == 0)
			st = read_prefixes(l, n, f);
		else if (strcmp(n->key, "shapes") == 0)
			st = read_shapes(l, n, f);
		else if (strcmp(n->key, "separators") == 0)
			st = read_separators(l, n, f);
		else if (strcmp(n->key, "score") == 0)
			st = read_number(l, n, "score", 100, &score);
		else
			st = wrong(l, n, n->key,
				   "is not known; allowed: prefixes shapes "
				   "separators score");
	}
	f->score = (uint8_t)score;
	if (st != ST_OK)
		return st;
	if (f->shape_count == 0)
		return wrong(l, map, "shapes", "is missing");
	return score == 0 ? wrong(l, map, "score", "is missing") : ST_OK;
}

static enum status
read_forms(struct loader *l, const struct yml_node *n)
{
	enum status st = want_kind(l, n, "forms", YML_LIST);
	struct form *forms;
	size_t i = 0;

	if (st != ST_OK)
		return st;
	forms = arena_array(&l->cat->arena, n->count + 1, sizeof(*forms));
	if (forms == NULL)
		return ST_NOMEM;
	for (const struct yml_node *c = n->first; st == ST_OK && c != NULL;
	     c = c->next)
		st = read_form(l, c, &forms[i++]);
	l->type->forms = forms;
	l->type->form_count = i;
	return st;
}

/* ---- patterns ----------------------------------------------------------- */

static enum status
read_pattern(struct loader *l, const struct yml_node *n)
{
	return read_text(l, n, "pattern", &l->type->pattern.text);
}

static enum status
read_caseless(struct loader *l, const struct yml_node *n)
{
	return read_bool(l, n, "caseless", &l->type->pattern.caseless);
}

static enum status
read_url(struct loader *l, const struct yml_node *n)
{
	return read_bool(l, n, "url", &l->type->pattern.url);
}

static enum status
read_class(struct loader *l, const struct yml_node *n, const char *field,
	   struct class_run *out)
{
	enum status st = want_kind(l, n, field, YML_SCALAR);

	if (st != ST_OK)
		return st;
	if (!class_parse(span_of(n->text, n->len), out))
		return wrong(l, n, field,
			     "must be like \"[A-Za-z0-9_]{20,64}\"");
	return ST_OK;
}

static enum status
read_value(struct loader *l, const struct yml_node *n)
{
	l->type->pattern.has_value = true;
	return read_class(l, n, "value", &l->type->pattern.value);
}

static enum status
read_more(struct loader *l, const struct yml_node *n)
{
	l->type->pattern.has_more = true;
	return read_class(l, n, "more", &l->type->pattern.more);
}

static enum status
read_edge(struct loader *l, const struct yml_node *n)
{
	struct class_run run = {0};
	enum status st = read_class(l, n, "edge", &run);

	l->type->pattern.edge = run.set;
	return st;
}

static enum status
read_until(struct loader *l, const struct yml_node *n)
{
	enum status st = want_kind(l, n, "until", YML_LIST);

	if (st != ST_OK)
		return st;
	if (n->count != 2)
		return wrong(l, n, "until", "must be two texts");
	st = read_text(l, n->first, "until", &l->type->pattern.until);
	if (st != ST_OK)
		return st;
	return read_text(l, n->first->next, "until", &l->type->pattern.through);
}

/* ---- checks, words, masking, examples ----------------------------------- */

static enum status
read_param(struct loader *l, const struct yml_node *n, struct check *c)
{
	uint64_t v = 0;
	enum status st;

	if (strcmp(n->key, "use") == 0)
		return ST_OK;
	if (strcmp(n->key, "bonus") == 0) {
		st = read_number(l, n, "bonus", 100, &v);
		c->bonus = (uint8_t)v;
		return st;
	}
	for (unsigned p = 0; p < PARAM__COUNT; p++) {
		if (strcmp(n->key, check_param_name(p)) != 0)
			continue;
		if (((c->op->wants | c->op->may) >> p & 1) == 0)
			return wrong(l, n, n->key,
				     "means nothing to the check");
		if (p == PARAM_TEXT)
			return read_text(l, n, n->key, &c->args.text);
		st = read_number(l, n, n->key, 100000, &v);
		c->args.number[p] = (uint32_t)v;
		return st;
	}
	return wrong(l, n, n->key, "is no parameter of a check");
}

static enum status
unknown_check(struct loader *l, const struct yml_node *n)
{
	enum status st = buf_addf(
	    l->why, "%s:%u: field 'checks' names '%.40s'; allowed:", l->file,
	    n->line, n->text);

	for (size_t i = 0; st == ST_OK && check_at(i) != NULL; i++)
		st = buf_addf(l->why, " %s", check_at(i)->name);
	return st == ST_OK ? ST_MALFORMED : st;
}

static enum status
read_check(struct loader *l, const struct yml_node *n, struct check *c)
{
	const struct yml_node *use =
	    n->kind == YML_MAP ? yml_find(n, "use") : n;
	enum status st = ST_OK;

	if (use == NULL || use->kind != YML_SCALAR)
		return wrong(l, n, "checks", "must be names or {use: name}");
	c->op = check_find(span_of(use->text, use->len));
	if (c->op == NULL)
		return unknown_check(l, use);
	if (n->kind == YML_MAP)
		for (const struct yml_node *p = n->first;
		     st == ST_OK && p != NULL; p = p->next)
			st = read_param(l, p, c);
	for (unsigned p = 0; st == ST_OK && p < PARAM__COUNT; p++)
		if ((c->op->wants >> p & 1) != 0 &&
		    (n->kind != YML_MAP ||
		     yml_find(n, check_param_name(p)) == NULL))
			return wrong(l, n, check_param_name(p),
				     "is missing from the check");
	return st;
}

static enum status
read_checks(struct loader *l, const struct yml_node *n)
{
	enum status st = want_kind(l, n, "checks", YML_LIST);

	if (st != ST_OK)
		return st;
	if (n->count > TYPE_CHECKS)
		return wrong(l, n, "checks", "has too many links");
	for (const struct yml_node *c = n->first; st == ST_OK && c != NULL;
	     c = c->next)
		st = read_check(l, c, &l->type->checks[l->type->check_count++]);
	return st;
}

/* Ids of the words of a type while they are collected. */
struct word_list {
	uint16_t id[WORDS_OF_TYPE];
	size_t count;
};

static enum status
take_word(struct loader *l, const struct yml_node *n, struct span word,
	  struct word_list *to)
{
	enum status st;

	if (to->count == WORDS_OF_TYPE)
		return wrong(l, n, "words", "are too many");
	st = words_add(&l->cat->words, word, &to->id[to->count]);
	if (st == ST_MALFORMED)
		return wrong(l, n, "words", "hold one without a letter");
	if (st == ST_LIMIT)
		return wrong(l, n, "words", "are too many in all files");
	to->count += st == ST_OK;
	return st;
}

static enum status
take_words(struct loader *l, const struct yml_node *n, struct word_list *to)
{
	const struct span *list;
	size_t count;
	enum status st = read_spans(l, n, "words", &list, &count);

	for (size_t i = 0; st == ST_OK && i < count; i++)
		st = take_word(l, n, list[i], to);
	return st;
}

/* A path beside the file, or in another group when it has a slash. */
static enum status
beside(struct loader *l, const struct yml_node *n, const char *field,
       const char *name, const char **out)
{
	const char *slash = strrchr(l->file, '/');
	struct buf path;
	enum status st;

	if (strstr(name, "..") != NULL || name[0] == '/')
		return wrong(l, n, field, "must name a file of the catalogue");
	buf_init(&path, 4096);
	st = buf_addf(&path, "%.*s%s%s",
		      slash == NULL ? 1 : (int)(slash - l->file),
		      slash == NULL ? "." : l->file,
		      strchr(name, '/') != NULL ? "/../" : "/", name);
	*out = st != ST_OK ? NULL : arena_str(&l->cat->arena, buf_span(&path));
	buf_fini(&path);
	return *out == NULL ? ST_NOMEM : ST_OK;
}

/* A list of words, one a line; "# " begins a comment. */
static enum status
take_word_file(struct loader *l, const struct yml_node *n, struct span name,
	       struct word_list *to)
{
	const char *file = arena_str(&l->cat->arena, name), *path;
	struct span text, line;
	enum status st;

	if (file == NULL)
		return ST_NOMEM;
	st = beside(l, n, "for_lists", file, &path);
	if (st == ST_OK)
		st = rule_file(&l->cat->arena, path, LIST_FILE_BYTES, &text,
			       l->why);
	while (st == ST_OK && str_next(&text, '\n', &line)) {
		line = str_trim(line);
		if (line.len > 0 && line.ptr[0] != '#')
			st = take_word(l, n, line, to);
	}
	return st;
}

static enum status
take_word_files(struct loader *l, const struct yml_node *n,
		struct word_list *to)
{
	const struct span *list;
	size_t count;
	enum status st = read_spans(l, n, "words", &list, &count);

	for (size_t i = 0; st == ST_OK && i < count; i++)
		st = take_word_file(l, n, list[i], to);
	return st;
}

static enum status
keep_words(struct loader *l, const struct word_list *from, const uint16_t **out,
	   size_t *count)
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
read_words(struct loader *l, const struct yml_node *map)
{
	struct word_list good = {.count = 0}, bad = {.count = 0};
	enum status st = want_kind(l, map, "words", YML_MAP);

	for (const struct yml_node *n = map->first; st == ST_OK && n != NULL;
	     n = n->next) {
		if (strcmp(n->key, "for") == 0)
			st = take_words(l, n, &good);
		else if (strcmp(n->key, "against") == 0)
			st = take_words(l, n, &bad);
		else if (strcmp(n->key, "for_lists") == 0)
			st = take_word_files(l, n, &good);
		else if (strcmp(n->key, "against_lists") == 0)
			st = take_word_files(l, n, &bad);
		else
			st = wrong(l, n, n->key,
				   "is not known; allowed: for against "
				   "for_lists against_lists");
	}
	if (st == ST_OK)
		st = keep_words(l, &good, &l->rule->words_for,
				&l->rule->for_count);
	if (st == ST_OK)
		st = keep_words(l, &bad, &l->rule->words_against,
				&l->rule->against_count);
	return st;
}

static enum status
read_table(struct loader *l, const struct yml_node *n)
{
	const char *name = NULL;
	enum status st = read_text(l, n, "table", &name);

	if (st != ST_OK)
		return st;
	return beside(l, n, "table", name, &l->type->table);
}

static enum status
read_mask_style(struct loader *l, const struct yml_node *n)
{
	static const char *const allowed[] = {"each", "fixed", "email", "line",
					      NULL};
	size_t i = 0;
	enum status st = read_choice(l, n, "style", allowed, &i);

	if (st == ST_OK)
		l->type->mask.style = (enum mask_style)i;
	return st;
}

static enum status
read_mask_first(struct loader *l, const struct yml_node *n)
{
	uint64_t v = 0;
	enum status st = read_number(l, n, "first", 16, &v);

	l->type->mask.first = (uint8_t)v;
	return st;
}

static enum status
read_mask_last(struct loader *l, const struct yml_node *n)
{
	uint64_t v = 0;
	enum status st = read_number(l, n, "last", 4, &v);

	l->type->mask.last = (uint8_t)v;
	return st;
}

static enum status
read_mask(struct loader *l, const struct yml_node *n)
{
	static const struct field fields[] = {
	    {"style", read_mask_style, true},
	    {"first", read_mask_first, false},
	    {"last", read_mask_last, false},
	    {NULL, NULL, false},
	};

	return read_map(l, n, "mask", fields);
}

static enum status
read_tests(struct loader *l, const struct yml_node *n)
{
	return read_spans(l, n, "test_values", &l->type->test_values,
			  &l->type->test_count);
}

static enum status
read_good(struct loader *l, const struct yml_node *n)
{
	return read_spans(l, n, "match", &l->type->good, &l->type->good_count);
}

static enum status
read_bad(struct loader *l, const struct yml_node *n)
{
	return read_spans(l, n, "no_match", &l->type->bad, &l->type->bad_count);
}

static enum status
read_examples(struct loader *l, const struct yml_node *n)
{
	static const struct field fields[] = {
	    {"match", read_good, true},
	    {"no_match", read_bad, true},
	    {NULL, NULL, false},
	};

	return read_map(l, n, "examples", fields);
}

static const struct field type_fields[] = {
    {"id", read_id, true},
    {"name", read_name, true},
    {"category", read_category, true},
    {"countries", read_countries, true},
    {"risk", read_risk, true},
    {"source", read_source, true},
    {"default", read_default, false},
    {"token", read_token, true},
    {"score", read_score, false},
    {"stands_on", read_stands, false},
    {"forms", read_forms, false},
    {"pattern", read_pattern, false},
    {"caseless", read_caseless, false},
    {"url", read_url, false},
    {"value", read_value, false},
    {"more", read_more, false},
    {"edge", read_edge, false},
    {"until", read_until, false},
    {"checks", read_checks, false},
    {"words", read_words, false},
    {"table", read_table, false},
    {"mask", read_mask, true},
    {"test_values", read_tests, false},
    {"examples", read_examples, true},
    {NULL, NULL, false},
};

/* Which fields go with which token, beyond those that all have. */
static enum status
agree(struct loader *l)
{
	const struct data_type *t = l->type;
	const struct yml_node *r = l->root;

	if ((t->token == TOKEN_NUMBER) != (t->form_count > 0))
		return wrong(l, r, "forms",
			     "goes with token: number, and only with it");
	if ((t->token == TOKEN_PATTERN) != (t->pattern.text != NULL))
		return wrong(l, r, "pattern",
			     "goes with token: pattern, and only with it");
	if (t->token != TOKEN_NUMBER && t->base == 0)
		return wrong(l, r, "score", "is missing");
	if ((t->token == TOKEN_IBAN || t->token == TOKEN_EMAIL ||
	     t->token == TOKEN_PHONE) != (t->table != NULL))
		return wrong(l, r, "table",
			     "goes with token: iban, email, phone");
	if (t->good_count == 0 || t->bad_count == 0)
		return wrong(l, r, "examples",
			     "must show what matches and what does not");
	return ST_OK;
}

enum status
rule_read(struct catalogue *c, const char *file, struct span bytes,
	  struct rule *out, struct buf *why)
{
	struct class_run edge = {0};
	struct loader l = {.cat = c, .file = file, .why = why, .rule = out};
	struct yml_node *root;
	enum status st;

	*out = (struct rule){0};
	l.type = arena_take(&c->arena, sizeof(*l.type));
	if (l.type == NULL)
		return ST_NOMEM;
	out->type = l.type;
	l.type->by_default = true;
	(void)class_parse(span_str("[A-Za-z0-9_]"), &edge);
	l.type->pattern.edge = edge.set;
	st = buf_add_str(why, file);
	if (st == ST_OK)
		st = yml_parse(bytes, &c->arena, &root, why);
	if (st != ST_OK)
		return st;
	buf_clear(why);
	l.root = root;
	st = read_map(&l, root, "file", type_fields);
	return st == ST_OK ? agree(&l) : st;
}

static enum status
file_trouble(const char *path, const char *what, struct buf *why)
{
	enum status st = status_of_errno(errno);
	enum status told =
	    buf_addf(why, "%s: %s: %s", path, what, status_text(st));

	return told == ST_OK ? st : told;
}

enum status
rule_file(struct arena *a, const char *path, size_t max, struct span *out,
	  struct buf *why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	enum status st = ST_OK;
	size_t len = 0;
	ssize_t n = 1;
	uint8_t *p;
	off_t size;

	if (fd < 0)
		return file_trouble(path, "cannot be opened", why);
	size = lseek(fd, 0, SEEK_END);
	if (size < 0 || (uint64_t)size > max) {
		st = buf_addf(why, "%s: is larger than %zu bytes", path, max);
		close(fd);
		return st == ST_OK ? ST_LIMIT : st;
	}
	p = arena_take(a, (size_t)size + 1);
	if (p == NULL)
		st = ST_NOMEM;
	while (st == ST_OK && n > 0 && len < (size_t)size) {
		n = pread(fd, p + len, (size_t)size - len, (off_t)len);
		if (n < 0)
			st = file_trouble(path, "cannot be read", why);
		else
			len += (size_t)n;
	}
	close(fd);
	if (st == ST_OK)
		*out = span_of(p, len);
	return st;
}
