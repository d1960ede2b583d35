#include <stdlib.h>
#include <string.h>

#include "detect/assign/assign.h"
#include "detect/assign/guess.h"

/*
 * Any bytes as code or settings: what is given to a name lies behind it, within
 * the reach that the header states, and is the same when the text is cut there.
 * What a guess says of it follows from the value alone, and a value that is a
 * template or stop words is neither a token nor a password.
 */

/* In memory of exactly its size, so that a read outside is seen. */
static uint8_t *
copy_of(struct span s)
{
	uint8_t *p = malloc(s.len + (s.len == 0));

	if (p == NULL)
		exit(0);
	if (s.len > 0)
		memcpy(p, s.ptr, s.len);
	return p;
}

static void
check_value(struct span v)
{
	uint8_t *own = copy_of(v);
	struct span copy = span_of(own, v.len);
	bool token = guess_token(copy), password = guess_password(copy);

	if (token != guess_token(v) || password != guess_password(v))
		abort();
	if (token && (v.len < 16 || v.len > GUESS_MAX))
		abort();
	if (password && v.len > GUESS_MAX)
		abort();
	if (guess_template(copy) != guess_template(v) ||
	    guess_stop_words(copy) != guess_stop_words(v))
		abort();
	free(own);
}

/* The answer for the text that the header lets it depend on. */
static void
check_cut(struct span text, size_t at, bool found, const struct assigned *a)
{
	size_t lo = at < ASSIGN_BACK ? 0 : at - ASSIGN_BACK;
	size_t hi =
	    text.len - at < ASSIGN_BEHIND ? text.len : at + ASSIGN_BEHIND;
	uint8_t *own = copy_of(span_of(text.ptr + lo, hi - lo));
	struct span cut = span_of(own, hi - lo);
	struct assigned b;

	if (assign_find(cut, at - lo, &b) != found)
		abort();
	if (found && (a->start != b.start + lo || a->end != b.end + lo ||
		      a->quoted != b.quoted))
		abort();
	free(own);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text;
	struct assigned a;
	bool found;
	size_t at;

	if (size < 3)
		return 0;
	/* the first two bytes say where the name stands */
	text = span_of(data + 2, size - 2);
	at = ((size_t)data[0] << 8 | data[1]) % text.len;
	found = assign_find(text, at, &a);
	if (found &&
	    (a.start >= a.end || a.end > text.len || a.start < at ||
	     a.start - at > ASSIGN_REACH || a.end - a.start > ASSIGN_VALUE))
		abort();
	check_cut(text, at, found, &a);
	if (found)
		check_value(span_of(text.ptr + a.start, a.end - a.start));
	check_value(text);
	return 0;
}
