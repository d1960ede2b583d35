#include "extract/data/wide.h"

#include <stdio.h>

#include "extract/made.h"

#define CHUNK 32768 /* bytes looked at at once */

struct run {
	struct made *made;
	uint64_t at; /* of what comes next, in the part */
	size_t n;    /* characters of the run at hand */
	uint16_t first[WIDE_MIN];
};

/* Letters and signs of scripts that are written with letters. */
static bool
is_text(uint32_t c)
{
	return c == '\t' || (c >= ' ' && c < 0x7f) ||
	       (c >= 0xa0 && c < 0x700) || (c >= 0x1e00 && c < 0x2060) ||
	       (c >= 0x20a0 && c < 0x20c0);
}

static size_t
say(const void *arg, const struct made_mark *m, char *dst, size_t room)
{
	unsigned long long at = (unsigned long long)m->b << 32 | m->a;
	int n = snprintf(dst, room, "text at byte %llu", at);

	(void)arg;
	return n < 0 ? 0 : (size_t)n < room ? (size_t)n : room - 1;
}

static void
add(struct run *r, uint16_t c)
{
	if (r->n < WIDE_MIN)
		r->first[r->n] = c;
	r->n++;
	if (r->n == WIDE_MIN) {
		uint64_t from = r->at - 2 * (WIDE_MIN - 1);

		made_mark(r->made, (uint32_t)from, (uint32_t)(from >> 32));
		for (size_t i = 0; i < WIDE_MIN; i++)
			made_char(r->made, r->first[i]);
	} else if (r->n > WIDE_MIN) {
		made_char(r->made, c);
	}
}

static void
end(struct run *r)
{
	if (r->n >= WIDE_MIN)
		made_byte(r->made, '\n');
	r->n = 0;
}

/* Bytes that were dealt with; the last one may be half a character. */
static size_t
feed(struct run *r, struct span s)
{
	size_t i = 0;

	while (i + 1 < s.len) {
		uint32_t c = (uint32_t)s.ptr[i] | (uint32_t)s.ptr[i + 1] << 8;

		if (is_text(c)) {
			add(r, (uint16_t)c);
			i += 2;
			r->at += 2;
			continue;
		}
		/* a run may begin at any byte, but not within one */
		i += r->n > 0 ? 2 : 1;
		r->at += r->n > 0 ? 2 : 1;
		end(r);
	}
	return i;
}

static enum status
read_runs(struct extractor *x, struct part *p)
{
	struct run r = {0};
	enum status st = made_begin(x, &r.made, say, NULL);

	if (st != ST_OK)
		return st;
	while (!x->stop && job_in_time(x)) {
		struct span s = part_peek(p, CHUNK);
		size_t used;

		if (s.len > CHUNK)
			s.len = CHUNK;
		used = feed(&r, s);
		if (used == 0)
			break;
		part_consume(p, used);
	}
	end(&r);
	return made_end(r.made);
}

enum status
wide_part(struct extractor *x, struct part *p)
{
	enum status st = read_runs(x, p);

	if (st != ST_OK || x->stop)
		return st;
	part_seek(p, 0);
	return job_rest(x, p);
}
