#include "extract/mail/pstmessage_impl.h"
#include "extract/ole/mapi.h"

struct chars_page *
pst_page_of(const struct pst *s, const struct pst_properties *l)
{
	const struct pst_property *p =
	    pst_properties_find(l, MAPI_MESSAGE_CODEPAGE);

	if (p == NULL)
		p = pst_properties_find(l, MAPI_INTERNET_CODEPAGE);
	return p == NULL ? NULL : chars_codepage(chars_of(s->x), p->value);
}

bool
pst_owner_open(struct pst *s, const struct pst_node *n, struct owner *o)
{
	*o = (struct owner){.x = s->x, .s = s};
	if (!pst_heap_open(s, n, &o->heap))
		return false;
	if (o->heap.client != PST_CLIENT_PROPERTIES) {
		pst_heap_close(&o->heap);
		return false;
	}
	pst_properties_read(&o->heap, &o->list);
	o->page = pst_page_of(s, &o->list);
	return true;
}

void
pst_owner_close(struct owner *o)
{
	pst_properties_free(&o->list);
	pst_heap_close(&o->heap);
}
