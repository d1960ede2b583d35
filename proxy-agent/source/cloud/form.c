#include "proxy-agent/source/cloud/form.h"

#include <stdbool.h>
#include <string.h>

#include "base/json.h"
#include "base/str.h"
#include "proxy-agent/session/href.h"

static struct span
blank(const struct cloud_blanks *b, struct span name)
{
	const size_t cut = str_find(b->id, '/');
	const struct {
		const char *name;
		struct span value;
	} rows[] = {
	    {"id", b->id},
	    {"a", span_of(b->id.ptr, cut)},
	    {"b", span_skip(b->id, cut + 1)},
	    {"want", b->want},
	    {"next", b->next},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (str_is(name, rows[i].name))
			return rows[i].value;
	return span_of(NULL, 0);
}

/* Fills in the blanks of a form; json: as texts in quotes, else for a URL. */
static enum status
fill(const char *form, const struct cloud_blanks *b, bool json, struct buf *to)
{
	enum status st = ST_OK;

	while (st == ST_OK && *form != 0) {
		const char *open = strchr(form, json ? '<' : '{');
		const char *close =
		    open == NULL ? NULL : strchr(open, json ? '>' : '}');
		struct span value;

		if (close == NULL)
			return buf_add_str(to, form);
		st = buf_add(to, form, (size_t)(open - form));
		value = blank(b, span_of(open + 1, (size_t)(close - open) - 1));
		if (st == ST_OK)
			st = json ? json_quote(to, value)
				  : href_escape(value, "", to);
		form = close + 1;
	}
	return st;
}

enum status
cloud_form_url(const char *form, const struct cloud_blanks *b, struct buf *to)
{
	return fill(form, b, false, to);
}

enum status
cloud_form_json(const char *form, const struct cloud_blanks *b, struct buf *to)
{
	return fill(form, b, true, to);
}
