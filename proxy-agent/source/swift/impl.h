/*
 * Containers of a store as the files of it share them: `swift` takes the target
 * apart and goes through the pages, `swift_ask` asks for lists,
 * `swift_containers` knows which are to be read, `swift_survey` looks for what
 * large objects are made of, `swift_give` makes items. One thread.
 */
#ifndef PROXY_AGENT_SOURCE_SWIFT_IMPL_H
#define PROXY_AGENT_SOURCE_SWIFT_IMPL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "proxy-agent/source/bucket/bucket.h"
#include "proxy-agent/source/swift/list.h"
#include "proxy-agent/source/swift/login.h"
#include "proxy-agent/source/swift/parts.h"
#include "proxy-agent/source/swift/swift.h"
#include "source/url.h"

#define KEY_MAX SWIFT_NAME_MAX

struct source {
	struct swift_login login;
	struct bucket bucket;
	struct swift_parts parts;
	struct swift_page page; /* the last that was read */
	struct url url;
	struct buf container, prefix, query, size;
	struct buf marker;     /* the last name of the page before */
	struct buf containers; /* names, each with a NUL behind */
	size_t containers_at;
	const char *lost; /* containers without a usable name; or NULL */
	struct buf after_container, after; /* go on behind */
	bool one, browse, single, listing;
	bool told; /* of the container: its list has what is no object */
};

typedef enum status swift_take(void *arg, const struct swift_entry *o);

/* The address of an object, or of the container at hand. */
enum status swift_add_place(const struct source *s, struct span name,
			    struct buf *to);

/* A list, element by element; `marker` as swift_list_read() has it. */
enum status swift_ask_list(struct source *s, struct span url,
			   struct buf *marker, swift_take *take,
			   unsigned *code);
/* One page of the containers, behind `marker`. */
enum status swift_ask_containers(struct source *s, struct buf *marker,
				 swift_take *take, unsigned *code);
/* One page of the container at hand; ST_EOF behind the last. */
enum status swift_ask_page(struct source *s, swift_take *take, unsigned *code);

/* Names of all containers of the account. */
enum status swift_list_containers(struct source *s, unsigned *code);
/* The next of them into s->container; ST_EOF: there is none. */
enum status swift_next_container(struct source *s);
/* Behind the position where the scan goes on. */
enum status swift_begin_container(struct source *s);

/* All lists once before anything is read: what is a part of something else. */
enum status swift_survey(struct source *s);

/* An item of that name in the container at hand; "": the container. */
enum status swift_give(struct source *s, struct bucket_entry *e,
		       struct span name);
enum status swift_give_object(void *arg, const struct swift_entry *o);
/* Why a list is not read to its end, as an item: `why`, or by st. */
enum status swift_give_trouble(struct source *s, const char *why,
			       enum status st);
/* Elements that were passed over are told once a container. */
enum status swift_tell_bad(struct source *s);

#endif
