#include "extract/office/odf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "extract/office/odfsheet.h"
#include "extract/office/ooxml.h"
#include "extract/office/rels.h"

#define FLAT_LOOK 2048 /* bytes in which the root stands */

static const struct prose_element words[] = {
    {"p", PROSE_LINE, NULL},
    {"h", PROSE_LINE, NULL},
    {"creator", PROSE_LINE, NULL}, /* of comments and changes */
    {"date", PROSE_LINE, NULL},
    {"meta", PROSE_ITEM, "properties"}, /* of one XML file */
    {"title", PROSE_LINE, NULL},
    {"subject", PROSE_LINE, NULL},
    {"description", PROSE_LINE, NULL},
    {"keyword", PROSE_LINE, NULL},
    {"user-defined", PROSE_LINE, NULL},
    {"tab", PROSE_TAB, NULL},
    {"line-break", PROSE_BREAK, NULL},
    {"s", PROSE_BLANK, NULL},
    {"table", PROSE_TABLE, NULL},
    {"table-row", PROSE_ROW, NULL},
    {"table-cell", PROSE_CELL, NULL},
    {"annotation", PROSE_ITEM, "comment #"},
    {"note", PROSE_ITEM, "note #"},
    {"tracked-changes", PROSE_ITEM, "changes"},
    {"deletion", PROSE_ITEM, "deleted text #"},
    {"page", PROSE_ITEM, "slide #"},
    {"notes", PROSE_SIDE, "slide # notes"},
    {"header", PROSE_ITEM, "header #"},
    {"header-left", PROSE_ITEM, "header #"},
    {"header-first", PROSE_ITEM, "header #"},
    {"footer", PROSE_ITEM, "footer #"},
    {"footer-left", PROSE_ITEM, "footer #"},
    {"footer-first", PROSE_ITEM, "footer #"},
    {NULL, PROSE_PARA, NULL},
};

/* ---- what is encrypted -----------------------------------------------------
 */

struct manifest {
	struct zip_view *v;
	bool *locked; /* by entry */
	char path[1024];
};

static unsigned
manifest_open(void *arg, const struct xml_tag *t)
{
	struct manifest *m = arg;
	struct zip_entry *e;
	struct span path;

	if (xml_is(t->name, "file-entry")) {
		path = xml_attr(t, "full-path");
		snprintf(m->path, sizeof(m->path), "%.*s", (int)path.len,
			 path.len > 0 ? (const char *)path.ptr : "");
	} else if (xml_is(t->name, "encryption-data")) {
		e = zip_view_find(m->v, span_str(m->path));
		if (e != NULL)
			e->done = m->locked[e - m->v->entries] = true;
	}
	return 0;
}

static enum status
read_manifest(struct zip_view *v)
{
	static const struct xml_walk walk = {.open = manifest_open};
	struct manifest m = {.v = v,
			     .locked = calloc(v->count + 1, sizeof(*m.locked))};
	enum status st;

	if (m.locked == NULL)
		return ST_NOMEM;
	st = rels_look(v, zip_view_find(v, span_str("META-INF/manifest.xml")),
		       &walk, &m);
	for (size_t i = 0; st == ST_OK && i < v->count; i++)
		if (m.locked[i] && job_count(v->x))
			job_note_member(v->x, v->entries[i].name,
					COVER_ENCRYPTED, NULL);
	free(m.locked);
	return st;
}

/* ---- a zip -----------------------------------------------------------------
 */

static bool
is_odf(const struct zip_view *v)
{
	return zip_view_find(v, span_str("META-INF/manifest.xml")) != NULL &&
	       (zip_view_find(v, span_str("content.xml")) != NULL ||
		zip_view_find(v, span_str("encrypted-package")) != NULL);
}

static bool
named(const struct zip_entry *e, const char *name)
{
	size_t n = strlen(name);

	return !e->done && e->name.len >= n &&
	       memcmp(e->name.ptr + e->name.len - n, name, n) == 0 &&
	       (e->name.len == n || e->name.ptr[e->name.len - n - 1] == '/');
}

struct odf_job {
	const char *title;
};

static enum status
read_content(void *arg, struct extractor *x, struct part *p)
{
	const struct odf_job *j = arg;

	return odf_sheets(x, p, words, j->title);
}

/* "Object 1/content.xml" is a document within it. */
static enum status
read_contents(struct zip_view *v, const char *name)
{
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && !v->x->stop && i < v->count; i++) {
		struct zip_entry *e = &v->entries[i];
		size_t n = strlen(name), outer = v->x->place_len;
		struct odf_job j = {""};

		if (!named(e, name))
			continue;
		if (e->name.len > n)
			outer = job_enter(
			    v->x, span_of(e->name.ptr, e->name.len - n - 1));
		st = zip_view_read(v, e, read_content, &j);
		job_leave(v->x, outer);
		st = st == ST_EOF ? ST_OK : st;
	}
	return st;
}

static enum status
read_odf(struct extractor *x, struct zip_view *v)
{
	enum status st = read_manifest(v);

	if (st == ST_OK)
		st = read_contents(v, "content.xml");
	if (st == ST_OK)
		st = read_contents(v, "styles.xml");
	if (st == ST_OK && !x->stop)
		st = ooxml_prose(v, zip_view_find(v, span_str("meta.xml")),
				 ooxml_any, "properties");
	return st;
}

const struct zip_kind odf_kind = {"odf", is_odf, read_odf};

/* ---- one XML file ----------------------------------------------------------
 */

static bool
blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool
odf_is_flat(struct format_look *l)
{
	size_t n = l->head.len < FLAT_LOOK ? l->head.len : FLAT_LOOK, at = 0;

	if (n >= 3 && memcmp(l->head.ptr, "\xef\xbb\xbf", 3) == 0)
		at = 3;
	while (at < n && blank(l->head.ptr[at]))
		at++;
	/* programs that write such documents have their tags, too */
	return n > 20 && at < n && l->head.ptr[at] == '<' && !l->seen.zeros &&
	       memmem(l->head.ptr, n, "<office:document", 16) != NULL &&
	       memmem(l->head.ptr, n, "urn:oasis:names:tc:opendocument", 31) !=
		   NULL;
}

enum status
odf_flat(struct extractor *x, struct part *p)
{
	return odf_sheets(x, p, words, "");
}
