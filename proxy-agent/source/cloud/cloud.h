#ifndef PROXY_AGENT_SOURCE_CLOUD_CLOUD_H
#define PROXY_AGENT_SOURCE_CLOUD_CLOUD_H

#include <jansson.h>
#include <stdbool.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "proxy-agent/source/cloud/changes.h"
#include "proxy-agent/source/cloud/tree.h"
#include "source/source.h"

/*
 * cloud: what services have in common that are asked over HTTPS with a token
 * of OAuth, answer lists as JSON in pages and give content by an address of
 * its own. A service is a table of its lists, and for each a function that
 * makes an entry of one element.
 *
 * Redirects to content are followed, and see no token elsewhere. A pause that
 * the service asks for is kept (429, Retry-After, and what Google says in a
 * 403). The token is renewed once on 401.
 *
 * Errors: an element without what it must have is left out and its list said
 *         to be malformed.
 */

/* Each defines its own struct source; ours is this one. */
struct cloud;

/*
 * A list. `ask`, `one` and `more` are forms of addresses, `post` and
 * `more_post` of bodies: see form.h.
 */
struct cloud_list {
	unsigned kind;         /* of the container; 0 ends the table */
	const char *ask;       /* path and query; NULL: entry() knows it */
	const char *one;       /* the wanted entry alone; NULL: by the list */
	const char *post;      /* sent with it; NULL: a GET */
	const char *more;      /* the next page; NULL: `next` is its URL */
	const char *more_post; /* sent with that */
	const char *entries;   /* where the elements stand: "a/b" */
	const char *next;      /* where the next page is named */
	const char *go_on;     /* "true" there: there is one; NULL: by `next` */
	enum status (*entry)(struct cloud *c, const struct tree_place *p,
			     json_t *element);
	/* Its elements may come out of a list of all that changed in the drive
	 * that it is the root of (`all` asks for it, all_post is sent with it)
	 * or stands in. NULL: not so. */
	const struct cloud_changes *changes;
	const char *all, *all_post;
	bool maybe;  /* 404 means that there is none */
	bool sparse; /* an empty list is not named at all */
};

struct cloud_kind {
	const char *form; /* of a target, for who writes it wrongly */
	const char *vendor, *scope;
	const struct cloud_list *lists;
	unsigned root;       /* kind of the outermost container */
	const char *root_id; /* {host}, {path}: of the target */
	/* What the target wants of it, added to root_id; NULL: all. */
	enum status (*search)(const struct source_target *t, struct buf *to);
	bool by_tenant;  /* the host is a customer of the vendor */
	bool for_person; /* user@host is the person to act for */
	bool flat;       /* one container; its path is in root_id */
	bool for_all;    /* changes are told fully to an application alone */
	const struct inner_form *inner; /* objects stand in JSON; NULL: no */
	/* Names at its beginning that are one; NULL: none. */
	size_t (*joined)(struct span path);
};

NODISCARD enum status cloud_open(const struct cloud_kind *k,
				 const struct source_target *t,
				 struct source **out);
NODISCARD enum status cloud_next(struct source *s, struct source_item *item);
NODISCARD enum status cloud_read(struct source *s, void *dst, size_t n,
				 size_t *got);
NODISCARD enum status cloud_cursor(const struct source *s, struct buf *to);
void cloud_close(struct source *s);

#define CLOUD_SOURCE(name, open_it)                                            \
	{                                                                      \
		.scheme = (name), .open = (open_it), .next = cloud_next,       \
		.read = cloud_read, .cursor = cloud_cursor,                    \
		.close = cloud_close,                                          \
	}

/* ---- for entry() ---- */

/* As a list has it: path and query with {id}, {a} ..., behind the endpoint. */
NODISCARD enum status cloud_url(const struct cloud *c, const char *form,
				struct span id, struct buf *to);
NODISCARD enum status cloud_content_url(const struct cloud *c, const char *form,
					struct span id, struct buf *to);
void cloud_add(struct cloud *c, const struct tree_entry *e);

/* Members of other names go. */
void cloud_keep_only(json_t *o, const char *const *names);

/* A container that has an id and a name, and no more to say. */
NODISCARD enum status cloud_add_named(struct cloud *c, unsigned kind,
				      json_t *o);

#endif
