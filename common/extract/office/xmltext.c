#include <string.h>

#include "extract/office/xml_impl.h"
#include "extract/office/xmlscan.h"

/* A reference is cut by the end of the window. */
static bool
cut_reference(const struct xml_reader *r)
{
	return !r->in.last && xml_left(r) < XML_REFERENCE &&
	       memchr(r->p, ';', xml_left(r)) == NULL;
}

static enum xml_step
read_reference(struct xml_reader *r)
{
	uint8_t c[4];
	size_t n, used;

	if (cut_reference(r))
		return STEP_MORE;
	n = xml_reference(r->p, r->end, c, &used);
	if (n > 0)
		xml_tell(r, c, n);
	else
		xml_tell(r, r->p, used);
	r->p += used;
	return STEP_ON;
}

/* A line end is \n, whatever it is in the document. */
static enum xml_step
read_return(struct xml_reader *r)
{
	if (xml_left(r) == 1 && !r->in.last)
		return STEP_MORE;
	r->p++;
	if (xml_left(r) == 0 || *r->p != '\n')
		xml_tell(r, "\n", 1);
	return STEP_ON;
}

/* Outside of the root are only blanks. */
static enum xml_step
read_outside(struct xml_reader *r)
{
	while (r->p < r->end && (*r->p == ' ' || (*r->p >= 9 && *r->p <= 13)))
		r->p++;
	if (r->p == r->end || *r->p == '<')
		return STEP_ON;
	return xml_malformed(r, r->root ? "junk after document element"
					: "syntax error");
}

enum xml_step
xml_text(struct xml_reader *r)
{
	const uint8_t *from = r->p;

	if (r->depth == 0)
		return read_outside(r);
	r->p = scan_text(from, r->end);
	xml_tell(r, from, (size_t)(r->p - from));
	if (r->p == r->end || *r->p == '<')
		return STEP_ON;
	return *r->p == '&' ? read_reference(r) : read_return(r);
}

/* The end of a section, a line end of two bytes, or that of the window. */
static const uint8_t *
scan_data(const uint8_t *p, const uint8_t *end)
{
	while (p < end && *p != '\r' &&
	       (*p != ']' || end - p < 3 || memcmp(p, "]]>", 3) != 0))
		p++;
	return p;
}

/* As text, without a look for what is a tag in it. */
enum xml_step
xml_data(struct xml_reader *r)
{
	const uint8_t *from = r->p;

	r->p = scan_data(from, r->end);
	/* "]]" may be the beginning of its end */
	for (size_t n = 0; n < 2 && r->p > from && r->p[-1] == ']' &&
			   r->p == r->end - n && !r->in.last;
	     n++)
		r->p--;
	xml_tell(r, from, (size_t)(r->p - from));
	if (r->p == r->end)
		return STEP_ON;
	if (*r->p == '\r')
		return read_return(r);
	if (xml_left(r) < 3)
		return STEP_MORE;
	r->p += 3;
	r->data = false;
	return STEP_ON;
}
