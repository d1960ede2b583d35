#include "proxy-agent/session/inner.h"

#include <string.h>

#define NONE 64

void
inner_init(struct inner *i, const struct inner_form *form)
{
	*i = (struct inner){.form = form};
}

static unsigned
digit(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26u;
	if (c >= '0' && c <= '9')
		return c - '0' + 52u;
	if (c == '+' || c == '-')
		return 62;
	return c == '/' || c == '_' ? 63 : NONE;
}

/* Towards the text: whatever else is there is passed over. */
static void
seek(struct inner *i, uint8_t c)
{
	const char *mark = i->form->mark;

	if (i->state == INNER_NEAR) {
		if (c == (uint8_t)i->form->open)
			i->state = INNER_WITHIN;
		return;
	}
	/* no mark of ours begins again within itself */
	if (c != (uint8_t)mark[i->matched])
		i->matched = 0;
	if (c == (uint8_t)mark[i->matched])
		i->matched++;
	if (mark[i->matched] == 0)
		i->state = INNER_NEAR;
}

/* The end of a group that need not be whole; its bytes are out already. */
static enum status
finish(struct inner *i)
{
	bool torn = i->have == 1;

	i->have = 0;
	i->bits = 0;
	return torn ? ST_MALFORMED : ST_OK;
}

/* Never more bytes come out than went in: each as soon as it is whole. */
static enum status
take(struct inner *i, uint8_t c, uint8_t *to, size_t *n)
{
	unsigned d = digit(c);

	if (c == (uint8_t)i->form->close) {
		i->state = INNER_BEHIND;
		return finish(i);
	}
	if (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\\')
		return ST_OK;
	if (c == '=')
		return finish(i);
	if (d == NONE)
		return ST_MALFORMED;
	i->bits = i->bits << 6 | d;
	i->have++;
	if (i->have > 1)
		to[(*n)++] = (uint8_t)(i->bits >> (8 - 2 * i->have));
	if (i->have == 4)
		i->have = i->bits = 0;
	return ST_OK;
}

enum status
inner_feed(struct inner *i, struct span from, uint8_t *to, size_t *got)
{
	enum status st = ST_OK;

	*got = 0;
	for (size_t k = 0; st == ST_OK && k < from.len; k++) {
		if (i->state == INNER_WITHIN)
			st = take(i, from.ptr[k], to, got);
		else if (i->state != INNER_BEHIND)
			seek(i, from.ptr[k]);
		else
			break;
	}
	return st;
}
