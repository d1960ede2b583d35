#include "extract/charset.h"

#include <string.h>

#include "base/str.h"

#define LOOK  1024 /* bytes of a document, as HTML has it */
#define LABEL 32

/* Letters in lower case and digits; what else is in a label means nothing. */
static size_t
plain(struct span s, char dst[LABEL])
{
	size_t n = 0;

	for (size_t i = 0; i < s.len && n + 1 < LABEL; i++) {
		uint8_t c = s.ptr[i], low = c | 0x20;

		if (c >= '0' && c <= '9')
			dst[n++] = (char)c;
		else if (low >= 'a' && low <= 'z')
			dst[n++] = (char)low;
		else if (c != '-' && c != '_')
			break;
	}
	dst[n] = 0;
	return n;
}

static const struct charset *
called(const struct charset *table, size_t count, const char *label)
{
	char name[LABEL];

	for (size_t i = 0; i < count; i++) {
		(void)plain(span_str(table[i].name), name);
		if (strcmp(name, label) == 0 ||
		    str_listed(table[i].also, span_str(label)))
			return &table[i];
	}
	return NULL;
}

static bool
same_word(const uint8_t *p, const char *word, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((p[i] | 0x20) != (uint8_t)word[i])
			return false;
	return true;
}

/* What follows a word, = and a quote; empty when it is not there. */
static struct span
value(struct span s, const char *word)
{
	size_t n = strlen(word);

	for (size_t at = 0; at + n < s.len; at++) {
		size_t v = at + n;

		if (!same_word(s.ptr + at, word, n))
			continue;
		while (v < s.len && (s.ptr[v] == ' ' || s.ptr[v] == '='))
			v++;
		if (v < s.len && (s.ptr[v] == '"' || s.ptr[v] == '\''))
			v++;
		if (v > at + n)
			return span_skip(s, v);
	}
	return span_of(NULL, 0);
}

const struct charset *
charset_label(struct span head)
{
	static const char *const words[] = {"encoding", "charset"};
	const struct charset *c;
	size_t at = 0;

	if (head.len > LOOK)
		head.len = LOOK;
	while (at < head.len && (head.ptr[at] == ' ' || head.ptr[at] == '\n' ||
				 head.ptr[at] == '\r' || head.ptr[at] == '\t'))
		at++;
	if (at == head.len || head.ptr[at] != '<')
		return NULL;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		char label[LABEL];
		size_t n = plain(value(head, words[i]), label);

		if (n == 0)
			continue;
		c = called(charsets, charset_count, label);
		if (c == NULL)
			c = called(charset_pairs, CHARSET_PAIRS, label);
		if (c != NULL)
			return c;
	}
	return NULL;
}
