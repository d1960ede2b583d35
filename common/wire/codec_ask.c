#include "wire/codec_ask.h"

#include <string.h>

#include "wire/pb/ask.pb-c.h"
#include "wire/proto.h"

#define PATH_MAX_LEN 4096 /* bytes */

enum status
ask_encode(const struct agent_ask *m, struct buf *to)
{
	Trawl__Ask p = TRAWL__ASK__INIT;

	p.id = m->id;
	p.path = proto_bytes(m->path);
	p.options = proto_bytes(m->options);
	p.credential = proto_bytes(m->credential);
	p.probe = m->probe;
	return proto_pack(&p.base, to);
}

enum status
ask_decode(struct span s, struct arena *a, struct agent_ask *m)
{
	void *raw;
	const Trawl__Ask *p;
	enum status st = proto_unpack(&trawl__ask__descriptor, s, a, &raw);

	memset(m, 0, sizeof(*m));
	if (st != ST_OK)
		return st;
	p = raw;
	if (p->probe > 1 || !proto_path(p->path, PATH_MAX_LEN, &m->path) ||
	    !proto_take(p->options, ORDER_OPTIONS_MAX, &m->options) ||
	    !proto_text(p->credential, CREDENTIAL_NAME_MAX, &m->credential))
		return ST_MALFORMED;
	m->id = p->id;
	m->probe = (uint8_t)p->probe;
	return ST_OK;
}

/* ---- answer ---- */

enum status
answer_encode(const struct agent_answer *m, struct buf *to)
{
	Trawl__Answer p = TRAWL__ANSWER__INIT;
	Trawl__AnswerEntry rows[ANSWER_ENTRIES_MAX];
	Trawl__AnswerEntry *list[ANSWER_ENTRIES_MAX];

	if (m->entry_count > ANSWER_ENTRIES_MAX)
		return ST_LIMIT;
	for (size_t i = 0; i < m->entry_count; i++) {
		trawl__answer_entry__init(&rows[i]);
		rows[i].path = proto_bytes(m->entries[i].path);
		rows[i].size = m->entries[i].size;
		rows[i].folder = m->entries[i].folder;
		rows[i].reason = m->entries[i].reason;
		list[i] = &rows[i];
	}
	p.id = m->id;
	p.status = m->status;
	p.why = proto_bytes(m->why);
	p.n_entries = m->entry_count;
	p.entries = list;
	p.more = m->more;
	return proto_pack(&p.base, to);
}

static bool
take_entries(const Trawl__Answer *p, struct agent_answer *m)
{
	if (p->n_entries > ANSWER_ENTRIES_MAX)
		return false;
	m->entry_count = p->n_entries;
	for (size_t i = 0; i < p->n_entries; i++) {
		const Trawl__AnswerEntry *from = p->entries[i];
		struct answer_entry *to = &m->entries[i];

		if (from->folder > 1 || from->reason > UINT8_MAX ||
		    !proto_path(from->path, PATH_MAX_LEN, &to->path))
			return false;
		to->size = from->size;
		to->folder = (uint8_t)from->folder;
		to->reason = (uint8_t)from->reason;
	}
	return true;
}

enum status
answer_decode(struct span s, struct arena *a, struct agent_answer *m)
{
	void *raw;
	const Trawl__Answer *p;
	enum status st = proto_unpack(&trawl__answer__descriptor, s, a, &raw);

	memset(m, 0, sizeof(*m));
	if (st != ST_OK)
		return st;
	p = raw;
	if (p->status < ANSWER_GOOD || p->status > ANSWER_BUSY || p->more > 1 ||
	    !proto_text(p->why, ANSWER_WHY_MAX, &m->why) || !take_entries(p, m))
		return ST_MALFORMED;
	m->id = p->id;
	m->status = (uint8_t)p->status;
	m->more = (uint8_t)p->more;
	return ST_OK;
}
