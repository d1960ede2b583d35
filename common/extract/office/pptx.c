#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "extract/office/ooxml.h"
#include "extract/office/rels.h"

/*
 * pptx: presentations of PowerPoint, shows and templates. Slides in the order
 * in which they are shown, hidden ones too, each with its notes and comments;
 * then what they are made after.
 */
struct show {
	struct zip_view *v;
	struct rels rels;
	unsigned slides;
	enum status st;
};

static bool
is_pptx(const struct zip_view *v)
{
	return ooxml_has(v, "ppt/");
}

/* Notes, comments, diagrams and charts of a slide. */
static const struct {
	const char *type, *title;
} beside[] = {
    {"notesSlide", " notes"},
    {"comments", ""},
    {"diagramData", " diagram"},
    {"chart", " chart"},
};

static enum status
read_beside(struct show *s, struct zip_entry *slide, const char *title)
{
	char words[PROSE_TITLE];
	struct rels r;
	enum status st = rels_read(s->v, slide->name, &r);

	for (size_t i = 0; i < r.count; i++)
		for (size_t k = 0;
		     st == ST_OK && k < sizeof(beside) / sizeof(beside[0]);
		     k++) {
			if (strcmp(rels_type(&r, i), beside[k].type) != 0)
				continue;
			snprintf(words, sizeof(words), "%.60s%s", title,
				 beside[k].title);
			st = ooxml_prose(s->v, rels_target(&r, i, s->v),
					 ooxml_words, words);
		}
	rels_close(&r);
	return st;
}

static void
read_slide(struct show *s, struct zip_entry *e)
{
	char title[64];

	snprintf(title, sizeof(title), "slide %u", ++s->slides);
	s->st = ooxml_prose(s->v, e, ooxml_words, title);
	if (s->st == ST_OK)
		s->st = read_beside(s, e, title);
}

/* Slides by the list of the presentation: their ids, in order. */
struct order {
	struct show *show;
	size_t *slides; /* entries of the view */
	size_t count;
};

static unsigned
on_open(void *arg, const struct xml_tag *t)
{
	struct order *o = arg;
	struct zip_entry *e;

	if (!xml_is(t->name, "sldId") || o->count == o->show->v->count)
		return 0;
	e = rels_find(&o->show->rels, xml_attr_far(t, "id"), o->show->v);
	if (e != NULL)
		o->slides[o->count++] = (size_t)(e - o->show->v->entries);
	return 0;
}

static enum status
read_slides(struct show *s)
{
	static const struct xml_walk walk = {.open = on_open};
	struct order o = {.show = s,
			  .slides = calloc(s->v->count + 1, sizeof(*o.slides))};
	struct span main = span_str("ppt/presentation.xml");

	if (o.slides == NULL)
		return ST_NOMEM;
	s->st = rels_look(s->v, zip_view_find(s->v, main), &walk, &o);
	for (size_t i = 0; s->st == ST_OK && i < o.count; i++)
		if (!s->v->entries[o.slides[i]].done)
			read_slide(s, &s->v->entries[o.slides[i]]);
	free(o.slides);
	return s->st;
}

static const struct {
	const char *stem, *title;
} series[] = {
    {"ppt/slides/slide", "other slide"},
    {"ppt/notesSlides/notesSlide", "other notes"},
    {"ppt/comments/", "comments"},
    {"ppt/slideLayouts/slideLayout", "slide layout"},
    {"ppt/slideMasters/slideMaster", "slide master"},
    {"ppt/notesMasters/notesMaster", "notes master"},
    {"ppt/handoutMasters/handoutMaster", "handout master"},
    {"ppt/charts/chart", "chart"},
    {"ppt/diagrams/data", "diagram"},
};

static enum status
read_pptx(struct extractor *x, struct zip_view *v)
{
	struct show s = {.v = v};
	enum status st =
	    rels_read(v, span_str("ppt/presentation.xml"), &s.rels);

	if (st == ST_OK)
		st = read_slides(&s);
	rels_close(&s.rels);
	for (size_t i = 0;
	     st == ST_OK && !x->stop && i < sizeof(series) / sizeof(series[0]);
	     i++)
		st = ooxml_series(v, series[i].stem, ooxml_words,
				  series[i].title);
	return st == ST_OK && !x->stop ? ooxml_properties(v) : st;
}

const struct zip_kind pptx_kind = {"pptx", is_pptx, read_pptx};
