#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "proxy-agent/session/shell_text.h"

/*
 * What a host's commands print: output never runs into the mark, a mark is
 * taken once it is whole, and the name of an entry lies inside its record.
 */
static void
check_output(struct span have, const struct shell_mark *m)
{
	uint8_t letter, sooner;
	size_t n = shell_output(have, m, &letter);

	if (n > have.len || (letter != 0 && have.len - n < SHELL_MARK))
		abort();
	if (n > 0 && memmem(have.ptr, n, m->text, SHELL_MARK) != NULL)
		abort();
	if (have.len > 0 &&
	    shell_output(span_of(have.ptr, have.len - 1), m, &sooner) > n)
		abort(); /* given out before it was sure */
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t random[16] = {0};
	struct span rest = span_of(data, size), record, name;
	struct shell_mark m;
	struct sftp_attr a;

	shell_mark_make(&m, random);
	check_output(rest, &m);
	while (str_next(&rest, 0, &record)) {
		if (!shell_entry(record, &a, &name) || name.len == 0)
			continue;
		if (name.ptr < record.ptr ||
		    name.ptr + name.len != record.ptr + record.len)
			abort();
	}
	return 0;
}
