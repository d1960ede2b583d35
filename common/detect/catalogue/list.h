#ifndef DETECT_CATALOGUE_LIST_H
#define DETECT_CATALOGUE_LIST_H

#include "detect/detect.h"

/*
 * list: what data types and profiles there are, for people; nothing is
 * compiled. Options are those of a detector: `types` says which are wanted.
 *
 * Owner: what is pointed to is good until the callback returns.
 */
#define LIST_CHECKS 32

struct list_type {
	struct type_info info;
	const char *token; /* "id" "iban" "email" "phone" "pattern" */
	const char *file;
	bool wanted, by_default, own;
	const char *checks[LIST_CHECKS]; /* names, each once */
	size_t check_count;
	/* as its own file writes them; shared lists of words are left out */
	const struct span *words, *columns;
	size_t word_count, column_count;
	const struct span *match, *no_match; /* examples */
	size_t match_count, no_match_count;
};

struct list_profile {
	const char *id, *name, *about, *date;
	unsigned version;
	size_t types; /* that it chooses */
};

/* In order of ids. *why (buf_init() done) explains a failure. */
NODISCARD enum status list_types(const struct detect_options *o,
				 void (*fn)(void *arg,
					    const struct list_type *t),
				 void *arg, struct buf *why);
NODISCARD enum status list_profiles(const struct detect_options *o,
				    void (*fn)(void *arg,
					       const struct list_profile *p),
				    void *arg, struct buf *why);

#endif
