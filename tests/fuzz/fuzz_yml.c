#include <stdlib.h>
#include <string.h>

#include "detect/catalogue/yml.h"
#include "detect/catalogue/yml_plain.h"

/*
 * Any bytes as a file of rules: what the quick reader takes, the reader of all
 * YAML takes too, and both make the same tree of it, line by line.
 */
static void same(const struct yml_node *a, const struct yml_node *b);

static void
same_text(const char *a, const char *b)
{
	if ((a == NULL) != (b == NULL) || (a != NULL && strcmp(a, b) != 0))
		abort();
}

static void
same_kids(const struct yml_node *a, const struct yml_node *b)
{
	const struct yml_node *x = a->first, *y = b->first;

	for (; x != NULL && y != NULL; x = x->next, y = y->next)
		same(x, y);
	if (x != NULL || y != NULL)
		abort();
}

/* NOLINTNEXTLINE(misc-no-recursion): to YML_DEPTH */
static void
same(const struct yml_node *a, const struct yml_node *b)
{
	if (a->kind != b->kind || a->line != b->line || a->len != b->len ||
	    a->count != b->count)
		abort();
	same_text(a->key, b->key);
	same_text(a->text, b->text);
	same_kids(a, b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct yml_node *quick = NULL, *whole = NULL;
	struct arena a;
	struct buf why;

	buf_init(&why, 8192);
	arena_init(&a, (size_t)16 * 1024 * 1024);
	if (yml_plain(span_of(data, size), &a, &a, &quick)) {
		if (yml_parse_any(span_of(data, size), &a, &a, &whole, &why) !=
		    ST_OK)
			abort();
		same(quick, whole);
	} else if (quick != NULL) {
		abort();
	}
	arena_fini(&a);
	buf_fini(&why);
	return 0;
}
