#include "detect/detect.h"

#include <stdlib.h>

#include "base/must.h"

struct detector {
	unsigned min_confidence;
};

struct detect_scratch {
	uint8_t value[32];
	uint8_t masked[64];
};

enum status
detector_open(const struct detect_options *o, struct detector **out,
	      struct buf *why)
{
	struct detector *d = calloc(1, sizeof(*d));

	(void)why;
	if (d == NULL)
		return ST_NOMEM;
	d->min_confidence = o->min_confidence > 0 ? o->min_confidence
						  : DETECT_MIN_CONFIDENCE;
	*out = d;
	return ST_OK;
}

void
detector_close(struct detector *d)
{
	free(d);
}

enum status
detect_scratch_open(const struct detector *d, struct detect_scratch **out)
{
	struct detect_scratch *s = calloc(1, sizeof(*s));

	must(d != NULL);
	if (s == NULL)
		return ST_NOMEM;
	*out = s;
	return ST_OK;
}

void
detect_scratch_close(struct detect_scratch *s)
{
	if (s != NULL)
		explicit_bzero(s, sizeof(*s));
	free(s);
}

void
detect_head(struct detect_scratch *s, struct span line)
{
	(void)s;
	(void)line;
}

static bool
digit(const struct span t, size_t i)
{
	return i < t.len && t.ptr[i] >= '0' && t.ptr[i] <= '9';
}

static bool
luhn(const uint8_t *d, size_t n)
{
	unsigned sum = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned v = d[n - 1 - i] - '0';

		if (i % 2 == 1)
			v = v * 2 > 9 ? v * 2 - 9 : v * 2;
		sum += v;
	}
	return sum % 10 == 0;
}

/* Digits from i joined by single spaces or dashes; *len in bytes. */
static size_t
gather(struct span t, size_t i, uint8_t *out, size_t room, size_t *len)
{
	size_t n = 0, p = i;

	for (;;) {
		if (digit(t, p)) {
			if (n < room)
				out[n] = t.ptr[p];
			n++;
			p++;
		} else if (p < t.len && (t.ptr[p] == ' ' || t.ptr[p] == '-') &&
			   digit(t, p + 1)) {
			p++;
		} else {
			break;
		}
	}
	*len = p - i;
	return n;
}

void
detect_text(const struct detector *d, struct detect_scratch *s,
	    struct span text, size_t from, size_t to, detect_sink *sink,
	    void *arg)
{
	(void)d;
	for (size_t i = from; i < to; i++) {
		struct match m = {.type = "card_visa", .confidence = 70};
		size_t n, len;

		if (!digit(text, i))
			continue;
		n = gather(text, i, s->value, sizeof(s->value), &len);
		if (n == 16 && s->value[0] == '4' && luhn(s->value, n)) {
			memcpy(s->masked, s->value, 16);
			memset(s->masked + 6, '*', 6);
			m.offset = i;
			m.length = (uint32_t)len;
			m.level = LEVEL_STRICT;
			m.reasons =
			    REASON(REASON_CHECK_DIGIT) | REASON(REASON_ISSUER);
			m.value = span_of(s->value, n);
			m.masked = m.context = span_of(s->masked, 16);
			sink(arg, &m);
		}
		i += len;
	}
}

size_t
detector_type_count(const struct detector *d)
{
	(void)d;
	return 1;
}

void
detector_type(const struct detector *d, size_t i, struct type_info *out)
{
	must(d != NULL && i == 0);
	*out = (struct type_info){
	    .id = "card_visa",
	    .name = "Visa",
	    .category = "card",
	    .risk = "critical",
	    .countries = "*",
	    .source = "ISO/IEC 7812-1",
	};
}
