#include "master/api/events.h"

#include "base/json.h"
#include "base/str.h"
#include "master/api/body.h"
#include "master/api/out.h"
#include "model/task.h"

static unsigned
state_number(struct span word)
{
	for (unsigned n = TASK_QUEUED; n <= TASK_PARTIAL; n++)
		if (str_is(word, task_state_name(n)))
			return n;
	return 0;
}

static uint64_t
number(const struct body *b, const char *name)
{
	int64_t n = body_int(b, name, 0);

	return n > 0 ? (uint64_t)n : 0;
}

static void
put_scan(struct json *j, const struct body *b, const struct clock *clock)
{
	struct out_progress p = {
	    .state = state_number(body_text(b, "state")),
	    .done_objects = number(b, "done_objects"),
	    .done_bytes = number(b, "done_bytes"),
	    .total_objects = number(b, "total_objects"),
	    .total_bytes = number(b, "total_bytes"),
	    .total_exact = body_bool(b, "total_exact", false),
	    .rate = number(b, "rate"),
	    .matches = number(b, "matches"),
	    .partial = number(b, "partial"),
	    .unread = number(b, "unread"),
	    .current = body_text(b, "current"),
	    .moved = body_int(b, "moved", 0),
	};

	out_id(j, "id", number(b, "id"));
	json_put_str(j, "state", body_text(b, "state"));
	json_key(j, "progress");
	out_progress(j, &p, clock_wall_us(clock) / 1000);
}

static void
put_agent(struct json *j, const struct body *b, const struct clock *clock)
{
	(void)clock;
	out_id(j, "id", number(b, "id"));
	json_put_str(j, "name", body_text(b, "name"));
	json_put_str(j, "state", body_text(b, "state"));
	json_put_bool(j, "online", body_bool(b, "online", false));
	out_ms(j, "last_seen", body_int(b, "seen", 0));
}

static const struct translator {
	const char *type;
	void (*put)(struct json *j, const struct body *b,
		    const struct clock *clock);
} translators[] = {
    {"scan", put_scan},
    {"agent", put_agent},
};

enum status
events_translate(struct span type, struct span data, const struct clock *clock,
		 struct buf *to)
{
	struct problem p = {.status = 0};
	const struct translator *t = NULL;
	struct body *b = NULL;
	struct json j;
	enum status st = body_open(data, &p, &b);

	for (size_t i = 0; i < sizeof(translators) / sizeof(translators[0]);
	     i++)
		if (str_is(type, translators[i].type))
			t = &translators[i];
	if (st == ST_OK && t != NULL) {
		json_init(&j, to);
		json_map(&j);
		t->put(&j, b, clock);
		json_end(&j);
		st = json_done(&j);
	} else if (st == ST_OK) {
		st = buf_add(to, data.ptr, data.len);
	}
	body_close(b);
	return st;
}
