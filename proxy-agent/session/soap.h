#ifndef PROXY_AGENT_SESSION_SOAP_H
#define PROXY_AGENT_SESSION_SOAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

/*
 * soap: requests to Exchange Web Services and what their answers hold. Words
 * of others are escaped, so that no name of a folder can say something else.
 */
#define SOAP_ID   1024
#define SOAP_TEXT 1024

struct soap_who {
	struct span mailbox; /* address; empty: the user's own */
	bool delegate;       /* by a share of its owner, else impersonated */
};

/* Folders or items of a folder; id empty: of the top of the mailbox. */
NODISCARD enum status soap_find(const struct soap_who *w, bool items,
				struct span id, uint64_t offset,
				struct buf *to);
/* One item as MIME. */
NODISCARD enum status soap_get(const struct soap_who *w, struct span id,
			       struct buf *to);

struct soap_element {
	bool folder;
	struct span id, name, received;
	struct span version; /* changes with every change of it */
	uint64_t size; /* of an item in the store, near that of its MIME */
};

struct soap_answer {
	enum status st;   /* what its ResponseCode means; ST_AGAIN: later */
	char code[80];    /* "ErrorAccessDenied"; empty: none was said */
	char text[200];   /* its MessageText, printable */
	uint64_t rest_ms; /* to wait before the next try, when it said so */
	uint64_t next;    /* offset of the next page; 0: this was the last */
};

/* Elements are told as they come. ST_MALFORMED, ST_LIMIT: no such answer. */
NODISCARD enum status soap_read(struct span body,
				void (*tell)(void *arg,
					     const struct soap_element *e),
				void *arg, struct soap_answer *out);

/* The same of the beginning of an answer, which may be cut anywhere. */
void soap_glance(struct span body, struct soap_answer *out);

#endif
