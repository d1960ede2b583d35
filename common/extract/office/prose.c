#include "extract/office/prose.h"

#include <stdio.h>

#include "extract/office/prose_impl.h"

/* ---- text ------------------------------------------------------------------
 */

static void
add_value(struct prose *pr, struct span s)
{
	struct buf *b = &prose_frame_of(pr)->aside;

	if (pr->apart && b->len > 0 && b->data[b->len - 1] != '\n')
		prose_add_to(pr, b, span_str("\n"));
	pr->apart = false;
	if (pr->all_text && b->len == 0) {
		prose_add_to(pr, b, span_str(pr->value));
		prose_add_to(pr, b, span_str(": "));
	}
	prose_add_to(pr, b, s);
}

void
prose_text(void *arg, struct span s)
{
	struct prose *pr = arg;

	if (pr->code > 0)
		prose_add_to(pr, &prose_frame_of(pr)->aside, s);
	else if (pr->text > 0)
		prose_add(pr, s);
	else if (!xml_blank(s))
		add_value(pr, s);
}

void
prose_other(void *arg, struct span s)
{
	if (!xml_blank(s))
		prose_aside(arg, s);
}

/* ---- a part ----------------------------------------------------------------
 */

enum status
prose_begin(struct prose *pr, struct extractor *x,
	    const struct prose_element *elements, const char *title)
{
	*pr = (struct prose){.x = x, .elements = elements};
	for (unsigned i = 0; elements[i].name != NULL; i++)
		xml_names_add(&pr->names, elements[i].name, i + 1);
	snprintf(pr->title, sizeof(pr->title), "%s",
		 title != NULL ? title : "");
	for (size_t i = 0; i < PROSE_NEST; i++) {
		buf_init(&pr->frames[i].now, FRAME_MAX);
		buf_init(&pr->frames[i].before, FRAME_MAX);
		buf_init(&pr->frames[i].aside, FRAME_MAX);
	}
	return made_begin(x, &pr->m, prose_place, pr);
}

enum status
prose_end(struct prose *pr)
{
	enum status st;

	for (size_t i = PROSE_NEST; i-- > 0;)
		prose_put(pr, &pr->frames[i]);
	st = made_end(pr->m);
	for (size_t i = 0; i < PROSE_NEST; i++) {
		buf_fini(&pr->frames[i].now);
		buf_fini(&pr->frames[i].before);
		buf_fini(&pr->frames[i].aside);
	}
	return st;
}

static unsigned
on_open(void *arg, const struct xml_tag *t)
{
	return prose_open_tag(arg, t);
}

static void
on_same(void *arg, unsigned what)
{
	struct prose *pr = arg;

	pr->apart = true;
	if (what != PROSE_OTHER)
		prose_open_known(pr, &pr->elements[what - 1], NULL);
}

static void
on_close(void *arg, unsigned what)
{
	prose_close(arg, what);
}

enum status
prose_part(struct extractor *x, struct part *p,
	   const struct prose_element *elements, const char *title)
{
	static const struct xml_walk walk = {.open = on_open,
					     .close = on_close,
					     .text = prose_text,
					     .other = prose_other,
					     .same = on_same};
	struct prose pr;
	enum status st = prose_begin(&pr, x, elements, title), end;
	bool whole = true;

	if (st != ST_OK)
		return st;
	pr.all_text = elements->name == NULL;
	st = xml_read(x, p, &walk, &pr, &whole);
	end = prose_end(&pr);
	if (st == ST_OK)
		st = end;
	return st == ST_OK && !whole && !x->stop ? job_rest(x, p) : st;
}
