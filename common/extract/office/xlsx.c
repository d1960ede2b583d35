#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "extract/office/ooxml.h"
#include "extract/office/rels.h"
#include "extract/office/sheet.h"

/*
 * xlsx: workbooks of Excel, templates and those with macros. Sheets are read in
 * their order, hidden ones too. What is no cell (styles, names, queries,
 * tables, links, media) is read after it as members of any zip are.
 */
#define SHEETS_MAX 65536

struct workbook {
	struct zip_view *v;
	struct rels rels;
	struct shared shared;
	struct tab {
		char name[256];
		struct zip_entry *entry;
	} * tabs;
	size_t count;
	bool base_1904;
};

static bool
is_xlsx(const struct zip_view *v)
{
	return ooxml_has(v, "xl/");
}

static void
add_tab(struct workbook *w, struct span name, struct zip_entry *e)
{
	struct tab *more;

	if (e == NULL || w->count == SHEETS_MAX)
		return;
	more = reallocarray(w->tabs, w->count + 1, sizeof(*more));
	if (more == NULL)
		return;
	w->tabs = more;
	more += w->count++;
	snprintf(more->name, sizeof(more->name), "%.*s", (int)name.len,
		 (const char *)name.ptr);
	more->entry = e;
}

static unsigned
on_open(void *arg, const struct xml_tag *t)
{
	struct workbook *w = arg;
	struct span s;

	if (xml_is(t->name, "sheet")) {
		s = xml_attr(t, "name");
		add_tab(w, s.ptr != NULL ? s : span_str("sheet"),
			rels_find(&w->rels, xml_attr_far(t, "id"), w->v));
	} else if (xml_is(t->name, "workbookPr")) {
		s = xml_attr(t, "date1904");
		w->base_1904 =
		    s.len > 0 && (s.ptr[0] == '1' || s.ptr[0] == 't');
	}
	return 0;
}

/* What belongs to a sheet: comments, and drawings with their text. */
static enum status
read_beside(struct workbook *w, const struct tab *t)
{
	struct sheet_job j = {&w->shared, span_str(t->name)};
	char title[PROSE_TITLE];
	struct rels r;
	enum status st = rels_read(w->v, t->entry->name, &r);

	for (size_t i = 0; st == ST_OK && i < r.count; i++) {
		struct zip_entry *e = rels_target(&r, i, w->v);
		const char *type = rels_type(&r, i);

		if (e == NULL)
			continue;
		if (strcmp(type, "comments") == 0 ||
		    strcmp(type, "threadedComment") == 0) {
			st = zip_view_read(w->v, e, sheet_comments, &j);
			st = st == ST_EOF ? ST_OK : st;
		} else if (strcmp(type, "drawing") == 0) {
			snprintf(title, sizeof(title), "%.100s drawing",
				 t->name);
			st = ooxml_prose(w->v, e, ooxml_words, title);
		}
	}
	rels_close(&r);
	return st;
}

static enum status
read_tab(struct workbook *w, const struct tab *t)
{
	struct sheet_job j = {&w->shared, span_str(t->name)};
	enum status st;

	if (t->entry->done || w->v->x->stop)
		return ST_OK;
	st = zip_view_read(w->v, t->entry, sheet_read, &j);
	if (st == ST_OK || st == ST_EOF)
		st = read_beside(w, t);
	return st;
}

static bool
is_sheet(const struct zip_entry *e)
{
	static const char folder[] = "xl/worksheets/sheet";
	size_t n = sizeof(folder) - 1;

	return !e->done && e->name.len > n + 4 &&
	       strncasecmp((const char *)e->name.ptr, folder, n) == 0 &&
	       strncasecmp((const char *)e->name.ptr + e->name.len - 4, ".xml",
			   4) == 0;
}

/* Sheets that the workbook does not name, or a workbook that is lost. */
static enum status
read_unnamed(struct workbook *w)
{
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < w->v->count; i++) {
		struct tab t = {.entry = &w->v->entries[i]};

		if (!is_sheet(t.entry))
			continue;
		snprintf(t.name, sizeof(t.name), "%.*s",
			 (int)(t.entry->name.len - 18),
			 (const char *)t.entry->name.ptr + 14);
		st = read_tab(w, &t);
	}
	return st;
}

static struct zip_entry *
of_type(const struct workbook *w, const char *type, const char *usual)
{
	struct zip_entry *e = NULL;

	for (size_t i = 0; e == NULL && i < w->rels.count; i++)
		if (strcmp(rels_type(&w->rels, i), type) == 0)
			e = rels_target(&w->rels, i, w->v);
	return e != NULL ? e : zip_view_find(w->v, span_str(usual));
}

static enum status
read_tabs(struct workbook *w)
{
	enum status st = shared_open(
	    w->v, of_type(w, "sharedStrings", "xl/sharedStrings.xml"),
	    of_type(w, "styles", "xl/styles.xml"), &w->shared);

	w->shared.base_1904 = w->base_1904;
	for (size_t i = 0; st == ST_OK && i < w->count; i++)
		st = read_tab(w, &w->tabs[i]);
	if (st == ST_OK)
		st = read_unnamed(w);
	if (st == ST_OK && !w->v->x->stop)
		st = shared_rest(&w->shared);
	shared_close(&w->shared);
	return st;
}

static const struct {
	const char *stem, *title;
} series[] = {
    {"xl/charts/chart", "chart"},
    {"xl/diagrams/data", "diagram"},
    {"xl/drawings/drawing", "drawing"},
    {"xl/externalLinks/externalLink", "external link"},
    {"xl/pivotCache/pivotCache", "pivot table"},
};

static enum status
read_xlsx(struct extractor *x, struct zip_view *v)
{
	static const struct xml_walk walk = {.open = on_open};
	struct zip_entry *book = zip_view_find(v, span_str("xl/workbook.xml"));
	struct workbook w = {.v = v};
	enum status st = rels_read(v, span_str("xl/workbook.xml"), &w.rels);

	if (st == ST_OK)
		st = rels_look(v, book, &walk, &w);
	if (st == ST_OK && !x->stop)
		st = read_tabs(&w);
	for (size_t i = 0;
	     st == ST_OK && i < sizeof(series) / sizeof(series[0]); i++)
		st = ooxml_series(v, series[i].stem, ooxml_words,
				  series[i].title);
	rels_close(&w.rels);
	free(w.tabs);
	return st == ST_OK && !x->stop ? ooxml_properties(v) : st;
}

const struct zip_kind xlsx_kind = {"xlsx", is_xlsx, read_xlsx};
