#include "extract/mail/pst.h"

#include <stdio.h>
#include <stdlib.h>

#include "extract/mail/pstfile.h"
#include "extract/mail/pstfolder.h"
#include "extract/mail/pstheap.h"
#include "extract/mail/pstmessage.h"
#include "extract/mail/pstspace.h"

struct store {
	struct extractor *x;
	struct pst *s;
	struct pst_folders folders;
	enum status st;
};

/* ---- nodes -----------------------------------------------------------------
 */

static enum status
message(struct store *t, const struct pst_node *n)
{
	struct pst_folder *f = pst_folder(&t->folders, n->parent);
	bool seen = PST_NID_KIND(n->nid) == PST_MESSAGE;
	char name[PST_PATH_MAX + 32];
	enum status st = ST_OK;
	struct job_outer o;

	if (f == NULL)
		return ST_NOMEM;
	if (!job_count(t->x))
		return ST_OK;
	snprintf(name, sizeof(name), "%s/%s%u",
		 f->path[0] != 0 ? f->path : "orphaned", seen ? "" : "hidden ",
		 seen ? ++f->messages : ++f->notes);
	job_begin_member(t->x, span_str(name), &o);
	st = pst_message(t->s, n);
	job_end_member(t->x, &o);
	return st;
}

/* A folder's own properties, at its path. */
static enum status
folder(struct store *t, const struct pst_node *n)
{
	struct pst_folder *f = pst_folder(&t->folders, n->nid);
	enum status st;
	size_t place;

	if (f == NULL)
		return ST_NOMEM;
	place = job_enter(t->x, span_str(f->path));
	st = pst_properties(t->s, n);
	job_leave(t->x, place);
	return st;
}

static enum status
other(struct store *t, const struct pst_node *n)
{
	struct pst_heap h;
	char name[32];
	enum status st;
	size_t place;
	bool table;

	snprintf(name, sizeof(name), "node %x", n->nid);
	if (pst_heap_open(t->s, n, &h)) {
		/* tables of a store repeat what nodes say */
		table = h.client != PST_CLIENT_PROPERTIES;
		pst_heap_close(&h);
		if (table)
			return ST_OK;
	}
	place = job_enter(t->x, span_str(n->nid == PST_STORE ? "store" : name));
	st = pst_properties(t->s, n);
	job_leave(t->x, place);
	return st;
}

static bool
node(void *arg, const struct pst_node *n)
{
	struct store *t = arg;

	if (n->data == 0)
		return true;
	switch (PST_NID_KIND(n->nid)) {
	case PST_MESSAGE:
	case PST_ASSOCIATED:
		t->st = message(t, n);
		break;
	case PST_FOLDER:
	case PST_SEARCH_FOLDER:
		t->st = folder(t, n);
		break;
	default:
		t->st = other(t, n);
	}
	return t->st == ST_OK && !t->x->stop;
}

/* ---- the store -------------------------------------------------------------
 */

static enum status
read_store(struct store *t)
{
	pst_folders_begin(&t->folders, t->s);
	pst_each_node(t->s, node, t);
	pst_folders_end(&t->folders);
	if (t->st != ST_OK || t->x->stop)
		return t->st;
	if (t->s->deep)
		job_note_words(t->x, COVER_MALFORMED,
			       "a tree of the store is damaged");
	else
		pst_note(t->s);
	return pst_space(t->s, t->s->deep);
}

bool
pst_is_store(struct format_look *l)
{
	return pst_is(l->head);
}

enum status
pst_part(struct extractor *x, struct part *p)
{
	struct store t = {.x = x, .s = calloc(1, sizeof(*t.s))};
	enum status st = ST_NOMEM;

	if (t.s == NULL)
		return ST_NOMEM;
	if (pst_begin(t.s, x, p)) {
		st = read_store(&t);
	} else {
		job_note(x, COVER_MALFORMED);
		st = job_rest(x, p);
	}
	pst_end(t.s);
	free(t.s);
	return st;
}
