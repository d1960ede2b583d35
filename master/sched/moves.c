#include "master/sched/moves.h"

#include <stddef.h>

/* held: the agent may have it: it has begun, or it was ordered just now. */
static const struct {
	uint8_t from, action;
	bool held;
	struct move to;
} table[] = {
    {TASK_QUEUED, TASK_PAUSE, false, {TASK_PAUSED, TASK_PAUSE, false, true}},
    {TASK_QUEUED, TASK_PAUSE, true, {0, TASK_PAUSE, false, true}},
    {TASK_RUNNING, TASK_PAUSE, true, {0, TASK_PAUSE, false, true}},
    {TASK_PAUSED, TASK_PAUSE, false, {0, TASK_PAUSE, false, true}},
    {TASK_PAUSED, TASK_PAUSE, true, {0, TASK_PAUSE, false, true}},
    {TASK_QUEUED, TASK_RESUME, false, {0, 0, false, true}},
    {TASK_QUEUED, TASK_RESUME, true, {0, TASK_RESUME, false, true}},
    {TASK_RUNNING, TASK_RESUME, true, {0, TASK_RESUME, false, true}},
    {TASK_PAUSED, TASK_RESUME, false, {TASK_QUEUED, 0, false, true}},
    {TASK_PAUSED, TASK_RESUME, true, {0, TASK_RESUME, false, true}},
    {TASK_QUEUED, TASK_STOP, false, {TASK_STOPPED, 0, true, true}},
    {TASK_PAUSED, TASK_STOP, false, {TASK_STOPPED, 0, true, true}},
    {TASK_QUEUED, TASK_STOP, true, {0, TASK_STOP, false, true}},
    {TASK_RUNNING, TASK_STOP, true, {0, TASK_STOP, false, true}},
    {TASK_PAUSED, TASK_STOP, true, {0, TASK_STOP, false, true}},
};

struct move
moves_find(unsigned state, enum task_action action, bool begun, bool there)
{
	/* Paused before it began it was never ordered, whoever is there. */
	bool held =
	    state == TASK_RUNNING || begun || (state == TASK_QUEUED && there);

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (table[i].from == state &&
		    table[i].action == (uint8_t)action && table[i].held == held)
			return table[i].to;
	return (struct move){0};
}

struct move
moves_free(unsigned state, unsigned wanted)
{
	struct move m = {.state = TASK_QUEUED, .allowed = true};

	if (wanted == TASK_STOP) {
		m.state = TASK_STOPPED;
		m.over = true;
	} else if (wanted == TASK_PAUSE ||
		   (state == TASK_PAUSED && wanted != TASK_RESUME)) {
		m.state = TASK_PAUSED;
	}
	return m;
}

enum task_state
moves_end(unsigned outcome)
{
	if (outcome == SCAN_DONE)
		return TASK_DONE;
	return outcome == SCAN_STOPPED ? TASK_STOPPED : TASK_FAILED;
}
