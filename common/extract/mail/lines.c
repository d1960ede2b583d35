#include "extract/mail/lines.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define FROM_MAX 512 /* bytes of a line that begins a message */

static bool
begins(struct span s, const char *with)
{
	size_t n = strlen(with);

	return s.len >= n && memcmp(s.ptr, with, n) == 0;
}

/* Without its end, which need not be there. */
static struct span
first_line(struct span s)
{
	const uint8_t *nl = s.len == 0 ? NULL : memchr(s.ptr, '\n', s.len);

	if (nl != NULL)
		s.len = (size_t)(nl - s.ptr);
	if (s.len > 0 && s.ptr[s.len - 1] == '\r')
		s.len--;
	return s;
}

static struct span
trimmed(struct span s)
{
	while (s.len > 0 &&
	       (s.ptr[s.len - 1] == ' ' || s.ptr[s.len - 1] == '\t'))
		s.len--;
	return s;
}

static bool
digits(struct span s, size_t at, size_t n)
{
	if (at > s.len || n > s.len - at)
		return false;
	while (n-- > 0)
		if (!isdigit(s.ptr[at + n]))
			return false;
	return true;
}

/* A time of day and a year of this century or the last. */
bool
lines_from(struct span s)
{
	bool time = false, year = false;

	s = first_line(s);
	if (!begins(s, "From ") || s.len > FROM_MAX)
		return false;
	for (size_t i = 5; i + 4 < s.len + 1; i++) {
		if (s.ptr[i] == ':' && digits(s, i - 2, 2) &&
		    digits(s, i + 1, 2))
			time = true;
		if (s.ptr[i - 1] == ' ' && digits(s, i, 4) &&
		    (begins(span_skip(s, i), "19") ||
		     begins(span_skip(s, i), "20")))
			year = true;
	}
	return time && year;
}

/* "Name:" */
static bool
is_field(struct span s)
{
	size_t n = 0;

	while (n < s.len && (isalnum(s.ptr[n]) || s.ptr[n] == '-'))
		n++;
	return n > 0 && n < s.len && s.ptr[n] == ':';
}

static struct span
line_after(struct span s)
{
	const uint8_t *nl = memchr(s.ptr, '\n', s.len);

	return nl == NULL ? span_of(NULL, 0)
			  : span_skip(s, (size_t)(nl - s.ptr) + 1);
}

/* What stands behind "--": this boundary, perhaps with "--" at its end? */
static enum lines_stop
matches(const struct lines_boundary *b, struct span line)
{
	if (b->len == 0 || line.len < b->len ||
	    memcmp(line.ptr, b->text, b->len) != 0)
		return LINES_GO;
	line = trimmed(span_skip(line, b->len));
	if (line.len == 0)
		return LINES_BETWEEN;
	return begins(line, "--") ? LINES_LAST : LINES_GO;
}

/*
 * Some senders name one boundary and write another: what has a field of a part
 * in the next line is one.
 */
static enum lines_stop
adopted(struct lines *l, struct span line, struct span next)
{
	struct lines_boundary *b = &l->around[l->depth - 1];

	line = trimmed(line);
	if (line.len == 0 || line.len > LINES_BOUNDARY || next.len < 8 ||
	    strncasecmp((const char *)next.ptr, "Content-", 8) != 0)
		return LINES_GO;
	memcpy(b->text, line.ptr, line.len);
	b->len = line.len;
	l->adopted = true;
	l->at = l->depth - 1;
	return LINES_BETWEEN;
}

static enum lines_stop
dashes(struct lines *l, struct span s)
{
	struct span line = first_line(s);
	enum lines_stop stop;

	if (begins(line, "-----BEGIN PGP MESSAGE"))
		l->pgp = true;
	line = span_skip(line, 2);
	for (size_t i = l->depth; i-- > 0;) {
		stop = matches(&l->around[i], line);
		if (stop != LINES_GO) {
			l->at = i;
			return stop;
		}
	}
	if (!l->adopt || l->depth == 0 || l->around[l->depth - 1].found)
		return LINES_GO;
	return adopted(l, line, line_after(s));
}

static enum lines_stop
begin_of_file(struct span s)
{
	struct span line = first_line(s);
	size_t n = 6;

	if (begins(line, "=ybegin ") && line.len < FROM_MAX)
		return LINES_YENC;
	if (!begins(line, "begin ") || line.len > FROM_MAX)
		return LINES_GO;
	while (digits(line, n, 1))
		n++;
	if (n < 9 || n > 10 || n + 1 >= line.len || line.ptr[n] != ' ')
		return LINES_GO;
	s = line_after(s);
	line = first_line(s); /* says how many bytes it holds */
	return line.len > 0 && line.ptr[0] > ' ' && line.ptr[0] <= 'M' &&
		       line.len >= 1u + (line.ptr[0] - 32u) * 4 / 3
		   ? LINES_UU
		   : LINES_GO;
}

/* Does the line that begins here stop us? */
static enum lines_stop
look(struct lines *l)
{
	struct span s = part_ahead(l->p);
	uint8_t c = s.len > 0 ? s.ptr[0] : 0;

	if (s.len == 0)
		return LINES_END;
	if (c != '-' && c != 'F' && c != 'b' && c != '=')
		return LINES_GO;
	if (l->p->whole.ptr == NULL && s.len < PART_BUF / 8)
		s = part_peek(l->p, PART_BUF - PART_BACK);
	if (begins(s, "--"))
		return dashes(l, s);
	if (l->mailbox && c == 'F' && lines_from(s) &&
	    (l->blank || is_field(line_after(s))))
		return LINES_MESSAGE;
	return l->files && (c == 'b' || c == '=') ? begin_of_file(s) : LINES_GO;
}

/*
 * The rest of a line, at most `most` bytes, or what is buffered of it; l->eol
 * tells the length of its end when it was reached.
 */
static struct span
take(struct lines *l, size_t most)
{
	struct span s = part_ahead(l->p);
	const uint8_t *nl = s.len == 0 ? NULL : memchr(s.ptr, '\n', s.len);
	bool began = !l->inside;
	size_t n = nl == NULL ? s.len : (size_t)(nl - s.ptr);

	l->eol = nl == NULL ? 0 : 1;
	if (n > 0 && nl != NULL && s.ptr[n - 1] == '\r') {
		n--;
		l->eol = 2;
	} else if (n > 1 && nl == NULL && s.ptr[n - 1] == '\r') {
		n--; /* its line feed may come */
	}
	if (n > most) {
		n = most;
		l->eol = 0;
	}
	part_consume(l->p, n + l->eol);
	l->inside = s.len > 0 && l->eol == 0;
	l->blank = began && n == 0;
	return span_of(s.ptr, n);
}

/* Nothing stops at a line that begins like this, whatever follows it. */
static bool
passes(const uint8_t *p)
{
	switch (p[0]) {
	case '-':
		return p[1] != '-';
	case 'F':
		return p[1] != 'r';
	case 'b':
		return p[1] != 'e';
	case '=':
		return p[1] != 'y';
	default:
		return true;
	}
}

/* Bytes of lines before the last that nothing stops at. */
static size_t
lines_before(struct span s)
{
	const uint8_t *line = s.ptr, *end = s.ptr + s.len, *nl;

	while (line < end &&
	       (nl = memchr(line, '\n', (size_t)(end - line))) != NULL &&
	       end - nl > 2 && passes(nl + 1))
		line = nl + 1;
	return (size_t)(line - s.ptr);
}

/* The rest of a line; or, at its begin, as many as stand there. */
static struct span
take_lines(struct lines *l)
{
	struct span s = part_ahead(l->p);
	size_t n = s.len == 0 || l->inside ? 0 : lines_before(s);

	part_consume(l->p, n);
	return span_of(s.ptr, n + take(l, SIZE_MAX).len);
}

/* A lone CR that ended what was buffered waits for what follows it. */
static void
join_end(struct lines *l)
{
	struct span s = part_ahead(l->p);

	if (s.len == 1 && s.ptr[0] == '\r')
		(void)part_peek(l->p, 2);
}

static struct span
next(struct lines *l, bool several)
{
	static const uint8_t ends[] = "\r\n";
	struct span s = {0};

	while (l->stop == LINES_GO && s.len == 0) {
		uint8_t eol = l->eol;

		if (!l->inside)
			l->stop = look(l);
		l->eol = 0;
		if (eol > 0 && l->stop != LINES_BETWEEN &&
		    l->stop != LINES_LAST)
			return span_of(ends + 2 - eol, eol);
		if (l->stop != LINES_GO)
			break;
		if (l->inside)
			join_end(l);
		s = several ? take_lines(l) : take(l, SIZE_MAX);
		if (s.len == 0 && l->eol == 0)
			l->stop = LINES_END;
	}
	return s;
}

struct span
lines_next(struct lines *l)
{
	return next(l, false);
}

struct span
lines_several(struct lines *l)
{
	return next(l, true);
}

bool
lines_read(struct lines *l, uint8_t *dst, size_t room, size_t *len)
{
	struct span s;

	*len = 0;
	l->eol = 0;
	if (l->stop == LINES_GO && !l->inside)
		l->stop = look(l);
	if (l->stop != LINES_GO)
		return false;
	do {
		if (l->inside)
			join_end(l);
		s = take(l, room - *len);
		if (s.len > 0)
			memcpy(dst + *len, s.ptr, s.len);
		*len += s.len;
	} while (l->inside && *len < room && s.len > 0);
	l->eol = 0;
	return true;
}

bool
lines_more(struct lines *l)
{
	if (l->stop == LINES_GO && !l->inside)
		l->stop = look(l);
	return l->stop == LINES_GO;
}

void
lines_pass(struct lines *l)
{
	l->stop = LINES_GO;
	do
		(void)take(l, SIZE_MAX);
	while (l->inside && part_ahead(l->p).len > 0);
	l->inside = false;
	l->eol = 0;
	l->blank = false;
}

struct span
lines_stopper(struct lines *l)
{
	return first_line(part_ahead(l->p));
}
