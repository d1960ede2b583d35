#include <string.h>

#include "extract/office/xml_impl.h"
#include "extract/office/xmlscan.h"

static inline bool
at_word(const struct xml_reader *r, const char *word)
{
	size_t n = strlen(word);

	return xml_left(r) >= n && memcmp(r->p, word, n) == 0;
}

/* From `skip` bytes on up to a word; it goes on behind that. */
static enum xml_step
up_to(struct xml_reader *r, size_t skip, const char *word, struct span *s)
{
	size_t n = strlen(word);
	const uint8_t *from = r->p + skip, *to = NULL;

	if (xml_left(r) >= skip + n)
		to = memmem(from, xml_left(r) - skip, word, n);
	if (to == NULL)
		return STEP_MORE;
	*s = span_of(from, (size_t)(to - from));
	r->p = to + n;
	return STEP_ON;
}

static enum xml_step
read_comment(struct xml_reader *r)
{
	struct span s;
	enum xml_step step = up_to(r, 4, "-->", &s);

	if (step == STEP_ON && r->walk->other != NULL)
		r->walk->other(r->arg, s);
	return step;
}

/* Of an instruction what stands behind its name. */
enum xml_step
xml_instruction(struct xml_reader *r)
{
	struct span s;
	enum xml_step step = up_to(r, 2, "?>", &s);
	const uint8_t *p;

	if (step != STEP_ON || r->walk->other == NULL)
		return step;
	p = scan_name(s.ptr, s.ptr + s.len);
	if (p == s.ptr + 3 && memcmp(s.ptr, "xml", 3) == 0)
		return step;
	while (p < s.ptr + s.len && *p <= ' ')
		p++;
	r->walk->other(r->arg, span_of(p, (size_t)(s.ptr + s.len - p)));
	return step;
}

/* Behind a declaration, or at what stands in brackets within it. */
static enum xml_step
skip_declaration(struct xml_reader *r)
{
	const uint8_t *p = r->p + 2;

	for (; p < r->end && *p != '>' && *p != '['; p++)
		if (*p == '"' || *p == '\'') {
			p = memchr(p + 1, *p, (size_t)(r->end - p) - 1);
			if (p == NULL)
				return STEP_MORE;
		}
	if (p == r->end)
		return STEP_MORE;
	r->subset = r->subset || *p == '[';
	r->p = p + 1;
	return STEP_ON;
}

enum xml_step
xml_declaration(struct xml_reader *r)
{
	if (at_word(r, "<!--"))
		return read_comment(r);
	if (at_word(r, "<![CDATA[") && r->depth > 0) {
		r->data = true;
		r->p += 9;
		return STEP_ON;
	}
	if (at_word(r, "<!DOCTYPE") && !r->root)
		return skip_declaration(r);
	if (xml_left(r) < 9)
		return STEP_MORE;
	return xml_malformed(r, "not well-formed (invalid token)");
}

/* Of a DTD: what stands in it is passed over, up to an entity. */
enum xml_step
xml_subset(struct xml_reader *r)
{
	if (*r->p == ']') {
		const uint8_t *end = memchr(r->p, '>', xml_left(r));

		if (end == NULL)
			return STEP_MORE;
		r->p = end + 1;
		r->subset = false;
		return STEP_ON;
	}
	if (*r->p != '<') {
		r->p++;
		return STEP_ON;
	}
	if (xml_left(r) < 8 && !r->in.last)
		return STEP_MORE;
	if (at_word(r, "<!ENTITY"))
		return xml_fail(r, COVER_UNSUPPORTED, "it declares entities");
	if (at_word(r, "<!--"))
		return read_comment(r);
	if (at_word(r, "<?"))
		return xml_instruction(r);
	return at_word(r, "<!")
		   ? skip_declaration(r)
		   : xml_malformed(r, "not well-formed (invalid token)");
}
