#include "extract/office/ooxml.h"

/*
 * docx: documents of Word, templates and those with macros. What is no text of
 * a reader (styles, settings, relations with the addresses of links, media,
 * objects) is read after it as members of any zip are.
 */
static bool
is_docx(const struct zip_view *v)
{
	return ooxml_has(v, "word/");
}

static const struct {
	const char *stem, *title;
} series[] = {
    {"word/document", ""},
    {"word/header", "header"},
    {"word/footer", "footer"},
    {"word/footnotes", ""},
    {"word/endnotes", ""},
    {"word/comments", ""},
    {"word/glossary/document", "building blocks"},
    {"word/diagrams/data", "diagram"},
    {"word/charts/chart", "chart"},
};

static enum status
read_docx(struct extractor *x, struct zip_view *v)
{
	enum status st = ST_OK;

	for (size_t i = 0;
	     st == ST_OK && !x->stop && i < sizeof(series) / sizeof(series[0]);
	     i++)
		st = ooxml_series(v, series[i].stem, ooxml_words,
				  series[i].title);
	return st == ST_OK && !x->stop ? ooxml_properties(v) : st;
}

const struct zip_kind docx_kind = {"docx", is_docx, read_docx};
