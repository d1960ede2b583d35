#include "extract/office/ooxml.h"

#include <stdio.h>
#include <string.h>

const struct prose_element ooxml_words[] = {
    {"p", PROSE_PARA, NULL},
    {"t", PROSE_TEXT, NULL},
    {"tab", PROSE_TAB, NULL},
    {"ptab", PROSE_TAB, NULL},
    {"br", PROSE_BREAK, NULL},
    {"cr", PROSE_BREAK, NULL},
    {"noBreakHyphen", PROSE_DASH, NULL},
    {"tc", PROSE_CELL, NULL},
    {"tr", PROSE_ROW, NULL},
    {"tbl", PROSE_TABLE, NULL},
    {"del", PROSE_GONE, NULL},
    {"moveFrom", PROSE_GONE, NULL},
    {"ins", PROSE_NEW, NULL},
    {"moveTo", PROSE_NEW, NULL},
    {"delText", PROSE_TEXT, NULL},
    {"instrText", PROSE_CODE, NULL},
    {"delInstrText", PROSE_CODE, NULL},
    {"comment", PROSE_ITEM, "comment #"},
    {"cm", PROSE_ITEM, "comment #"},
    {"text", PROSE_TEXT, NULL}, /* of a presentation's comment */
    {"footnote", PROSE_ITEM, "footnote #"},
    {"endnote", PROSE_ITEM, "endnote #"},
    {NULL, PROSE_PARA, NULL},
};

const struct prose_element ooxml_any[] = {{NULL, PROSE_PARA, NULL}};

static bool
begins(struct span s, const char *with)
{
	size_t n = strlen(with);

	return s.len >= n && strncasecmp((const char *)s.ptr, with, n) == 0;
}

static bool
ends(struct span s, const char *with)
{
	size_t n = strlen(with);

	return s.len >= n && begins(span_skip(s, s.len - n), with);
}

bool
ooxml_has(const struct zip_view *v, const char *folder)
{
	static const char *const marks[] = {"[Content_Types].xml",
					    "_rels/.rels"};
	bool package = false;

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		package =
		    package || zip_view_find(v, span_str(marks[i])) != NULL;
	for (size_t i = 0; package && i < v->count; i++)
		if (begins(v->entries[i].name, folder))
			return true;
	return false;
}

struct prose_job {
	const struct prose_element *elements;
	const char *title;
};

static enum status
read_prose(void *arg, struct extractor *x, struct part *p)
{
	const struct prose_job *j = arg;

	return prose_part(x, p, j->elements, j->title);
}

enum status
ooxml_prose(struct zip_view *v, struct zip_entry *e,
	    const struct prose_element *elements, const char *title)
{
	struct prose_job j = {elements, title};
	enum status st;

	if (e == NULL || v->x->stop)
		return ST_OK;
	st = zip_view_read(v, e, read_prose, &j);
	return st == ST_EOF ? ST_OK : st;
}

enum status
ooxml_properties(struct zip_view *v)
{
	return ooxml_series(v, "docProps/", ooxml_any, "properties");
}

static bool
of_series(const struct zip_entry *e, const char *stem)
{
	return !e->done && begins(e->name, stem) && ends(e->name, ".xml");
}

static unsigned
series_count(const struct zip_view *v, const char *stem)
{
	unsigned n = 0;

	for (size_t i = 0; i < v->count; i++)
		n += of_series(&v->entries[i], stem);
	return n;
}

enum status
ooxml_series(struct zip_view *v, const char *stem,
	     const struct prose_element *elements, const char *title)
{
	bool many = series_count(v, stem) > 1 &&
		    strcmp(title, "properties") != 0 && title[0] != 0;
	char words[PROSE_TITLE];
	enum status st = ST_OK;
	unsigned n = 0;

	for (size_t i = 0; st == ST_OK && i < v->count; i++) {
		if (!of_series(&v->entries[i], stem))
			continue;
		snprintf(words, sizeof(words), many ? "%s %u" : "%s", title,
			 ++n);
		st = ooxml_prose(v, &v->entries[i], elements, words);
	}
	return st;
}
