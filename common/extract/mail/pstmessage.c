#include "extract/mail/pstmessage.h"

#include "extract/mail/pstmessage_impl.h"

void
pst_note(struct pst *s)
{
	if (s->damage > s->said && !s->x->stop)
		job_note_words(s->x, COVER_MALFORMED,
			       "parts of it are not there");
	s->said = s->damage;
}

enum status
pst_bytes(struct pst *s, const struct pst_node *n, struct span name)
{
	enum status st = ST_OK;
	struct pst_data d;
	struct part p;

	if (!pst_data_open(s, n->data, &d))
		return ST_OK;
	pst_data_part(&d, &p);
	if (job_count(s->x))
		st = job_member(s->x, &p, name);
	pst_data_close(&d);
	return st;
}

static enum status
read_owner(struct pst *s, const struct pst_node *n, bool with_nodes)
{
	enum status st;
	struct owner o;

	if (!pst_owner_open(s, n, &o))
		st = pst_bytes(s, n, span_str("data"));
	else {
		st = pst_text(&o);
		if (st == ST_OK && !s->x->stop)
			st = pst_binaries(&o);
		if (st == ST_OK && !s->x->stop && with_nodes)
			st = pst_below(&o);
		pst_owner_close(&o);
	}
	if (st == ST_OK)
		pst_note(s);
	return st;
}

enum status
pst_message(struct pst *s, const struct pst_node *n)
{
	return read_owner(s, n, true);
}

enum status
pst_properties(struct pst *s, const struct pst_node *n)
{
	return read_owner(s, n, false);
}
