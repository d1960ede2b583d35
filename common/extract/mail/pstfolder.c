#include "extract/mail/pstfolder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "extract/mail/pstheap.h"
#include "extract/mail/pstmessage.h"
#include "extract/ole/le.h"
#include "extract/ole/mapi.h"

#define LEVELS_MAX 64
#define TOP_ID     0x35e0 /* property of the store: where its folders begin */
#define TOP_LEN    24

static bool
is_folder(uint32_t nid)
{
	return PST_NID_KIND(nid) == PST_FOLDER ||
	       PST_NID_KIND(nid) == PST_SEARCH_FOLDER;
}

/* Behind a flag and the store's own number stands the node's. */
static uint32_t
top_of(struct pst_heap *h)
{
	struct pst_properties l;
	const struct pst_property *p;
	struct pst_value v;
	uint8_t raw[TOP_LEN];
	uint32_t top = 0;

	pst_properties_read(h, &l);
	p = pst_properties_find(&l, TOP_ID);
	if (p != NULL && p->type == MAPI_BINARY &&
	    pst_value_open(h, p->value, &v)) {
		if (part_pread(&v.part, raw, sizeof(raw), 0))
			top = le32(raw + 20);
		pst_value_close(&v);
	}
	pst_properties_free(&l);
	return top;
}

void
pst_folders_begin(struct pst_folders *f, struct pst *s)
{
	struct pst_heap h;
	struct pst_node n;

	*f = (struct pst_folders){.s = s};
	if (!pst_find_node(s, PST_STORE, &n) || !pst_heap_open(s, &n, &h))
		return;
	f->top = top_of(&h);
	pst_heap_close(&h);
}

void
pst_folders_end(struct pst_folders *f)
{
	for (size_t i = 0; i < f->count; i++)
		free(f->list[i].path);
	free(f->list);
}

/* As it is shown; a folder without one is called by its number. */
static size_t
folder_name(struct pst *s, const struct pst_node *n, uint8_t *dst, size_t room)
{
	struct pst_properties l;
	struct pst_heap h;
	size_t len;

	if (!pst_heap_open(s, n, &h))
		return 0;
	pst_properties_read(&h, &l);
	len = pst_short_text(&h, &l, MAPI_DISPLAY_NAME, dst, room);
	pst_properties_free(&l);
	pst_heap_close(&h);
	if (len == 0)
		len = (size_t)snprintf((char *)dst, room, "folder %x", n->nid);
	return len;
}

/* What Outlook shows begins here, in stores that do not say where. */
static bool
is_top(const uint8_t *name, size_t n)
{
	static const char word[] = "IPM_SUBTREE";

	return n == sizeof(word) - 1 && memcmp(name, word, n) == 0;
}

static bool
is_outermost(const struct pst_folders *f, uint32_t nid)
{
	return nid == PST_ROOT || nid == f->top;
}

/* Names from the inside out, each put before the others. */
static char *
path_of(const struct pst_folders *f, uint32_t nid)
{
	uint8_t path[PST_PATH_MAX], name[PST_PATH_MAX];
	size_t at = sizeof(path), n;
	struct pst_node node;

	for (unsigned i = 0; i < LEVELS_MAX && is_folder(nid); i++) {
		if (is_outermost(f, nid) || !pst_find_node(f->s, nid, &node))
			break;
		n = folder_name(f->s, &node, name, sizeof(name));
		nid = is_top(name, n) ? PST_ROOT : node.parent;
		if (is_top(name, n) || n + 1 > at)
			break;
		if (at < sizeof(path))
			path[--at] = '/';
		at -= n;
		memcpy(path + at, name, n);
	}
	if (at < sizeof(path))
		return strndup((char *)path + at, sizeof(path) - at);
	return strdup(is_outermost(f, nid) ? "root" : "orphaned");
}

static struct pst_folder *
add(struct pst_folders *f, uint32_t nid, uint32_t *head)
{
	size_t room = f->room == 0 ? 64 : f->room * 2;
	struct pst_folder *p;
	char *path;

	if (f->count == f->room) {
		p = realloc(f->list, room * sizeof(*p));
		if (p == NULL)
			return NULL;
		f->list = p;
		f->room = room;
	}
	path = path_of(f, nid);
	if (path == NULL)
		return NULL;
	p = &f->list[f->count++];
	*p = (struct pst_folder){.nid = nid, .next = *head, .path = path};
	*head = (uint32_t)f->count;
	return p;
}

struct pst_folder *
pst_folder(struct pst_folders *f, uint32_t nid)
{
	uint32_t *head;

	if (f->count >= PST_FOLDERS_MAX)
		nid = 0; /* the rest are one */
	head = &f->heads[nid >> 5 & (PST_HEADS - 1)];
	for (uint32_t i = *head; i != 0; i = f->list[i - 1].next)
		if (f->list[i - 1].nid == nid)
			return &f->list[i - 1];
	return add(f, nid, head);
}
