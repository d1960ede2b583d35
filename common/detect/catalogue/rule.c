#include "detect/catalogue/rule.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "detect/catalogue/field.h"
#include "detect/token/run.h"
#include "model/match.h"

/* ---- what every type has ------------------------------------------------ */

static bool
id_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
	       c == '.';
}

static enum status
read_id(struct field_loader *l, const struct yml_node *n)
{
	enum status st = field_text(l, n, "id", &l->type->id);
	const char *base = strrchr(l->file, '/');
	size_t len;

	if (st != ST_OK)
		return st;
	len = strlen(l->type->id);
	for (size_t i = 0; i < len; i++)
		if (!id_byte(l->type->id[i]) || len > 64)
			return field_wrong(l, n, "id",
					   "may have a-z 0-9 _ . and 64 bytes");
	base = base == NULL ? l->file : base + 1;
	if (strncmp(base, l->type->id, len) != 0 ||
	    strcmp(base + len, ".yaml") != 0)
		return field_wrong(l, n, "id", "must be the name of the file");
	return ST_OK;
}

static enum status
read_name(struct field_loader *l, const struct yml_node *n)
{
	return field_text(l, n, "name", &l->type->name);
}

const char *const rule_categories[] = {
    "address",  "bank",    "card",        "company",         "contact",
    "credit",   "crypto",  "device",      "drivers_license", "education",
    "finance",  "health",  "national_id", "network",         "other",
    "passport", "person",  "secret",      "special",         "ssn",
    "tax",      "utility", "vat",         "vehicle",         NULL};

const char *const rule_risks[] = {"critical", "high", "medium", "low", NULL};

static enum status
read_category(struct field_loader *l, const struct yml_node *n)
{
	size_t i = 0;
	enum status st = field_choice(l, n, "category", rule_categories, &i);

	if (st == ST_OK)
		l->type->category = rule_categories[i];
	return st == ST_OK ? catalogue_link(l->cat, &l->type->category) : st;
}

static enum status
read_risk(struct field_loader *l, const struct yml_node *n)
{
	size_t i = 0;
	enum status st = field_choice(l, n, "risk", rule_risks, &i);

	if (st == ST_OK)
		l->type->risk = rule_risks[i];
	return st == ST_OK ? catalogue_link(l->cat, &l->type->risk) : st;
}

bool
rule_is_country(struct span s)
{
	if (s.len == 1)
		return s.ptr[0] == '*';
	return s.len == 2 && s.ptr[0] >= 'A' && s.ptr[0] <= 'Z' &&
	       s.ptr[1] >= 'A' && s.ptr[1] <= 'Z';
}

static enum status
read_countries(struct field_loader *l, const struct yml_node *n)
{
	const struct span *list;
	size_t count;
	char *out;
	enum status st = field_spans(l, n, "countries", &list, &count);

	if (st != ST_OK)
		return st;
	out = arena_array(&l->cat->arena, count * 3 + 1, 1);
	if (out == NULL)
		return ST_NOMEM;
	l->type->countries = out;
	for (size_t i = 0; i < count; i++) {
		if (!rule_is_country(list[i]))
			return field_wrong(
			    l, n, "countries",
			    "must be two capital letters or \"*\"");
		if (i > 0)
			*out++ = ',';
		memcpy(out, list[i].ptr, list[i].len);
		out += list[i].len;
	}
	return ST_OK;
}

static enum status
read_source(struct field_loader *l, const struct yml_node *n)
{
	return field_text(l, n, "source", &l->type->source);
}

static enum status
read_default(struct field_loader *l, const struct yml_node *n)
{
	return field_bool(l, n, "default", &l->type->by_default);
}

static enum status
read_token(struct field_loader *l, const struct yml_node *n)
{
	static const char *const allowed[] = {
	    "id",  "iban", "email", "phone", "pattern",
	    "run", "ip",   "mac",   "seed",  NULL};
	size_t i = 0;
	enum status st = field_choice(l, n, "token", allowed, &i);

	if (st == ST_OK)
		l->type->token = (enum token_kind)i;
	return st;
}

static enum status
read_heads(struct field_loader *l, const struct yml_node *n)
{
	enum status st =
	    field_spans(l, n, "heads", &l->type->heads, &l->type->head_count);

	for (size_t i = 0; st == ST_OK && i < l->type->head_count; i++)
		if (l->type->heads[i].len == 0 || l->type->heads[i].len > 16)
			return field_wrong(l, n, "heads",
					   "must be texts of 1 to 16 bytes");
	return st;
}

static enum status
read_score(struct field_loader *l, const struct yml_node *n)
{
	uint64_t v = 0;
	enum status st = field_number(l, n, "score", 100, &v);

	if (st == ST_OK)
		l->type->base = (uint8_t)v;
	return st;
}

static enum status
read_stands(struct field_loader *l, const struct yml_node *n)
{
	static const char *const allowed[] = {"prefix", "structure", "word",
					      NULL};
	static const uint64_t reasons[] = {REASON(REASON_PREFIX),
					   REASON(REASON_STRUCTURE),
					   REASON(REASON_WORD_NEAR)};
	size_t i = 0;
	enum status st = field_choice(l, n, "stands_on", allowed, &i);

	if (st == ST_OK)
		l->type->stands = reasons[i];
	return st;
}

/* ---- masking, examples --------------------------------------------------- */

static enum status
read_table(struct field_loader *l, const struct yml_node *n)
{
	const char *name = NULL;
	enum status st = field_text(l, n, "table", &name);

	if (st != ST_OK)
		return st;
	return field_beside(l, n, "table", name, &l->type->table);
}

static enum status
read_mask_style(struct field_loader *l, const struct yml_node *n)
{
	static const char *const allowed[] = {"each", "fixed", "email", "line",
					      NULL};
	size_t i = 0;
	enum status st = field_choice(l, n, "style", allowed, &i);

	if (st == ST_OK)
		l->type->mask.style = (enum mask_style)i;
	return st;
}

static enum status
read_mask_first(struct field_loader *l, const struct yml_node *n)
{
	uint64_t v = 0;
	enum status st = field_number(l, n, "first", 16, &v);

	l->type->mask.first = (uint8_t)v;
	return st;
}

static enum status
read_mask_last(struct field_loader *l, const struct yml_node *n)
{
	uint64_t v = 0;
	enum status st = field_number(l, n, "last", 4, &v);

	l->type->mask.last = (uint8_t)v;
	return st;
}

static enum status
read_mask(struct field_loader *l, const struct yml_node *n)
{
	static const struct field fields[] = {
	    {"style", read_mask_style, true},
	    {"first", read_mask_first, false},
	    {"last", read_mask_last, false},
	    {NULL, NULL, false},
	};

	return field_map(l, n, "mask", fields);
}

static enum status
read_tests(struct field_loader *l, const struct yml_node *n)
{
	return field_spans(l, n, "test_values", &l->type->test_values,
			   &l->type->test_count);
}

static enum status
read_good(struct field_loader *l, const struct yml_node *n)
{
	return field_bytes(l, n, "match", &l->type->good, &l->type->good_count);
}

static enum status
read_bad(struct field_loader *l, const struct yml_node *n)
{
	return field_bytes(l, n, "no_match", &l->type->bad,
			   &l->type->bad_count);
}

static enum status
read_examples(struct field_loader *l, const struct yml_node *n)
{
	static const struct field fields[] = {
	    {"match", read_good, true},
	    {"no_match", read_bad, true},
	    {NULL, NULL, false},
	};

	return field_map(l, n, "examples", fields);
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
    {"forms", rule_forms, false},
    {"heads", read_heads, false},
    {"pattern", rule_pattern, false},
    {"caseless", rule_caseless, false},
    {"url", rule_url, false},
    {"assigned", rule_assigned, false},
    {"card", rule_card, false},
    {"value", rule_value, false},
    {"more", rule_more, false},
    {"edge", rule_edge, false},
    {"until", rule_until, false},
    {"cell", rule_cell, false},
    {"checks", rule_checks, false},
    {"words", rule_words, false},
    {"table", read_table, false},
    {"mask", read_mask, true},
    {"test_values", read_tests, false},
    {"examples", read_examples, true},
    {NULL, NULL, false},
};

/* Which fields go with which token, beyond those that all have. */
static enum status
agree(struct field_loader *l)
{
	const struct data_type *t = l->type;
	const struct yml_node *r = l->root;

	if ((t->token == TOKEN_ID) != (t->form_count > 0))
		return field_wrong(l, r, "forms",
				   "goes with token: id, and only with it");
	if ((t->token == TOKEN_PATTERN) != (t->pattern.text != NULL))
		return field_wrong(
		    l, r, "pattern",
		    "goes with token: pattern, and only with it");
	if ((t->token == TOKEN_RUN) != (t->head_count > 0))
		return field_wrong(l, r, "heads",
				   "goes with token: run, and only with it");
	if (t->token == TOKEN_RUN && (t->pattern.value.min < RUN_LEAST ||
				      t->pattern.value.max > RUN_MOST))
		return field_wrong(l, r, "value",
				   "of token: run must be of 25 to 128 bytes");
	if (t->token != TOKEN_ID && t->base == 0)
		return field_wrong(l, r, "score", "is missing");
	if ((t->token == TOKEN_IBAN || t->token == TOKEN_EMAIL ||
	     t->token == TOKEN_PHONE) != (t->table != NULL))
		return field_wrong(l, r, "table",
				   "goes with token: iban, email, phone");
	if (t->good_count == 0 || t->bad_count == 0)
		return field_wrong(l, r, "examples",
				   "must show what matches and what does not");
	return ST_OK;
}

enum status
rule_read(struct catalogue *c, const char *file, struct span bytes,
	  struct rule *out, struct buf *why)
{
	struct class_run edge = {0};
	struct field_loader l = {
	    .cat = c, .file = file, .why = why, .rule = out};
	struct yml_node *root;
	enum status st;

	*out = (struct rule){0};
	l.type = catalogue_linked(c, 1, sizeof(*l.type));
	if (l.type == NULL)
		return ST_NOMEM;
	out->type = l.type;
	l.type->by_default = true;
	(void)class_parse(span_str("[A-Za-z0-9_]"), &edge);
	l.type->pattern.edge = edge.set;
	st = buf_add_str(why, file);
	if (st == ST_OK)
		st = yml_parse_apart(
		    bytes, c->scratch != NULL ? c->scratch : &c->arena,
		    &c->arena, &root, why);
	if (st != ST_OK)
		return st;
	buf_clear(why);
	l.root = root;
	st = field_map(&l, root, "file", type_fields);
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
