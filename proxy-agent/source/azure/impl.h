/*
 * Blobs of an account as the files of it share them: `azure_open` takes the
 * target apart, `azure_ask` asks for lists, `azure_give` makes items of what
 * they hold, `azure` goes through them. One thread.
 */
#ifndef PROXY_AGENT_SOURCE_AZURE_IMPL_H
#define PROXY_AGENT_SOURCE_AZURE_IMPL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "proxy-agent/source/azure/azure.h"
#include "proxy-agent/source/azure/blobs.h"
#include "proxy-agent/source/azure/site.h"
#include "proxy-agent/source/bucket/bucket.h"
#include "proxy-agent/source/turns.h"

#define KEY_MAX 4096

struct source {
	struct azure_site site;
	struct bucket bucket;
	struct azure_page page;
	struct buf prefix, query, container, size; /* size: of a page */
	struct buf marker;     /* of the page of blobs at hand */
	struct buf containers; /* names, each with a NUL behind */
	size_t containers_at;
	struct turns blob_turns, container_turns;
	struct buf containers_marker; /* of their next page */
	struct buf snapshot, version; /* of the one that is asked for */
	/* Go on behind: */
	struct buf after_container, after_key, after_version;
	bool snapshots, versions, browse, single, passing;
	bool one;     /* container only: the target names it */
	bool listing; /* blobs of `container`; else containers */
	bool ended;   /* no more containers */
};

typedef enum status azure_take(void *arg, const struct azure_blob *e);

enum status azure_open(const struct source_target *t, struct source **out);
void azure_close(struct source *s);

/* The address of the container at hand. */
enum status azure_add_container(const struct source *s, struct buf *to);
/* A page of its blobs, or of the containers, and where the next one begins. */
enum status azure_ask_blobs(struct source *s, azure_take *take,
			    struct buf *next, struct azure_answer *got);
enum status azure_ask_containers(struct source *s, azure_take *take,
				 struct buf *next, struct azure_answer *got);

/* Of the container at hand; what is not wanted is left out. */
enum status azure_give_blob(void *arg, const struct azure_blob *e);
/* One container of several that may not be listed: its own item. */
enum status azure_give_trouble(struct source *s,
			       const struct azure_answer *got);

/* One page, or on to the next container; ST_EOF: there is none. */
enum status azure_step(struct source *s, struct azure_answer *got);
/* As struct bucket_ops has it. */
enum status azure_list(void *arg, struct bucket *b);

#endif
