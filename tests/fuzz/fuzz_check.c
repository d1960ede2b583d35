#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "detect/catalogue/field.h"
#include "detect/catalogue/rule.h"
#include "detect/check/check.h"

/*
 * Bytes choose a chain of checks with their parameters, and a value. Either the
 * chain is refused with a sentence that names the file, or it runs: twice
 * alike, and what has a check character takes one of the 256 at most, of the
 * schemes below exactly one.
 */

struct bytes {
	const uint8_t *p;
	size_t len;
};

static uint8_t
take(struct bytes *b)
{
	if (b->len == 0)
		return 0;
	b->len--;
	return *b->p++;
}

static enum status
add_number(struct buf *out, struct bytes *b, const struct check_param *p)
{
	int64_t span = (int64_t)p->high - p->low + 3;
	int64_t v = take(b) << 8 | take(b);

	v = p->low - 1 + v % span;
	return buf_addf(out, "%lld", (long long)v);
}

static enum status
add_numbers(struct buf *out, struct bytes *b, const struct check_param *p)
{
	enum status st = buf_add_str(out, "[");

	for (unsigned n = take(b) % 20; st == ST_OK && n > 0; n--) {
		st = add_number(out, b, p);
		if (st == ST_OK && n > 1)
			st = buf_add_str(out, ", ");
	}
	return st == ST_OK ? buf_add_str(out, "]") : st;
}

/* What texts are made of: layouts, maps, centuries, slices, versions. */
static enum status
add_text(struct buf *out, struct bytes *b)
{
	static const char set[] = "0123456789ABCDYMX =:-.af";
	enum status st = buf_add_str(out, "'");

	for (unsigned n = take(b) % 24; st == ST_OK && n > 0; n--)
		st = buf_add(out, &set[take(b) % (sizeof(set) - 1)], 1);
	return st == ST_OK ? buf_add_str(out, "'") : st;
}

static enum status
add_texts(struct buf *out, struct bytes *b)
{
	enum status st = buf_add_str(out, "[");

	for (unsigned n = take(b) % 5; st == ST_OK && n > 0; n--) {
		st = add_text(out, b);
		if (st == ST_OK)
			st = buf_add_str(out, ", ");
	}
	return st == ST_OK ? buf_add_str(out, "]") : st;
}

static enum status
add_choice(struct buf *out, struct bytes *b, const struct check_param *p,
	   bool list)
{
	size_t n = 1;

	while (p->choices[n] != NULL)
		n++;
	return buf_addf(out, list ? "[%s]" : "%s", p->choices[take(b) % n]);
}

static enum status
add_value(struct buf *out, struct bytes *b, const struct check_param *p)
{
	switch (p->kind) {
	case CHECK_NUMBER:
		return add_number(out, b, p);
	case CHECK_NUMBERS:
	case CHECK_VALUES:
		return add_numbers(out, b, p);
	case CHECK_FLAG:
		return buf_add_str(out, take(b) & 1 ? "true" : "false");
	case CHECK_TEXT:
		return add_text(out, b);
	case CHECK_TEXTS:
		return add_texts(out, b);
	case CHECK_CHOICE:
		return add_choice(out, b, p, false);
	case CHECK_CHOICES:
		return add_choice(out, b, p, true);
	case CHECK_CHAINS:
		return buf_add_str(out, "[[luhn], [{use: verhoeff, to: -1}]]");
	case CHECK_FILE:
	default:
		return buf_add_str(out, "none.txt");
	}
}

static enum status
add_check(struct buf *out, struct bytes *b)
{
	const struct check_op *op;
	size_t count = 1;
	enum status st;

	while (check_at(count) != NULL)
		count++;
	op = check_at(take(b) % count);
	st = buf_addf(out, "{use: %s", op->name);
	for (const struct check_param *p = op->params;
	     st == ST_OK && p != NULL && p->name != NULL; p++) {
		if (!p->must && (take(b) & 3) != 0)
			continue;
		st = buf_addf(out, ", %s: ", p->name);
		if (st == ST_OK)
			st = add_value(out, b, p);
	}
	if (st == ST_OK && (take(b) & 7) == 0)
		st = buf_addf(out, ", from: %d", take(b) % 24 - 12);
	if (st == ST_OK && (take(b) & 7) == 0)
		st = buf_addf(out, ", to: %d", take(b) % 24 - 12);
	if (st == ST_OK && (take(b) & 7) == 0)
		st = buf_addf(out, ", pick: ['%d:', ':%d']", take(b) % 8,
			      take(b) % 8);
	return st == ST_OK ? buf_add_str(out, "}") : st;
}

/* How many bytes in the place of the last make the value hold. */
static unsigned
candidates(uint8_t *v, size_t len, const struct check_chain *chain)
{
	uint8_t last = v[len - 1];
	unsigned n = 0;

	for (unsigned c = 0; c < 256; c++) {
		v[len - 1] = (uint8_t)c;
		n += check_chain_holds(span_of(v, len), chain);
	}
	v[len - 1] = last;
	return n;
}

/* One check whose last character follows from the others. */
static void
one_closes(const struct check_chain *chain, const char *name, uint8_t *v,
	   size_t len)
{
	static const char *const names[] = {"luhn", "verhoeff", "damm",
					    "mod10_recursive", "iso7064_11_10"};
	const struct check *c = &chain->links[0];

	if (chain->count != 1 || c->sliced || c->picks != NULL || len < 2)
		return;
	if (strcmp(name, "luhn") == 0 && !check_is_luhn(c))
		return;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(name, names[i]) != 0)
			continue;
		for (size_t k = 0; k < len; k++)
			v[k] = (uint8_t)('0' + v[k] % 10);
		if (candidates(v, len, chain) != 1)
			abort();
	}
}

static void
run(const struct check_chain *chain, struct bytes *b)
{
	static const char set[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	bool plain = (take(b) & 1) != 0, first;
	size_t len = b->len > 200 ? 200 : b->len;
	uint8_t *v = malloc(len + (len == 0));

	if (v == NULL)
		return;
	for (size_t i = 0; i < len; i++)
		v[i] = plain ? (uint8_t)set[b->p[i] % 36] : b->p[i];
	first = check_chain_holds(span_of(v, len), chain);
	if (check_chain_holds(span_of(v, len), chain) != first)
		abort();
	if (chain->count > 0)
		one_closes(chain, chain->links[0].op->name, v, len);
	free(v);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char file[] = "group/x.yaml";
	struct bytes b = {data, size};
	struct catalogue cat = {.count = 0};
	struct check_chain chain = {0};
	struct yml_node *root = NULL;
	struct buf text, why;
	enum status st;

	buf_init(&text, 1 << 16);
	buf_init(&why, 1 << 16);
	arena_init(&cat.arena, (size_t)16 << 20);
	st = buf_add_str(&text, "[");
	for (unsigned n = take(&b) % 3 + 1; st == ST_OK && n > 0; n--) {
		st = add_check(&text, &b);
		if (st == ST_OK)
			st = buf_add_str(&text, ", ");
	}
	if (st == ST_OK)
		st = buf_add_str(&text, "]");
	if (st == ST_OK)
		st = yml_parse(buf_span(&text), &cat.arena, &root, &why);
	if (st == ST_OK) {
		struct field_loader l = {
		    .cat = &cat, .file = file, .why = &why};

		st = rule_chain(&l, root, &chain.links, &chain.count);
		if (st == ST_OK)
			run(&chain, &b);
		else if (st == ST_MALFORMED && memmem(why.data, why.len, file,
						      sizeof(file) - 1) == NULL)
			abort();
	} else if (st == ST_MALFORMED) {
		abort(); /* what is made here is YAML */
	}
	arena_fini(&cat.arena);
	buf_fini(&why);
	buf_fini(&text);
	return 0;
}
