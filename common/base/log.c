#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* The one state at file scope: every process has one log, set in main(). */
static struct {
	const char *program;
	enum log_level level;
} sink = {"trawl", LOG_INFO};

static const char *const names[] = {"error", "warn", "info", "debug"};

void
log_setup(const char *program, enum log_level level)
{
	sink.program = program;
	sink.level = level;
}

int
log_level_parse(const char *word)
{
	for (int i = 0; i <= LOG_DEBUG; i++)
		if (strcmp(names[i], word) == 0)
			return i;
	return -1;
}

static size_t
stamp(char *dst, size_t room)
{
	struct timespec now;
	struct tm tm;

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &tm);
	return strftime(dst, room, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

/* Control bytes would let a file name forge a line. */
static void
defuse(char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
			text[i] = '?';
}

void
log_write(enum log_level level, const char *fmt, ...)
{
	char line[1024];
	size_t n;
	int more;
	va_list ap;

	if (level > sink.level)
		return;
	n = stamp(line, sizeof(line));
	more = snprintf(line + n, sizeof(line) - n, " %s %s[%d] ", names[level],
			sink.program, (int)getpid());
	n += more > 0 ? (size_t)more : 0;
	va_start(ap, fmt);
	more = vsnprintf(line + n, sizeof(line) - n - 1, fmt, ap);
	va_end(ap);
	n += more > 0 ? (size_t)more : 0;
	if (n > sizeof(line) - 2)
		n = sizeof(line) - 2;
	defuse(line, n);
	line[n++] = '\n';
	if (write(STDERR_FILENO, line, n) < 0)
		return; /* nowhere left to say it */
}
