#include "proxy-agent/source/s3/refusal.h"

#include "base/str.h"
#include "proxy-agent/source/s3/list.h"

/* Source: "Error responses" of the API of S3. */
const char *
s3_refusal_over(struct span code)
{
	static const struct {
		const char *code, *why;
	} rows[] = {
	    {"ExpiredToken", "the session token has ended: a new one is "
			     "needed, with its key and secret "
			     "(ExpiredToken)"},
	    {"InvalidToken", "the store does not know this session token "
			     "(InvalidToken)"},
	    {"TokenRefreshRequired", "the session token has to be renewed "
				     "(TokenRefreshRequired)"},
	    {"InvalidAccessKeyId", "the store does not know this access key, "
				   "or not any more (InvalidAccessKeyId)"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (str_is(code, rows[i].code))
			return rows[i].why;
	return NULL;
}

const char *
s3_refusal_read(void *arg, unsigned code, struct span body)
{
	const char *why = NULL;
	struct s3_page p;

	(void)arg;
	(void)code;
	s3_page_init(&p);
	if (s3_page_error(&p, body) == ST_OK)
		why = s3_refusal_over(buf_span(&p.code));
	s3_page_fini(&p);
	return why;
}
