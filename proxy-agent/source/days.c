#include "proxy-agent/source/days.h"

#include <inttypes.h>
#include <time.h>

#include "base/str.h"
#include "proxy-agent/source/http_target.h"

static bool
read_day(struct span s, int64_t *out)
{
	struct tm tm = {0};
	char text[16];
	const char *end;
	int day;

	if (str_copy(text, sizeof(text), s) != ST_OK)
		return false;
	end = strptime(text, "%Y-%m-%d", &tm);
	if (end == NULL || *end != 0)
		return false;
	day = tm.tm_mday;
	*out = timegm(&tm);
	return day == tm.tm_mday; /* the 31st of February is a day in March */
}

enum status
days_read(const struct source_target *t, struct days *out)
{
	struct days d = {INT64_MIN, INT64_MAX};
	const struct {
		const char *name;
		int64_t *to;
	} rows[] = {{"since", &d.since}, {"before", &d.before}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct span v = source_option(t, rows[i].name);

		if (v.ptr == NULL || read_day(v, rows[i].to))
			continue;
		target_why(t, "the option %s is a day, as in 2026-01-31",
			   rows[i].name);
		return ST_USAGE;
	}
	*out = d;
	return ST_OK;
}

static enum status
put_day(const char *word, int64_t at, struct buf *to)
{
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr",
					     "May", "Jun", "Jul", "Aug",
					     "Sep", "Oct", "Nov", "Dec"};
	const time_t when = (time_t)at;
	struct tm tm;

	if (at == INT64_MIN || at == INT64_MAX)
		return ST_OK;
	if (gmtime_r(&when, &tm) == NULL)
		return ST_LIMIT;
	return buf_addf(to, "%s%s %d-%s-%04d", to->len > 0 ? " " : "", word,
			tm.tm_mday, months[tm.tm_mon], tm.tm_year + 1900);
}

enum status
days_imap(const struct days *d, struct buf *to)
{
	enum status st = put_day("SINCE", d->since, to);

	return st == ST_OK ? put_day("BEFORE", d->before, to) : st;
}

enum status
days_gmail(const struct days *d, struct buf *to)
{
	const size_t from = to->len;
	enum status st = ST_OK;

	if (d->since != INT64_MIN)
		st = buf_addf(to, "after:%" PRId64, d->since);
	if (st == ST_OK && d->before != INT64_MAX)
		st = buf_addf(to, "%sbefore:%" PRId64,
			      to->len > from ? " " : "", d->before);
	return st;
}
