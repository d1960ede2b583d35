#include <stdio.h>

#include "base/str.h"
#include "master/api/http_state.h"

/* "host", "host:port" or "[v6]:port" of letters that may stand in a header. */
static bool
host_good(struct span host)
{
	for (size_t i = 0; i < host.len; i++) {
		uint8_t c = host.ptr[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
		    !(c >= '0' && c <= '9') && c != '.' && c != '-' &&
		    c != ':' && c != '[' && c != ']' && c != '_')
			return false;
	}
	return host.len > 0 && host.len < 256;
}

static struct span
without_port(struct span host)
{
	size_t i = host.len;

	while (i > 0 && host.ptr[i - 1] >= '0' && host.ptr[i - 1] <= '9')
		i--;
	if (i > 1 && i < host.len && host.ptr[i - 1] == ':')
		return span_of(host.ptr, i - 1);
	return host;
}

static enum MHD_Result
say_plain(struct MHD_Connection *conn, unsigned status, const char *location)
{
	struct MHD_Response *r =
	    MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
	enum MHD_Result done;

	if (r == NULL)
		return MHD_NO;
	http_header(r, "Location", location);
	http_header(r, "Cache-Control", "no-store");
	http_header(r, "Connection", "close");
	done = MHD_queue_response(conn, status, r);
	MHD_destroy_response(r);
	return done;
}

/* NOLINTBEGIN(readability-function-size): so wants it the library. */
enum MHD_Result
http_on_plain(void *cls, struct MHD_Connection *conn, const char *url,
	      const char *method, const char *version, const char *data,
	      size_t *size, void **con_cls)
{
	struct exchange *ex = *con_cls;
	struct span host;
	char port[8] = "", to[1024];
	int n;

	(void)cls;
	(void)url;
	(void)method;
	(void)version;
	(void)data;
	*size = 0;
	if (ex == NULL || ex->malformed)
		return MHD_NO;
	if (ex->stage == STAGE_SENT)
		return MHD_YES;
	ex->stage = STAGE_SENT;
	host = without_port(span_str(
	    MHD_lookup_connection_value(conn, MHD_HEADER_KIND, "Host")));
	if (!host_good(host))
		return say_plain(conn, 400, NULL);
	if (ex->http->config.web_port != 443)
		snprintf(port, sizeof(port), ":%u", ex->http->config.web_port);
	n = snprintf(to, sizeof(to), "https://%.*s%s%.*s", (int)host.len,
		     (const char *)host.ptr, port,
		     (int)(ex->rq.path.len + ex->rq.raw_query.len +
			   (ex->rq.raw_query.ptr != NULL ? 1 : 0)),
		     (const char *)ex->rq.path.ptr);
	if (n < 0 || (size_t)n >= sizeof(to))
		return say_plain(conn, 414, NULL);
	return say_plain(conn, 308, to);
}
/* NOLINTEND(readability-function-size) */
