#include "base/must.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void
must_failed(const char *expr, const char *file, int line)
{
	char text[256];
	int n = snprintf(text, sizeof(text), "bug: must(%s) at %s:%d\n", expr,
			 file, line);

	if (n > 0 && write(STDERR_FILENO, text, (size_t)n) < 0)
		_exit(70);
	abort();
}
