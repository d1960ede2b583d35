#include <string.h>

#include "detect/decide/evidence.h"
#include "detect/work.h"

/* RFC 5321 */
#define LOCAL_MAX  64
#define DOMAIN_MAX 253
#define LABEL_MAX  63

static bool
alnum(uint8_t c)
{
	return (c >= '0' && c <= '9') || (uint8_t)((c | 32) - 'a') < 26;
}

static uint8_t
lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

size_t
email_value(struct span raw, uint8_t *out, size_t room)
{
	size_t n = 0;

	for (; n < raw.len && n < room; n++)
		out[n] = lower(raw.ptr[n]);
	return n;
}

/*
 * RFC 5322 atext without what only quotes and templates use, and letters of
 * other scripts as in RFC 6531.
 */
static bool
local_byte(uint8_t c)
{
	return alnum(c) || c >= 0x80 ||
	       (c != 0 && strchr("._%+-&'~!#$*/=?^`{|}", c) != NULL);
}

/* The first byte of a letter beyond ASCII; 0xe2 is that of quotes and dashes.
 */
static bool
opens_letter(uint8_t c)
{
	return c >= 0xc3 && c != 0xe2 && c < 0xf0;
}

/* The beginning of the local part that ends before the @ at `at`. */
static size_t
local_start(struct span t, size_t at)
{
	size_t n = 0;

	while (n <= LOCAL_MAX && n < at && local_byte(t.ptr[at - n - 1]))
		n++;
	/* marks that belong to the text around: 'a@b.de', =a@b.de, ~/a@b.de */
	for (size_t i = at - n; i < at; i++)
		if (t.ptr[i] == '=' || t.ptr[i] == '/' || t.ptr[i] == '\'' ||
		    t.ptr[i] == '|' || t.ptr[i] == '`' || t.ptr[i] == '*' ||
		    t.ptr[i] == '{' || t.ptr[i] == '}' || t.ptr[i] == '?' ||
		    t.ptr[i] == '&' || t.ptr[i] == '#' || t.ptr[i] == '$')
			n = at - i - 1;
	if (n > LOCAL_MAX)
		return at;
	while (n > 0 && !alnum(t.ptr[at - n]) && t.ptr[at - n] != '_' &&
	       !opens_letter(t.ptr[at - n]))
		n--;
	return at - n;
}

static bool
local_ok(struct span t, size_t start, size_t at)
{
	if (start == at || t.ptr[at - 1] == '.')
		return false;
	for (size_t i = start; i + 1 < at; i++)
		if (t.ptr[i] == '.' && t.ptr[i + 1] == '.')
			return false;
	return true;
}

/* Length of the label at i: letters of any script, digits, inner dashes. */
static size_t
label_len(struct span t, size_t i)
{
	size_t n = 0;

	while (n <= LABEL_MAX && i + n < t.len &&
	       (alnum(t.ptr[i + n]) || t.ptr[i + n] == '-' ||
		(t.ptr[i + n] >= 0x80 && t.ptr[i + n] != 0xe2)))
		n++;
	while (n > 0 && t.ptr[i + n - 1] == '-')
		n--;
	return n > LABEL_MAX || (n > 0 && t.ptr[i] == '-') ? 0 : n;
}

/*
 * End of the longest domain behind i whose last label is a registered one; i
 * when there is none. "example.com.Then" ends before ".Then".
 */
static size_t
domain_end(const struct detector *d, struct span t, size_t i)
{
	size_t p = i, end = i, n, labels = 0;

	while ((n = label_len(t, p)) > 0 && p + n - i <= DOMAIN_MAX) {
		struct span label = span_of(t.ptr + p, n);
		bool turned = labels > 1 && t.ptr[p] >= 'A' &&
			      t.ptr[p] <= 'Z' && t.ptr[p - 2] >= 'a';

		p += n;
		if (labels > 0 && !turned && tld_list_has(d->tlds, label))
			end = p;
		labels++;
		if (p >= t.len || t.ptr[p] != '.')
			break;
		p++;
	}
	return end;
}

/* icon@2x.png, and what else only looks like an address. */
static bool
file_name(struct span domain)
{
	return domain.len > 3 && domain.ptr[0] >= '1' && domain.ptr[0] <= '9' &&
	       domain.ptr[1] == 'x' && domain.ptr[2] == '.';
}

#define NAME(text)                                                             \
	{                                                                      \
		(const uint8_t *)(text), sizeof(text) - 1                      \
	}

/* RFC 2606 and 6761: names that are nobody's. */
static bool
example_domain(struct span domain)
{
	static const struct span names[] = {
	    NAME("example.com"), NAME("example.org"), NAME("example.net"),
	    NAME("example.edu"), NAME(".example"),    NAME(".test"),
	    NAME(".invalid"),    NAME(".localhost"),  NAME("example.co.uk")};
	const uint8_t *end = domain.ptr + domain.len;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct span n = names[i];

		if (domain.len >= n.len && end[-1] == n.ptr[n.len - 1] &&
		    memcmp(end - n.len, n.ptr, n.len) == 0)
			return true;
	}
	return false;
}

/* //user:secret@host: what stands before the @ is a password. */
static bool
in_url(struct span t, size_t start)
{
	size_t n = 0;

	if (start == 0 || t.ptr[start - 1] != ':')
		return false;
	while (n < LOCAL_MAX && n + 1 < start &&
	       (alnum(t.ptr[start - n - 2]) ||
		strchr("._-%", t.ptr[start - n - 2]) != NULL))
		n++;
	return n + 1 < start && t.ptr[start - n - 2] == '/';
}

void
email_at(struct detect_scratch *s, size_t at)
{
	const struct data_type *t = s->d->email;
	struct span text = s->text, domain;
	size_t start, end;
	struct verdict v;

	if (at == 0 || at + 3 >= text.len ||
	    (!alnum(text.ptr[at + 1]) && !opens_letter(text.ptr[at + 1])))
		return;
	start = local_start(text, at);
	if (!local_ok(text, start, at))
		return;
	end = domain_end(s->d, text, at + 1);
	domain = span_of(text.ptr + at + 1, end - at - 1);
	if (domain.len == 0 || file_name(domain) || in_url(text, start) ||
	    (end < text.len && (alnum(text.ptr[end]) || text.ptr[end] == '@' ||
				text.ptr[end] == '_')))
		return;
	v = (struct verdict){.score = t->base,
			     .reasons = t->stands | REASON(REASON_DOMAIN)};
	s->nearby_known = false;
	evidence_words(s, t, start, end, &v);
	if (example_domain(domain))
		v.reasons |= REASON(REASON_TEST_DATA);
	work_claim(s, start, end, s->d->email_index, &v);
}
