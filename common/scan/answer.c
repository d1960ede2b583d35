#include "scan/answer.h"

#include "base/arena.h"
#include "base/utf.h"
#include "scan/browse.h"
#include "source/pairs.h"
#include "sys/priv.h"
#include "sys/sandbox.h"

#define MEMORY_MAX (4 * ANSWER_BYTES_MAX)

struct collect {
	struct agent_answer *answer;
	struct arena *memory;
	size_t bytes;
	bool probe;
};

/* False: no more is wanted, or there is no room for it. */
static bool
collect(void *arg, const struct source_item *item)
{
	struct collect *c = arg;
	struct agent_answer *a = c->answer;
	char *path;

	if (!c->probe)
		return false;
	path = item->path.len == 0 ? NULL : arena_str(c->memory, item->path);
	if (a->entry_count == ANSWER_ENTRIES_MAX || path == NULL ||
	    c->bytes + item->path.len > ANSWER_BYTES_MAX) {
		a->more = 1;
		return false;
	}
	c->bytes += item->path.len;
	a->entries[a->entry_count++] = (struct answer_entry){
	    .path = span_of(path, item->path.len),
	    .size = item->size,
	    .folder = item->folder,
	    .reason = item->reason,
	};
	return true;
}

static uint8_t
status_for(enum status st)
{
	static const struct {
		enum status st;
		uint8_t answer;
	} map[] = {
	    {ST_OK, ANSWER_GOOD},
	    {ST_DENIED, ANSWER_DENIED},
	    {ST_NOTFOUND, ANSWER_NOTFOUND},
	    {ST_TIMEOUT, ANSWER_TIMEOUT},
	    {ST_UNSUPPORTED, ANSWER_UNSUPPORTED},
	};

	for (size_t i = 0; i < sizeof(map) / sizeof(map[0]); i++)
		if (map[i].st == st)
			return map[i].answer;
	return ANSWER_TROUBLE;
}

/* It opens nothing: slots are memory, the reader is started by another. */
static enum status
confine(void)
{
	enum status st = priv_drop(NULL, PRIV_NONE);

	return st == ST_OK ? sandbox_enter(SANDBOX_DIRECTOR, NULL, NULL) : st;
}

static enum status
look(const struct scan_remote *how, const struct agent_ask *q,
     struct collect *c, struct buf *why)
{
	struct scan_remote own = *how;
	enum status st = confine();

	own.options.bytes = q->options;
	own.credential = q->credential;
	if (st == ST_OK && !pairs_check(q->options))
		st = ST_MALFORMED;
	return st == ST_OK ? browse(&own, q->path, collect, c, why) : st;
}

enum status
answer_give(const struct scan_remote *how, const struct agent_ask *q,
	    struct buf *to)
{
	static struct agent_answer a; /* large; one question a process */
	struct arena memory;
	struct collect c = {&a, &memory, 0, q->probe != 0};
	struct buf why;
	enum status st;

	arena_init(&memory, MEMORY_MAX);
	buf_init(&why, ANSWER_WHY_MAX);
	a = (struct agent_answer){.id = q->id};
	a.status = status_for(look(how, q, &c, &why));
	if (a.status != ANSWER_GOOD)
		a.entry_count = 0;
	if (a.status != ANSWER_GOOD && utf_valid(buf_span(&why)))
		a.why = buf_span(&why);
	st = agent_answer_pack(&a, to);
	buf_fini(&why);
	arena_fini(&memory);
	return st;
}
