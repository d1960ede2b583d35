#include "proxy-agent/smb/visited.h"

#include <stdlib.h>

#define FIRST_ROOM 1024

/* Where it is, or would be. */
static size_t
place(const uint64_t *slots, size_t room, uint64_t id)
{
	size_t at = (size_t)(id * UINT64_C(0x9E3779B97F4A7C15) >> 20);

	for (at &= room - 1; slots[at] != 0 && slots[at] != id;)
		at = (at + 1) & (room - 1);
	return at;
}

static bool
grow(struct visited *s)
{
	size_t room = s->room == 0 ? FIRST_ROOM : s->room * 2;
	uint64_t *slots = calloc(room, sizeof(*slots));

	if (slots == NULL)
		return false;
	for (size_t i = 0; i < s->room; i++)
		if (s->slots[i] != 0)
			slots[place(slots, room, s->slots[i])] = s->slots[i];
	free(s->slots);
	s->slots = slots;
	s->room = room;
	return true;
}

bool
visited_add(struct visited *s, uint64_t id)
{
	size_t at;

	if (id == 0)
		return true;
	if (s->count >= s->room / 2 && s->count < VISITED_MAX)
		grow(s); /* else it only gets fuller */
	if (s->room == 0)
		return true;
	at = place(s->slots, s->room, id);
	if (s->slots[at] == id)
		return false;
	if (s->count < VISITED_MAX && s->count < s->room - 1) {
		s->slots[at] = id;
		s->count++;
	}
	return true;
}

void
visited_fini(struct visited *s)
{
	free(s->slots);
	*s = (struct visited){0};
}
