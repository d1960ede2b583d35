/*
 * What the web sends as a filter becomes a condition: never more terms than
 * allowed, one bound value for each question mark, nothing of the text itself
 * in the SQL, and the same hash for the same text.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "master/store/filter_sql.h"

static void
read_terms(struct filter *f, struct span text)
{
	struct span pair;

	f->count = 0;
	while (str_next(&text, '&', &pair)) {
		size_t cut = str_find(pair, '=');
		size_t before = f->count;
		enum status st = filter_add(f, span_of(pair.ptr, cut),
					    span_skip(pair, cut + 1));

		if ((st == ST_OK) != (f->count == before + 1))
			abort();
	}
	if (f->count > FILTER_TERMS_MAX)
		abort();
}

static size_t
question_marks(struct span text)
{
	size_t n = 0;

	for (size_t i = 0; i < text.len; i++)
		n += text.ptr[i] == '?';
	return n;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct filter *f = malloc(2 * sizeof(*f));
	struct clause *c = malloc(sizeof(*c));

	if (f == NULL || c == NULL)
		abort();
	read_terms(&f[0], span_of(data, size));
	read_terms(&f[1], span_of(data, size));
	if (filter_hash(&f[0]) != filter_hash(&f[1]))
		abort();
	for (unsigned skip = 0; skip <= FIELD_NONE; skip++) {
		clause_init(c);
		filter_clause(c, f, (enum filter_field)skip);
		if (c->st != ST_OK ||
		    question_marks(buf_span(&c->text)) != c->bind_count)
			abort();
		/* Our own words only: bytes outside ASCII are the input's. */
		for (size_t i = 0; i < c->text.len; i++)
			if (c->text.data[i] < 0x20 || c->text.data[i] > 0x7e)
				abort();
		clause_fini(c);
	}
	free(c);
	free(f);
	return 0;
}
