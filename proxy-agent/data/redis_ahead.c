#include "base/str.h"
#include "proxy-agent/data/redis_impl.h"
#include "proxy-agent/session/stream.h"

/* What each of the next keys holds, and then its beginning. */
static enum status
ask_types(struct source *s, size_t count)
{
	enum status st = ST_OK;
	struct redis_word w;

	for (size_t i = 0; st == ST_OK && i < count; i++) {
		const struct span words[] = {span_str("TYPE"),
					     roster_name(&s->names, s->at + i)};

		st = redis_say(s->first, words, 2);
	}
	for (size_t i = 0; st == ST_OK && i < count; i++) {
		struct ahead *a = &s->ahead[i];

		st = redis_next(s->first, &w);
		if (st != ST_OK)
			break;
		a->refused = w.kind != REDIS_LINE;
		a->type = a->refused ? REDIS_OTHER : redis_type_of(w.text);
		stream_words(a->word, sizeof(a->word), w.text);
	}
	return st;
}

enum status
redis_ask_ahead(struct source *s)
{
	size_t left = s->names.count - s->at;
	size_t count = left < AHEAD ? left : AHEAD;
	enum status st = ask_types(s, count);

	for (size_t i = 0; st == ST_OK && i < count; i++)
		if (s->ahead[i].type < REDIS_GONE)
			st = redis_value_ask(s->first, s->ahead[i].type,
					     roster_name(&s->names, s->at + i));
	s->ahead_at = s->at;
	s->asked = st == ST_OK ? s->at + count : s->at;
	return st;
}
