#include <stdlib.h>
#include <string.h>

#include "detect/catalogue/rule.h"

/*
 * Any bytes as a catalogue file: either a type that has all that every type
 * must have, or a sentence that names the file.
 */
static void
check_type(const struct data_type *t)
{
	if (t->id == NULL || t->name == NULL || t->category == NULL ||
	    t->risk == NULL || t->countries == NULL || t->source == NULL)
		abort();
	if (t->good_count == 0 || t->bad_count == 0)
		abort();
	if (t->token == TOKEN_ID && t->form_count == 0)
		abort();
	if (t->token == TOKEN_PATTERN && t->pattern.text == NULL)
		abort();
	for (size_t i = 0; i < t->form_count; i++)
		for (size_t k = 0; k < t->forms[i].shape_count; k++)
			if (t->forms[i].shapes[k].chars > SHAPE_CHARS)
				abort();
	for (size_t i = 0; i < t->check_count; i++)
		if (t->checks[i].op == NULL)
			abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char file[] = "group/card_x.yaml";
	struct catalogue c = {.count = 0};
	struct rule rule;
	struct buf why;
	enum status st;

	buf_init(&why, 8192);
	arena_init(&c.arena, (size_t)16 * 1024 * 1024);
	st = words_init(&c.words);
	if (st == ST_OK)
		st = rule_read(&c, file, span_of(data, size), &rule, &why);
	if (st == ST_OK)
		check_type(rule.type);
	else if (st == ST_MALFORMED &&
		 (why.len < sizeof(file) || memcmp(why.data, file, 17) != 0))
		if (memmem(why.data, why.len, "group/", 6) == NULL)
			abort();
	words_fini(&c.words);
	arena_fini(&c.arena);
	buf_fini(&why);
	return 0;
}
