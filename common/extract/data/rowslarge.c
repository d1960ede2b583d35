#include <stdio.h>

#include "extract/data/rows_impl.h"

struct large {
	struct rows_reader *r;
	uint32_t left; /* bytes of the piece at hand */
	bool ended;
};

/* To a piece with bytes, or the end. */
static void
next_piece(struct large *l)
{
	uint8_t tag = 0;

	while (l->left == 0 && !l->ended) {
		l->ended = !rows_take_tag(l->r, &tag) ||
			   !rows_take32(l->r, &l->left) || tag != 'M' ||
			   l->left == 0;
		l->r->broken |= tag != 'M';
	}
}

static enum status
read_large(void *arg, void *dst, size_t n, size_t *got)
{
	struct large *l = arg;

	*got = 0;
	next_piece(l);
	if (l->ended)
		return ST_OK;
	*got = rows_take_some(l->r, dst, n < l->left ? n : l->left);
	l->left -= (uint32_t)*got;
	l->r->broken |= *got == 0;
	return ST_OK;
}

static void
pass_large(struct large *l)
{
	uint8_t rest[4096];
	size_t got = 1;

	while (got > 0 && !l->r->broken)
		(void)!read_large(l, rest, sizeof(rest), &got);
}

/* A key of so many bytes; one that is too long to be said is passed over. */
static bool
take_key(struct rows_reader *r, char key[KEY_TEXT], uint32_t *n)
{
	uint32_t left = *n;
	bool fits = left < KEY_TEXT;

	for (uint32_t some; left > 0; left -= some) {
		some = left < KEY_TEXT ? left : KEY_TEXT;
		if (!rows_take(r, key, some))
			return false;
	}
	if (!fits || !rows_key_said(span_of(key, *n)))
		*n = 0;
	return true;
}

/* Where it stands: "file, key 42". */
static bool
take_name(struct rows_reader *r, char name[JOB_NAME_MAX], struct span *said)
{
	char key[KEY_TEXT];
	uint32_t column, n;
	int len;

	if (!rows_take32(r, &column) || !rows_take32(r, &n) ||
	    column >= r->count || !take_key(r, key, &n)) {
		r->broken = true;
		return false;
	}
	len = snprintf(name, JOB_NAME_MAX, "%s%s%.*s", r->columns[column].name,
		       n > 0 ? ", key " : "", (int)n, key);
	*said = span_of(name, (size_t)len);
	return true;
}

enum status
rows_put_large(struct rows_reader *r)
{
	struct large l = {.r = r};
	struct part p = {.arg = &l, .read = read_large, .size = UINT64_MAX};
	char name[JOB_NAME_MAX];
	struct span said;
	enum status st = ST_OK;

	if (!take_name(r, name, &said) || !rows_take32(r, &l.left))
		return ST_OK;
	if (job_count(r->x))
		st = job_member(r->x, &p, said);
	pass_large(&l);
	return st;
}

void
rows_put_unread(struct rows_reader *r)
{
	char name[JOB_NAME_MAX], words[ROWS_WORDS + 1];
	enum cover_reason why;
	struct span said;

	if (take_name(r, name, &said) && rows_take_why(r, &why, words))
		job_note_member(r->x, said, why, words);
}
