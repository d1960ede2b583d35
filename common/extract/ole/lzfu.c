#include "extract/ole/lzfu.h"

#include <stdlib.h>
#include <string.h>

#include "extract/ole/le.h"

static const char dictionary[] =
    "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman "
    "\\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New "
    "RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    "\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

bool
lzfu_begin(struct lzfu *z, struct part *from)
{
	struct span s = part_peek(from, 16);

	if (s.len < 16 || (memcmp(s.ptr + 8, "LZFu", 4) != 0 &&
			   memcmp(s.ptr + 8, "MELA", 4) != 0))
		return false;
	memset(z, 0, offsetof(struct lzfu, input));
	z->from = from;
	z->left = le32(s.ptr + 4);
	z->plain = s.ptr[8] == 'M';
	z->at = sizeof(dictionary) - 1;
	memcpy(z->window, dictionary, sizeof(dictionary) - 1);
	part_consume(from, 16);
	return true;
}

/* What comes next: a byte, or a piece of the window; false: the end. */
static bool
next(struct lzfu *z)
{
	struct span s;

	if (z->bits == 0) {
		s = part_peek(z->from, 1);
		if (s.len < 1)
			return false;
		z->flags = s.ptr[0];
		z->bits = 8;
		part_consume(z->from, 1);
	}
	s = part_peek(z->from, 2);
	if (s.len < ((z->flags & 1) ? 2u : 1u))
		return false;
	if (z->flags & 1) {
		z->copy = (unsigned)(s.ptr[0] << 4 | s.ptr[1] >> 4);
		z->length = (s.ptr[1] & 15u) + 2;
		z->end =
		    z->copy == z->at; /* a piece that begins here ends it */
	} else {
		/* a byte is a piece of one that was just put there */
		z->window[z->at] = s.ptr[0];
		z->copy = z->at;
		z->length = 1;
	}
	part_consume(z->from, (z->flags & 1) ? 2 : 1);
	z->flags >>= 1;
	z->bits--;
	return !z->end;
}

enum status
lzfu_read(void *arg, void *dst, size_t n, size_t *got)
{
	struct lzfu *z = arg;
	uint8_t *to = dst;

	*got = 0;
	if (n > z->left)
		n = (size_t)z->left;
	if (z->plain)
		*got = part_read(z->from, dst, n);
	while (!z->plain && *got < n && (z->length > 0 || next(z))) {
		to[*got] = z->window[z->copy];
		z->window[z->at] = to[(*got)++];
		z->at = (z->at + 1) % LZFU_WINDOW;
		z->copy = (z->copy + 1) % LZFU_WINDOW;
		z->length--;
	}
	z->left -= *got;
	return *got == 0 && z->left > 0 ? ST_CLOSED : ST_OK;
}

enum status
lzfu_member(struct extractor *x, struct part *packed, struct span name)
{
	struct lzfu *z = malloc(sizeof(*z));
	struct part inner = {.arg = z, .read = lzfu_read, .size = UINT64_MAX};
	enum status st = ST_OK;

	if (z == NULL)
		return ST_NOMEM;
	packed->buf = z->input;
	if (job_count(x))
		st = job_member(x, lzfu_begin(z, packed) ? &inner : packed,
				name);
	free(z);
	return st;
}
