#ifndef SCHED_CHOICE_H
#define SCHED_CHOICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

/*
 * choice: which proxy reads a target on another host, or why none does. Pure.
 *
 * A proxy must be one that may (the named one, or of the named group, and
 * verified), read the kind, be there, keep the credential when one is named,
 * not have tried that task in vain, and have room. Of those that are left the
 * one with the fewest tasks is taken, the lower id when two are alike.
 */
#define CHOICE_TASKS_MAX 8 /* tasks of targets that one proxy has at a time */

struct choice_proxy {
	uint64_t agent;
	bool may, reads, there, keeps, tried;
	uint32_t tasks; /* that are not over */
};

/* What nobody of those left before it fulfils. */
enum choice_lack {
	CHOICE_NOBODY,     /* may */
	CHOICE_KIND,       /* reads that */
	CHOICE_AWAY,       /* is there */
	CHOICE_CREDENTIAL, /* keeps that credential */
	CHOICE_TRIED,      /* has not tried it */
	CHOICE_BUSY,       /* has room */
};

/* ST_OK: *which is the place of it in the list. ST_NOTFOUND: *lack says why. */
NODISCARD enum status choice_find(const struct choice_proxy *list, size_t n,
				  size_t *which, enum choice_lack *lack);

/* What is asked of a proxy, for words. */
struct choice_order {
	struct span kind;       /* scheme */
	struct span credential; /* name, or empty */
	struct span who;        /* name of the proxy or group, or empty: any */
	bool group;
	/* name of the one that has begun and is away, or hangs; or empty */
	struct span holder;
	bool hangs;
};

/*
 * "no proxy of group dmz reads smb://", behind what is there. With a holder:
 * "the proxy px1 is away; no other proxy of group dmz reads smb://", or "the
 * proxy px1 does not get on; ...".
 */
NODISCARD enum status choice_words(const struct choice_order *o,
				   enum choice_lack lack, struct buf *to);

#endif
