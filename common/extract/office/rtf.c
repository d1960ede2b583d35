#include "extract/office/rtf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "extract/charset.h"
#include "extract/office/prose.h"
#include "extract/office/rtfhex.h"
#include "extract/office/rtfword.h"
#include "extract/utf8.h"

#define GROUPS_MAX 512 /* deeper ones are as the one around them */
#define WORD_MAX   32
#define FONTS_MAX  1024

static const struct prose_element elements[] = {
    {"para", PROSE_LINE, NULL},
    {"beside", PROSE_CODE, NULL},
    {"annotation", PROSE_ITEM, "comment #"},
    {"footnote", PROSE_ITEM, "note #"},
    {"header", PROSE_ITEM, "header #"},
    {"headerf", PROSE_ITEM, "header #"},
    {"headerl", PROSE_ITEM, "header #"},
    {"headerr", PROSE_ITEM, "header #"},
    {"footer", PROSE_ITEM, "footer #"},
    {"footerf", PROSE_ITEM, "footer #"},
    {"footerl", PROSE_ITEM, "footer #"},
    {"footerr", PROSE_ITEM, "footer #"},
    {"info", PROSE_ITEM, "properties"},
    {"userprops", PROSE_ITEM, "properties"},
    {"shptxt", PROSE_ITEM, "text box #"},
    {NULL, PROSE_PARA, NULL},
};

struct group {
	const char *item; /* of prose, opened by this group */
	bool beside;      /* the same */
	const char *hex;  /* what its digits are: "picture" */
	bool object;      /* in an OLE wrapper */
	bool info;        /* its groups are lines */
	bool gone, fresh;
	uint8_t skipped; /* characters behind \u */
	const struct charset *page;
};

struct rtf {
	struct extractor *x;
	struct part *p;
	struct prose prose;
	struct group groups[GROUPS_MAX];
	size_t depth;  /* of the open group; 0: behind the last one */
	bool star;     /* \* was the last word */
	unsigned skip; /* characters that \u replaces */
	uint32_t high; /* of a pair */
	const struct charset *usual;
	const struct charset *fonts[FONTS_MAX];
	unsigned font; /* being declared */
	unsigned members;
	enum status st;
};

static struct group *
group(struct rtf *r)
{
	size_t at = r->depth < GROUPS_MAX ? r->depth : GROUPS_MAX - 1;

	return &r->groups[at];
}

/* -1 at the end. */
static int
next(struct rtf *r)
{
	struct span s = part_ahead(r->p);
	int c;

	if (s.len == 0)
		return -1;
	c = s.ptr[0];
	part_consume(r->p, 1);
	return c;
}

static int
peek(struct rtf *r)
{
	struct span s = part_ahead(r->p);

	return s.len == 0 ? -1 : s.ptr[0];
}

/* ---- text ------------------------------------------------------------------
 */

static void
put(struct rtf *r, uint32_t c)
{
	uint8_t u[UTF8_MAX];

	r->prose.gone = group(r)->gone;
	r->prose.new = group(r)->fresh;
	prose_text(&r->prose, span_of(u, utf8_put(u, c)));
}

/* A character that may stand for the \u before it. */
static void
put_plain(struct rtf *r, uint32_t c)
{
	if (r->skip > 0)
		r->skip--;
	else
		put(r, c);
}

static void
put_byte(struct rtf *r, uint8_t c)
{
	const struct charset *page = group(r)->page;

	put_plain(r, c < 0x80 || page == NULL ? c : charset_char(page, c));
}

static void
put_unicode(struct rtf *r, long n)
{
	uint32_t c = (uint32_t)n & 0xffffu;

	r->skip = group(r)->skipped;
	if (n > 0xffff) {
		put(r, (uint32_t)n);
	} else if (c >= 0xd800 && c < 0xdc00) {
		r->high = c;
	} else if (c >= 0xdc00 && c < 0xe000 && r->high != 0) {
		put(r, 0x10000 + ((r->high - 0xd800) << 10) + (c - 0xdc00));
		r->high = 0;
	} else {
		put(r, c);
	}
}

static void
end_para(struct rtf *r)
{
	if (group(r)->beside) {
		prose_aside(&r->prose, span_str("\n"));
		return;
	}
	prose_leave(&r->prose, "para");
	prose_enter(&r->prose, "para");
}

/* ---- groups ----------------------------------------------------------------
 */

static void
open_group(struct rtf *r)
{
	const struct group *outer = group(r);

	r->depth++;
	if (r->depth >= GROUPS_MAX)
		return;
	*group(r) = (struct group){
	    .hex = outer->hex,
	    .object = outer->object,
	    .gone = outer->gone,
	    .fresh = outer->fresh,
	    .skipped = outer->skipped,
	    .page = outer->page,
	};
	if (outer->info)
		prose_enter(&r->prose, "para");
}

static void
close_group(struct rtf *r)
{
	struct group *g = group(r);

	if (r->depth == 0)
		return;
	r->skip = 0;
	r->star = false;
	if (r->depth-- >= GROUPS_MAX)
		return;
	if (g->beside)
		prose_leave(&r->prose, "beside");
	if (g->item != NULL) {
		prose_leave(&r->prose, "para");
		prose_leave(&r->prose, g->item);
	}
	if (group(r)->info)
		prose_leave(&r->prose, "para");
}

static void
go_beside(struct rtf *r)
{
	struct group *g = group(r);

	if (g->beside || g->item != NULL || r->depth >= GROUPS_MAX)
		return;
	g->beside = true;
	prose_enter(&r->prose, "beside");
}

static void
go_item(struct rtf *r, const char *name)
{
	struct group *g = group(r);

	if (g->beside || g->item != NULL || r->depth >= GROUPS_MAX)
		return;
	g->item = name;
	g->info = strcmp(name, "info") == 0 || strcmp(name, "userprops") == 0;
	prose_enter(&r->prose, name);
	prose_enter(&r->prose, "para");
}

/* ---- words -----------------------------------------------------------------
 */

static struct span
member_name(struct rtf *r, char dst[32])
{
	const char *what = group(r)->hex;

	snprintf(dst, 32, "%s %u", what != NULL ? what : "data", ++r->members);
	return span_str(dst);
}

static void
read_bin(struct rtf *r, long n)
{
	char name[32];

	if (n > 0)
		r->st = rtf_bin(r->x, r->p, (uint64_t)n, member_name(r, name));
}

static void
set_page(struct rtf *r, long n)
{
	r->usual = rtf_page((unsigned)n);
	for (size_t i = 0; i <= r->depth && i < GROUPS_MAX; i++)
		r->groups[i].page = r->usual;
}

/* In the table of fonts a font is declared, elsewhere it is chosen. */
static void
set_font(struct rtf *r, long n)
{
	r->font = n >= 0 && n < FONTS_MAX ? (unsigned)n : 0;
	group(r)->page =
	    r->fonts[r->font] != NULL ? r->fonts[r->font] : r->usual;
}

static void
set_charset(struct rtf *r, long n)
{
	r->fonts[r->font] = rtf_font_page((unsigned)n, r->usual);
	group(r)->page = r->fonts[r->font];
}

static void
do_word(struct rtf *r, const struct rtf_word *w, bool has, long n)
{
	struct group *g = group(r);

	switch (w->does) {
	case RTF_ITEM:
		go_item(r, w->name);
		break;
	case RTF_BESIDE:
		go_beside(r);
		break;
	case RTF_HEX:
		g->hex = strcmp(w->name, "pict") == 0 ? "picture" : "data";
		g->object = false;
		break;
	case RTF_OBJECT:
		g->hex = "object";
		g->object = true;
		break;
	case RTF_CHAR:
		put_plain(r, w->c);
		break;
	case RTF_PARA:
		end_para(r);
		break;
	case RTF_BIN:
		read_bin(r, n);
		break;
	case RTF_UNICODE:
		put_unicode(r, n);
		break;
	case RTF_SKIPPED:
		g->skipped = n >= 0 && n < 100 ? (uint8_t)n : 1;
		break;
	case RTF_PAGE:
		set_page(r, n);
		break;
	case RTF_FONT:
		set_font(r, n);
		break;
	case RTF_CHARSET:
		set_charset(r, n);
		break;
	case RTF_GONE:
		g->gone = !has || n != 0;
		break;
	case RTF_NEW:
		g->fresh = !has || n != 0;
		break;
	case RTF_PLAIN:
		g->gone = g->fresh = false;
		break;
	case RTF_NOTHING:
		break;
	}
}

/* The number behind a word; a blank behind it belongs to it. */
static bool
read_number(struct rtf *r, long *n)
{
	bool minus = peek(r) == '-', has = false;

	*n = 0;
	if (minus)
		next(r);
	for (int c = peek(r); c >= '0' && c <= '9'; c = peek(r)) {
		has = true;
		if (*n < 1000000000)
			*n = *n * 10 + (c - '0');
		next(r);
	}
	if (minus)
		*n = -*n;
	if (peek(r) == ' ')
		next(r);
	return has;
}

static void
read_word(struct rtf *r)
{
	const struct rtf_word *w;
	char name[WORD_MAX];
	size_t len = 0;
	bool has;
	long n;

	for (int c = peek(r); (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
	     c = peek(r)) {
		if (len < sizeof(name) - 1)
			name[len++] = (char)c;
		next(r);
	}
	name[len] = 0;
	has = read_number(r, &n);
	w = rtf_word_find(name);
	if (r->skip > 0 && w == NULL) {
		r->skip--;
	} else if (w != NULL) {
		do_word(r, w, has, n);
	} else if (r->star) {
		go_beside(r); /* a group that only some programs know */
	}
	r->star = false;
}

static void
read_symbol(struct rtf *r)
{
	int c = next(r), high, low;

	switch (c) {
	case '\'':
		high = codec_digit(next(r));
		low = codec_digit(next(r));
		if (high >= 0 && low >= 0)
			put_byte(r, (uint8_t)(high << 4 | low));
		break;
	case '*':
		r->star = true;
		break;
	case '~':
		put_plain(r, ' ');
		break;
	case '_':
		put_plain(r, '-');
		break;
	case '-': /* a hyphen where a line may end */
	case ':':
	case '|':
	case -1:
		break;
	case '\r':
	case '\n':
		end_para(r);
		break;
	default:
		put_plain(r, (uint32_t)c);
	}
}

/* ---- all of it -------------------------------------------------------------
 */

static void
read_char(struct rtf *r, int c)
{
	char name[32];

	if (c == '\r' || c == '\n' || c == 0)
		return;
	if (group(r)->hex != NULL && codec_digit(c) >= 0) {
		part_unread(r->p, 1);
		r->st =
		    rtf_hex(r->x, r->p, member_name(r, name), group(r)->object);
		return;
	}
	put_byte(r, (uint8_t)c);
}

static void
read_next(struct rtf *r, int c)
{
	if (c == '{') {
		open_group(r);
	} else if (c == '}') {
		close_group(r);
	} else if (c == '\\') {
		int d = peek(r);

		if ((d | 0x20) >= 'a' && (d | 0x20) <= 'z')
			read_word(r);
		else
			read_symbol(r);
	} else {
		read_char(r, c);
	}
}

static void
read_all(struct rtf *r)
{
	unsigned n = 0;
	int c;

	do {
		if (++n % 65536 == 0 && !job_in_time(r->x))
			return;
		c = next(r);
		if (c >= 0)
			read_next(r, c);
	} while (c >= 0 && r->depth > 0 && r->st == ST_OK && !r->x->stop);
	if (c < 0 && r->depth > 0 && r->p->failed == ST_OK && !r->x->stop)
		job_note_words(r->x, COVER_TRUNCATED, "%zu groups are open",
			       r->depth);
}

enum status
rtf_part(struct extractor *x, struct part *p)
{
	struct rtf *r = calloc(1, sizeof(*r));
	enum status st, end;

	if (r == NULL)
		return ST_NOMEM;
	r->x = x;
	r->p = p;
	r->usual = rtf_page(1252);
	r->groups[0].skipped = 1;
	r->groups[0].page = r->usual;
	st = prose_begin(&r->prose, x, elements, NULL);
	if (st == ST_OK) {
		prose_enter(&r->prose, "para");
		read_all(r);
		prose_leave(&r->prose, "para");
		end = prose_end(&r->prose);
		st = r->st != ST_OK ? r->st : end;
	}
	free(r);
	return st == ST_OK && !x->stop ? job_rest(x, p) : st;
}
