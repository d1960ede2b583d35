#include "detect/catalogue/list.h"

#include <limits.h>
#include <string.h>

#include "detect/catalogue/choice.h"
#include "detect/catalogue/profile_folder.h"

static const char *const tokens[TOKEN__COUNT] = {
    [TOKEN_ID] = "id",           [TOKEN_IBAN] = "iban",
    [TOKEN_EMAIL] = "email",     [TOKEN_PHONE] = "phone",
    [TOKEN_PATTERN] = "pattern",
};

static enum status
open_catalogue(const struct detect_options *o, struct catalogue **out,
	       struct buf *why)
{
	const struct catalogue_own own = {
	    .paths = o->rules, .count = o->rule_count, .replace = o->replace};
	const char *dir = o->catalogue;
	char found[PATH_MAX];
	enum status st = ST_OK;

	if (dir == NULL) {
		st = catalogue_folder(found, sizeof(found), why);
		dir = found;
	}
	return st == ST_OK ? catalogue_open_with(dir, &own, out, why) : st;
}

static void
add_check(struct list_type *to, const char *name)
{
	for (size_t i = 0; i < to->check_count; i++)
		if (strcmp(to->checks[i], name) == 0)
			return;
	if (to->check_count < LIST_CHECKS)
		to->checks[to->check_count++] = name;
}

static void
add_checks(struct list_type *to, const struct check *links, size_t n)
{
	for (size_t i = 0; i < n; i++)
		add_check(to, links[i].op->name);
}

static void
fill(const struct data_type *t, struct list_type *out)
{
	*out = (struct list_type){
	    .info = {.id = t->id,
		     .name = t->name,
		     .category = t->category,
		     .risk = t->risk,
		     .countries = t->countries,
		     .source = t->source},
	    .token = tokens[t->token],
	    .file = t->file,
	    .wanted = t->wanted,
	    .by_default = t->by_default,
	    .own = t->own,
	    .words = t->spoken,
	    .word_count = t->spoken_count,
	    .columns = t->headed,
	    .column_count = t->headed_count,
	    .match = t->good,
	    .match_count = t->good_count,
	    .no_match = t->bad,
	    .no_match_count = t->bad_count,
	};
	add_checks(out, t->checks, t->check_count);
	for (size_t i = 0; i < t->form_count; i++)
		add_checks(out, t->forms[i].checks, t->forms[i].check_count);
}

enum status
list_types(const struct detect_options *o,
	   void (*fn)(void *arg, const struct list_type *t), void *arg,
	   struct buf *why)
{
	struct catalogue *c = NULL;
	struct list_type t;
	enum status st = open_catalogue(o, &c, why);

	if (st == ST_OK)
		st = choice_make(c, o, why);
	for (size_t i = 0; st == ST_OK && i < c->count; i++) {
		fill(c->types[i], &t);
		fn(arg, &t);
	}
	catalogue_close(c);
	return st;
}

static size_t
count_of(const struct profile *p, const struct catalogue *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->count; i++)
		n += profile_has(p, c->types[i]);
	return n;
}

enum status
list_profiles(const struct detect_options *o,
	      void (*fn)(void *arg, const struct list_profile *p), void *arg,
	      struct buf *why)
{
	struct profile *all[PROFILES_MAX];
	struct catalogue *c = NULL;
	size_t count = 0;
	enum status st = open_catalogue(o, &c, why);

	if (st == ST_OK)
		st = profile_all(c, all, PROFILES_MAX, &count, why);
	for (size_t i = 0; st == ST_OK && i < count; i++) {
		const struct list_profile p = {.id = all[i]->id,
					       .name = all[i]->name,
					       .about = all[i]->about,
					       .date = all[i]->date,
					       .version = all[i]->version,
					       .types = count_of(all[i], c)};

		fn(arg, &p);
	}
	catalogue_close(c);
	return st;
}
