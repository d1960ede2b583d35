#include "proxy-agent/data/mongo_choice.h"

#include "base/str.h"

enum mongo_wish
mongo_choice_ask(void *arg, struct span way)
{
	const struct mongo_choice *c = arg;
	struct sql_choice only = *c->of, but = *c->of;

	only.exclude = but.include = span_of(NULL, 0);
	if (!sql_choice_has(&but, c->place, way))
		return MONGO_PASS;
	return sql_choice_has(&only, c->place, way) ? MONGO_TAKE : MONGO_ENTER;
}

/* ---- what the server is told ---- */

/* A name that a projection can have. */
static bool
is_plain(struct span field)
{
	struct span part;

	for (size_t i = 0; i < field.len; i++)
		if (str_listed("* ? [ ] $", span_of(field.ptr + i, 1)))
			return false;
	if (field.len == 0 || field.ptr[field.len - 1] == '.')
		return false;
	while (str_next(&field, '.', &part))
		if (part.len == 0)
			return false;
	return true;
}

static bool
is_id(struct span field)
{
	return str_is(field, "_id") || str_starts(field, "_id.");
}

static struct span
last_part(struct span pattern)
{
	size_t n = pattern.len;

	while (n > 0 && pattern.ptr[n - 1] != '/')
		n--;
	return span_skip(pattern, n);
}

static bool
is_below(struct span field, struct span above)
{
	return field.len > above.len && field.ptr[above.len] == '.' &&
	       span_eq(span_of(field.ptr, above.len), above);
}

/* One and what stands below it do not go together. */
static bool
add(struct mongo_told *t, struct span field)
{
	size_t kept = 0;

	for (size_t i = 0; i < t->count; i++)
		if (span_eq(field, t->field[i]) || is_below(field, t->field[i]))
			return true;
	for (size_t i = 0; i < t->count; i++)
		if (!is_below(t->field[i], field))
			t->field[kept++] = t->field[i];
	t->count = kept;
	if (kept == MONGO_TOLD)
		return false;
	t->field[t->count++] = field;
	return true;
}

/* Fields that the pattern means; false: they cannot be told by name. */
static bool
add_pattern(const struct mongo_choice *c, struct span pattern,
	    struct mongo_told *t)
{
	struct sql_choice alone = *c->of;
	struct span field = last_part(pattern);

	alone.include = pattern;
	alone.exclude = span_of(NULL, 0);
	switch (sql_choice_of(&alone, c->place)) {
	case SQL_WANTED:
		return false;
	case SQL_UNWANTED:
		return true;
	case SQL_BY_COLUMN:
		break;
	}
	if (!is_plain(field))
		return false;
	if (!sql_choice_has(&alone, c->place, field))
		return true;
	if (is_id(field)) /* it is needed to go on behind a document */
		return t->without || add(t, span_str("_id"));
	return add(t, field);
}

static bool
add_list(const struct mongo_choice *c, struct span list, struct mongo_told *t)
{
	bool all = true;
	struct span one;

	while (str_next(&list, ',', &one)) {
		one = str_trim(one);
		if (one.len > 0 && !add_pattern(c, one, t))
			all = false;
	}
	return all;
}

void
mongo_choice_tell(const struct mongo_choice *c, struct mongo_told *out)
{
	*out = (struct mongo_told){0};
	if (c->of->include.len > 0 && add_list(c, c->of->include, out))
		return;
	*out = (struct mongo_told){.without = true};
	(void)add_list(c, c->of->exclude, out);
}
