#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "extract/office/prose_impl.h"

/* ---- attributes ------------------------------------------------------------
 */

/* False: none of them says anything. */
static bool
add_attributes(struct prose *pr, const struct xml_tag *t)
{
	bool any = false;

	for (size_t i = 0; i < t->count; i++) {
		const struct xml_attr *a = &t->attrs[i];

		if (!prose_says(a))
			continue;
		any = true;
		prose_aside(pr, xml_local(a->name));
		prose_add_to(pr, &prose_frame_of(pr)->aside, span_str(": "));
		prose_add_to(pr, &prose_frame_of(pr)->aside, a->value);
		prose_add_to(pr, &prose_frame_of(pr)->aside, span_str("\n"));
	}
	return any;
}

/* ---- opened ----------------------------------------------------------------
 */

static void
open_para(struct prose *pr)
{
	pr->paras++;
	if (pr->paras > PROSE_NEST)
		prose_put(pr, prose_frame_of(pr));
	if (pr->item == 0 && pr->paras == 1)
		pr->paragraph++;
}

static void
open_item(struct prose *pr, const char *word, bool side)
{
	uint32_t i = 0, n;

	while (i < PROSE_WORDS - 1 && pr->words[i] != NULL &&
	       strcmp(pr->words[i], word) != 0)
		i++;
	pr->words[i] = word;
	if (side)
		n = pr->item > 0 && pr->item <= PROSE_NEST
			? pr->items[pr->item - 1]
			: pr->counts[i];
	else
		n = ++pr->counts[i];
	if (pr->item < PROSE_NEST)
		pr->items[pr->item] = i << 16 | (n & 0xffffu);
	pr->item++;
	open_para(pr);
}

static void
open_row(struct prose *pr)
{
	if (pr->rows++ == 0)
		pr->row++;
}

static void
open_table(struct prose *pr)
{
	if (pr->rows > 0)
		return;
	pr->table++;
	pr->row = 0;
}

static bool
plain(const struct xml_tag *t)
{
	return xml_attr(t, "val").ptr == NULL && xml_attr(t, "pos").ptr == NULL;
}

/* The line above notes, which is written as a note. */
static bool
is_line(const struct xml_tag *t)
{
	struct span type = xml_attr(t, "type");

	return str_starts(type, "separator") ||
	       str_starts(type, "continuation");
}

void
prose_open_known(struct prose *pr, const struct prose_element *e,
		 const struct xml_tag *t)
{
	switch (e->class) {
	case PROSE_PARA:
		open_para(pr);
		break;
	case PROSE_LINE:
		open_para(pr);
		pr->text++;
		break;
	case PROSE_TEXT:
		pr->text++;
		break;
	case PROSE_CODE:
		pr->code++;
		prose_aside(pr, span_of(NULL, 0));
		break;
	case PROSE_TAB:
		if (plain(t))
			prose_add_byte(pr, '\t', 1);
		break;
	case PROSE_BREAK:
		prose_add_byte(pr, '\n', 1);
		break;
	case PROSE_BLANK:
		prose_add_byte(pr, ' ', xml_count(xml_attr(t, "c"), 1, 256));
		break;
	case PROSE_DASH:
		prose_add_byte(pr, '-', 1);
		break;
	case PROSE_CELL:
		pr->cells++;
		break;
	case PROSE_ROW:
		open_row(pr);
		break;
	case PROSE_TABLE:
		open_table(pr);
		break;
	case PROSE_GONE:
		pr->gone++;
		break;
	case PROSE_NEW:
		pr->new ++;
		break;
	case PROSE_ITEM:
	case PROSE_SIDE:
		open_item(pr, e->word, e->class == PROSE_SIDE || is_line(t));
		break;
	}
}

/* Of a list of values: what the next one is called. */
static void
name_value(struct prose *pr, const struct xml_tag *t)
{
	struct span name = xml_attr(t, "name");

	if (name.ptr == NULL && xml_is(t->name, "lpwstr"))
		return; /* it has the name around it */
	if (name.ptr == NULL)
		name = t->name;
	snprintf(pr->value, sizeof(pr->value), "%.*s", (int)name.len,
		 (const char *)name.ptr);
}

/* What opening it does has nothing to do with its attributes. */
static bool
by_name(const struct prose_element *e)
{
	return e->class != PROSE_TAB && e->class != PROSE_BLANK &&
	       e->class != PROSE_ITEM && e->class != PROSE_SIDE;
}

unsigned
prose_open_tag(struct prose *pr, const struct xml_tag *t)
{
	unsigned what = xml_names_of(&pr->names, t);
	const struct prose_element *e =
	    what != PROSE_OTHER ? &pr->elements[what - 1] : NULL;
	bool same = !pr->all_text && (e == NULL || by_name(e));

	pr->apart = true;
	if (e != NULL)
		prose_open_known(pr, e, t);
	if (pr->all_text)
		name_value(pr, t);
	if (t->count > 0 && add_attributes(pr, t))
		same = false;
	return same ? what | XML_SAME : what;
}

unsigned
prose_open(struct prose *pr, const struct xml_tag *t)
{
	return prose_open_tag(pr, t) & ~XML_SAME;
}

/* ---- closed ----------------------------------------------------------------
 */

static void
less(unsigned *n)
{
	if (*n > 0)
		--*n;
}

static void
close_para(struct prose *pr)
{
	prose_put(pr, prose_frame_of(pr));
	less(&pr->paras);
}

static void
close_row(struct prose *pr)
{
	less(&pr->rows);
	made_byte(pr->m, '\n');
}

static void
close_cell(struct prose *pr)
{
	less(&pr->cells);
	made_byte(pr->m, '\t');
}

static void
close_known(struct prose *pr, const struct prose_element *e)
{
	switch (e->class) {
	case PROSE_PARA:
		close_para(pr);
		break;
	case PROSE_LINE:
		close_para(pr);
		less(&pr->text);
		break;
	case PROSE_TEXT:
		less(&pr->text);
		break;
	case PROSE_CODE:
		less(&pr->code);
		break;
	case PROSE_CELL:
		close_cell(pr);
		break;
	case PROSE_ROW:
		close_row(pr);
		break;
	case PROSE_GONE:
		less(&pr->gone);
		break;
	case PROSE_NEW:
		less(&pr->new);
		break;
	case PROSE_ITEM:
	case PROSE_SIDE:
		close_para(pr);
		less(&pr->item);
		break;
	case PROSE_TAB:
	case PROSE_BREAK:
	case PROSE_BLANK:
	case PROSE_DASH:
	case PROSE_TABLE:
		break;
	}
}

void
prose_close(struct prose *pr, unsigned what)
{
	pr->apart = true;
	if (what != PROSE_OTHER)
		close_known(pr, &pr->elements[what - 1]);
	else if (pr->all_text && pr->paras == 0)
		prose_put(pr, prose_frame_of(pr));
}

/* ---- by name ---------------------------------------------------------------
 */

static struct xml_tag
tag_of(const char *name)
{
	return (struct xml_tag){.name = span_str(name), .key = xml_key(name)};
}

void
prose_enter(struct prose *pr, const char *name)
{
	struct xml_tag t = tag_of(name);

	prose_open(pr, &t);
}

void
prose_leave(struct prose *pr, const char *name)
{
	struct xml_tag t = tag_of(name);

	prose_close(pr, xml_names_of(&pr->names, &t));
}
