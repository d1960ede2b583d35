#include "base/status.h"

#include <errno.h>
#include <stddef.h>

static const struct {
	const char *name, *text;
} table[] = {
#define STATUS_ROW(code, name, text) {name, text},
    STATUS_TABLE(STATUS_ROW)
#undef STATUS_ROW
};

const char *
status_name(enum status st)
{
	return (unsigned)st < ST__COUNT ? table[st].name : "unknown";
}

const char *
status_text(enum status st)
{
	return (unsigned)st < ST__COUNT ? table[st].text : "unknown status";
}

enum status
status_of_errno(int err)
{
	static const struct {
		int err;
		enum status st;
	} map[] = {
	    {0, ST_OK},
	    {EACCES, ST_DENIED},
	    {EPERM, ST_DENIED},
	    {ENOENT, ST_NOTFOUND},
	    {ENOTDIR, ST_NOTFOUND},
	    {EEXIST, ST_EXISTS},
	    {EAGAIN, ST_AGAIN},
	    {EINTR, ST_AGAIN},
	    {ENOSPC, ST_FULL},
	    {EDQUOT, ST_FULL},
	    {ENOMEM, ST_NOMEM},
	    {EPIPE, ST_CLOSED},
	    {ECONNRESET, ST_CLOSED},
	    {ETIMEDOUT, ST_TIMEOUT},
	};

	for (size_t i = 0; i < sizeof(map) / sizeof(map[0]); i++)
		if (map[i].err == err)
			return map[i].st;
	return ST_IO;
}
