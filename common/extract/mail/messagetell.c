#include <string.h>
#include <strings.h>

#include "extract/mail/lines.h"
#include "extract/mail/message.h"

/* Fields that stand in messages and hardly anywhere else count more. */
static unsigned
weight(struct span name)
{
	static const struct {
		const char *name;
		unsigned weight;
	} fields[] = {
	    {"Received", 3},
	    {"Return-Path", 3},
	    {"Message-ID", 3},
	    {"MIME-Version", 3},
	    {"Delivered-To", 3},
	    {"DKIM-Signature", 3},
	    {"X-Mailer", 3},
	    {"Envelope-To", 3},
	    {"X-Mozilla-Status", 3},
	    {"X-Original-To", 3},
	    {"In-Reply-To", 3},
	    {"X-UIDL", 3},
	    {"From", 1},
	    {"To", 1},
	    {"Cc", 1},
	    {"Subject", 1},
	    {"Date", 1},
	    {"Reply-To", 1},
	    {"Content-Type", 1},
	    {"Sender", 1},
	    {"Newsgroups", 2},
	    {"ARC-Seal", 3},
	    {"Bcc", 1},
	    {"References", 1},
	    {"Authentication-Results", 3},
	    {"Content-Transfer-Encoding", 2},
	};

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (name.len == strlen(fields[i].name) &&
		    strncasecmp((const char *)name.ptr, fields[i].name,
				name.len) == 0)
			return fields[i].weight;
	return 0;
}

/* The name of a field at the beginning of a line; empty: there is none. */
static struct span
field_name(struct span line)
{
	size_t n = 0;

	while (n < line.len && line.ptr[n] > ' ' && line.ptr[n] < 0x7f &&
	       line.ptr[n] != ':')
		n++;
	return n > 0 && n < line.len && line.ptr[n] == ':'
		   ? span_of(line.ptr, n)
		   : span_of(NULL, 0);
}

/* Nothing but fields up to an empty line or to what we see of it. */
bool
message_is(struct span head, unsigned least)
{
	unsigned sum = 0;
	bool first = true;

	while (head.len > 0) {
		const uint8_t *nl = memchr(head.ptr, '\n', head.len);
		size_t n = nl == NULL ? head.len : (size_t)(nl - head.ptr);
		struct span line = span_of(head.ptr, n), name;

		head = span_skip(head, n + 1);
		if (n == 0 || (n == 1 && line.ptr[0] == '\r'))
			break;
		name = field_name(line);
		if (nl == NULL && name.len == 0)
			break; /* cut */
		if (!first && (line.ptr[0] == ' ' || line.ptr[0] == '\t'))
			continue;
		if (name.len == 0)
			return false;
		sum += weight(name);
		first = false;
	}
	return sum >= least;
}

bool
message_is_mailbox(struct span head)
{
	const uint8_t *nl;
	struct span next;

	if (!lines_from(head))
		return false;
	nl = memchr(head.ptr, '\n', head.len);
	if (nl == NULL)
		return false;
	next = span_skip(head, (size_t)(nl - head.ptr) + 1);
	if (next.len > 0 && next.ptr[0] == '>')
		next = span_skip(next, 1);
	return field_name(next).len > 0;
}
