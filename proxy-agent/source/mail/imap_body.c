#include "proxy-agent/source/mail/imap_impl.h"

#define BATCH       64 /* messages of one question */
#define BATCH_BYTES ((uint64_t)2 << 20)
#define AHEAD       2                   /* questions on their way */
#define RANGE       ((uint32_t)4 << 20) /* larger messages come in pieces */

/* ---- asking ahead ---- */

/* One question for the small ones from list[from] on that are wanted; none: a
 * large one. */
static enum status
ask_some(struct source *s, size_t from)
{
	uint64_t bytes = 0;
	struct buf uids;
	enum status st = ST_OK;
	size_t n = 0;

	buf_init(&uids, BATCH * 12);
	for (size_t i = from; st == ST_OK && n < BATCH && i < s->count; i++) {
		const struct imap_message *m = &s->list[i];

		if (s->question[i] == UNWANTED)
			continue;
		if (m->size > RANGE || (n > 0 && bytes + m->size > BATCH_BYTES))
			break;
		bytes += m->size;
		st = buf_addf(&uids, "%s%u", n++ > 0 ? "," : "", m->uid);
		s->question[i] = s->asked + 1;
	}
	if (st == ST_OK && n > 0)
		st = imap_ask(s->imap, buf_span(&uids));
	if (st == ST_OK && n > 0)
		s->asked++;
	buf_fini(&uids);
	return st;
}

static enum status
ask_ahead(struct source *s)
{
	enum status st = ST_OK;

	while (st == ST_OK && s->asked - s->answered < AHEAD) {
		size_t i = s->at - 1;
		unsigned before = s->asked;

		while (i < s->count && s->question[i] != 0)
			i++;
		if (i == s->count)
			break;
		st = ask_some(s, i);
		if (s->asked == before)
			break; /* large: asked when its turn comes */
	}
	return st;
}

static bool
is_body_of(const struct imap_body *b, const struct imap_message *m)
{
	return b->uid != 0 ? b->uid == m->uid : b->number == m->number;
}

static bool
is_later(const struct source *s, const struct imap_body *b)
{
	for (size_t i = s->at; i < s->count; i++)
		if (is_body_of(b, &s->list[i]))
			return true;
	return false;
}

/*
 * ST_NOTFOUND: its question was answered without it. A server may bring all
 * bodies of several questions before it says that the first one is answered:
 * then this message could not be asked for yet.
 */
static enum status
wait_for_body(struct source *s)
{
	const struct imap_message *m = &s->list[s->at - 1];
	const unsigned *question = &s->question[s->at - 1];
	enum status st;

	for (;;) {
		st = *question == 0 ? ask_ahead(s) : ST_OK;
		if (st != ST_OK)
			return st;
		if (s->waiting && is_body_of(&s->body, m)) {
			s->waiting = false;
			return ST_OK;
		}
		if (s->waiting && is_later(s, &s->body))
			return ST_NOTFOUND;
		if (*question != 0 && s->answered >= *question)
			return ST_NOTFOUND;
		st = imap_next(s->imap, &s->body);
		s->waiting = st == ST_OK;
		if (st == ST_EOF || st == ST_DENIED)
			s->answered++;
		else if (st != ST_OK)
			return st;
		imap_window_follow(s);
	}
}

/* ---- in pieces ---- */

/* The next piece of a large message and the one behind it are asked for. */
static enum status
ask_pieces(struct source *s)
{
	enum status st = ST_OK;
	uint32_t uid = s->list[s->at - 1].uid;

	while (st == ST_OK && s->asked - s->answered < AHEAD) {
		st = imap_ask_range(s->imap, uid, s->range_from, RANGE);
		s->range_from += RANGE;
		s->asked += st == ST_OK;
	}
	return st;
}

/*
 * To the first byte of a piece. The end is one without bytes, or a question
 * that is answered without one. A server may bring the pieces of several
 * questions before it says that the first one is answered.
 */
static enum status
next_piece(struct source *s)
{
	enum status st = ask_pieces(s);

	while (st == ST_OK && !s->ended) {
		st = imap_next(s->imap, &s->body);
		if (st == ST_OK) {
			s->pieces++;
			s->ended = s->body.size == 0;
			return ST_OK;
		}
		if (st != ST_EOF)
			return st;
		s->answered++;
		s->ended = s->pieces == 0;
		s->pieces -= s->pieces > 0;
		st = s->ended ? ST_OK : ask_pieces(s);
	}
	return st;
}

enum status
imap_body_resume(struct source *s)
{
	enum status st = imap_window_finish(s);

	s->ranges = true;
	s->pieces = 0;
	s->range_from = s->given;
	return st == ST_OK ? next_piece(s) : st;
}

/* ---- the body of the item ---- */

enum status
imap_body_begin(struct source *s)
{
	enum status st;

	s->ranges = s->ended = false;
	s->given = 0;
	if (s->question[s->at - 1] == 0 && s->list[s->at - 1].size > RANGE)
		return imap_body_resume(s);
	st = ask_ahead(s);
	return st == ST_OK ? wait_for_body(s) : st;
}

enum status
imap_body_read(struct source *s, void *dst, size_t n, size_t *got)
{
	enum status st = imap_read(s->imap, dst, n, got);

	while (st == ST_OK && *got == 0 && s->ranges && !s->ended) {
		st = next_piece(s);
		if (st == ST_OK && !s->ended)
			st = imap_read(s->imap, dst, n, got);
	}
	return st;
}
