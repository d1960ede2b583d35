#include "extract/pdf/book.h"

#include "extract/pdf/glyph.h"

#define NESTED_MAX 24

/* These say nothing, or nothing that is text. */
static bool
mute(struct span key)
{
	static const char *const keys[] = {"CharSet", "Registry", "Ordering",
					   "Panose",  "ID",       "DA",
					   "Lookup",  "D",        "Dest"};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (pdf_is(key, keys[i]))
			return true;
	return false;
}

static void
utf16(struct book *b, struct span s, bool little)
{
	uint8_t two[4];

	for (size_t i = 0; i + 1 < s.len; i += 2) {
		two[0] = s.ptr[i + little];
		two[1] = s.ptr[i + !little];
		if ((two[0] & 0xfc) == 0xd8 && i + 3 < s.len) {
			two[2] = s.ptr[i + 2 + little];
			two[3] = s.ptr[i + 2 + !little];
			pdf_layout_text(&b->content.layout, two, 4);
			i += 2;
		} else if (two[0] == 0 && (two[1] == '\n' || two[1] == '\r')) {
			pdf_layout_line(&b->content.layout);
		} else {
			pdf_layout_text(&b->content.layout, two, 2);
		}
	}
}

static void
bytes(struct book *b, struct span s)
{
	for (size_t i = 0; i < s.len; i++) {
		uint16_t c = pdf_encodings[PDF_ENCODING_DOC][s.ptr[i]];
		uint8_t two[2] = {(uint8_t)(c >> 8), (uint8_t)c};

		if (c == '\n' || c == '\r')
			pdf_layout_line(&b->content.layout);
		else
			pdf_layout_text(&b->content.layout, two, 2);
	}
}

/* By what it begins with (ISO 32000-2, 7.9.2). */
static void
text(struct book *b, struct span s)
{
	if (s.len >= 2 && s.ptr[0] == 0xfe && s.ptr[1] == 0xff)
		utf16(b, span_skip(s, 2), false);
	else if (s.len >= 2 && s.ptr[0] == 0xff && s.ptr[1] == 0xfe)
		utf16(b, span_skip(s, 2), true);
	else if (s.len >= 3 && memcmp(s.ptr, "\xef\xbb\xbf", 3) == 0)
		made_text(b->to, span_skip(s, 3));
	else
		bytes(b, s);
	b->content.layout.last = 'x'; /* whatever it was, a line is begun */
	pdf_layout_line(&b->content.layout);
}

static void
string(struct book *b, struct pdf_value v, struct span key)
{
	struct buf s;

	buf_init(&s, PDF_STRING_MAX);
	/* what does not fit is cut */
	if (pdf_bytes(&b->f, v, &s) != ST_OK && s.len == 0)
		b->f.damaged = true;
	if (s.len > 0) {
		if (key.len > 1)
			made_text(b->to, span_skip(key, 1));
		made_text(b->to, span_str(key.len > 1 ? ": " : ""));
		text(b, buf_span(&s));
	}
	buf_fini(&s);
}

/* A file that goes down by the name it has. */
static void
attachment(struct book *b, struct pdf_value spec, enum book_kind kind,
	   uint32_t number)
{
	static const char *const keys[] = {"F", "UF", "DOS", "Mac", "Unix"};
	struct pdf_value files = pdf_at(&b->f, spec, "EF");
	struct pdf_value v = pdf_at(&b->f, spec, "UF");
	struct extractor *x = b->f.x;
	struct buf name;
	size_t outer;

	if (v.raw.len == 0)
		v = pdf_at(&b->f, spec, "F");
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		struct pdf_value file = pdf_at(&b->f, files, keys[i]);

		if (file.in == NULL || file.in->seen ||
		    file.in->body.ptr == NULL)
			continue;
		buf_init(&name, JOB_NAME_MAX);
		if (pdf_bytes(&b->f, v, &name) != ST_OK)
			buf_clear(&name);
		outer = job_enter(x, span_str("attachment"));
		book_member(b, file.in, buf_span(&name));
		job_leave(x, outer);
		buf_fini(&name);
	}
	made_mark(b->to, number, kind);
}

/* Strings of a value and of all within it. */
static void
walk(struct book *b, struct pdf_value v, struct span key, enum book_kind kind,
     uint32_t number)
{
	struct span in = pdf_inside(v.raw), k = key, s;
	enum pdf_kind what = pdf_kind(v.raw);

	if (what == PDF_STRING || what == PDF_HEX)
		string(b, v, key);
	if ((what != PDF_DICT && what != PDF_ARRAY) || b->nested > NESTED_MAX)
		return;
	b->nested++;
	if (what == PDF_DICT && pdf_get(v.raw, "EF").len > 0)
		attachment(b, v, kind, number);
	while (!b->f.x->stop) {
		if (what == PDF_DICT && pdf_next(&in, &k) == PDF_END)
			break;
		if (pdf_item(&in, &s) == PDF_END)
			break;
		if (!mute(k))
			walk(b, (struct pdf_value){s, v.in}, k, kind, number);
	}
	b->nested--;
}

void
book_strings(struct book *b, struct pdf_object *o, enum book_kind kind,
	     uint32_t number)
{
	o->seen = true;
	pdf_layout_line(&b->content.layout);
	made_mark(b->to, number, kind);
	walk(b, (struct pdf_value){o->raw, o}, span_of(NULL, 0), kind, number);
}
