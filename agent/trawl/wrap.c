#include "agent/trawl/wrap.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include "base/str.h"

size_t
wrap_width(void)
{
	struct winsize size = {0};

	if (!isatty(STDOUT_FILENO) ||
	    ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
		return 0;
	return size.ws_col;
}

/* Columns of it; bytes that go on with a character take none. */
static size_t
columns(struct span s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += (s.ptr[i] & 0xc0) != 0x80;
	return n;
}

void
wrap_text(struct wrap *w, struct span text)
{
	struct span word;

	while (str_next(&text, ' ', &word)) {
		size_t n = columns(word);

		if (w->width > 0 && w->column > w->indent &&
		    w->column + 1 + n > w->width) {
			fprintf(w->to, "\n%*s", (int)w->indent, "");
			w->column = w->indent;
		} else if (w->column > w->indent) {
			fputc(' ', w->to);
			w->column++;
		}
		fwrite(word.ptr, 1, word.len, w->to);
		w->column += n;
	}
}
