#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "scan/reader_impl.h"
#include "scan/talk.h"

#define CENSUS_EVERY 20000 /* objects between two looks at the clock */
#define CENSUS_MS    200
#define CENSUS_NICE  10

struct census {
	struct pipe *pipe;
	struct talk_census sum;
	uint64_t told; /* ms */
};

static void
tell(struct census *c, bool exact)
{
	c->sum.exact = exact;
	reader_need(pipe_say(c->pipe, TALK_CENSUS, 0,
			     span_of(&c->sum, sizeof(c->sum))));
	c->told = clock_mono_ms(clock_system());
}

/* False: it was not counted to its end. */
static bool
count_root(struct census *c, const struct reader_spec *spec, size_t i)
{
	struct source_target t = {.path = spec->order->paths[i],
				  .options = spec->options,
				  .own = spec->own,
				  .input = spec->input,
				  .count = true};
	const struct source_ops *ops = source_find(spec->sources, t.path);
	struct source_item item;
	struct source *s;

	if (ops == NULL || ops->open(&t, &s) != ST_OK)
		return false;
	while (ops->next(s, &item) == ST_OK) {
		if (item.folder || !cover_counts(item.reason) ||
		    item.reason == COVER_MOUNT)
			continue;
		c->sum.objects++;
		c->sum.bytes += item.reason == COVER_OK ? item.size : 0;
		if (c->sum.objects % CENSUS_EVERY == 0 &&
		    clock_mono_ms(clock_system()) - c->told >= CENSUS_MS)
			tell(c, false);
	}
	ops->close(s);
	return true;
}

void
census_main(const struct reader_spec *spec)
{
	struct census c = {0};
	bool exact = true;

	if (setpriority(PRIO_PROCESS, 0, CENSUS_NICE) != 0)
		c.told = 0; /* as quick as the scan then */
	reader_need(pipe_open(spec->fd, TALK_CAP, &c.pipe));
	reader_lose_rights();
	for (size_t i = 0; i < spec->order->path_count; i++)
		exact = count_root(&c, spec, i) && exact;
	tell(&c, exact);
	_exit(0);
}
