#ifndef PROXY_AGENT_KEEPER_STORE_H
#define PROXY_AGENT_KEEPER_STORE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "model/order.h"
#include "source/credential.h"
#include "source/pairs.h"
#include "source/renewal.h"
#include "sys/vault.h"

/*
 * store: the credentials that a proxy keeps, one file NAME.json each, in a
 * folder that belongs to whoever runs the supervisor and to nobody else. They
 * are of the shape of source/credential.h, and each object is for a scope
 * (source/covers.h): a master chooses a credential by its name, but not where
 * it is shown.
 *
 * Errors: *why says it in one sentence, never with a value in it.
 */
#define STORE_MAX      256 /* credentials */
#define STORE_FILE_MAX (256 * 1024)

struct store_name {
	char text[CREDENTIAL_NAME_MAX + 1];
};

/* 1 to 64 of A-Z a-z 0-9 . _ - and not a dot first. */
bool store_name_good(struct span name);

/* Those that are there, in order; their folder need not be. */
NODISCARD enum status store_names(const char *dir, struct store_name *to,
				  size_t max, size_t *count);

/*
 * The one place where a credential comes from; a sealed one would be opened
 * here, for this target and for now. *out stays closed when no name was given
 * and none is meant for the target. ST_NOTFOUND: no such name; ST_DENIED: it is
 * not meant for this target, or others could have written it.
 */
struct store_wanted {
	struct span name; /* empty: whichever fits best */
	struct span target;
	struct pairs options;
};
NODISCARD enum status store_pick(const char *dir, const struct store_wanted *w,
				 struct vault *out, struct buf *why);

/*
 * A secret that its service replaced, in every file that has it as it was.
 * ST_NOTFOUND: none has, they were changed since.
 */
NODISCARD enum status store_renew(const char *dir, const struct renewal *r,
				  struct buf *why);

/* All of one, as in credential_each(). */
NODISCARD enum status store_each(const char *dir, struct span name,
				 credential_fn *each, void *arg,
				 struct buf *why);

/* Checks and writes; what stood under that name is replaced as a whole. */
NODISCARD enum status store_put(const char *dir, struct span name,
				struct span json, struct buf *why);
NODISCARD enum status store_remove(const char *dir, struct span name);

#endif
