#ifndef DETECT_CATALOGUE_LISTS_H
#define DETECT_CATALOGUE_LISTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

/*
 * lists: the registries that lie beside catalogue files as .tsv and .txt, and
 * their look-ups. Lines of '#' are comments. On failure *why has file, line
 * and what is wrong.
 */

/* ---- IBAN: country, length, structure of what follows the check digits --- */

#define IBAN_MAX 34

struct iban_list {
	/* by country, (first letter) * 26 + second; length 0: none */
	struct iban_country {
		uint8_t length;
		char structure[IBAN_MAX]; /* a class each: n a c */
	} country[26 * 26];
};

NODISCARD enum status iban_list_read(const char *path, struct arena *a,
				     struct iban_list **out, struct buf *why);

/* NULL when cc is no registered country. */
const struct iban_country *iban_list_find(const struct iban_list *l,
					  const uint8_t cc[2]);

/* ---- top-level domains --------------------------------------------------- */

struct tld_list {
	struct span *slot; /* by hash, open addressing */
	size_t slots;      /* a power of two */
};

NODISCARD enum status tld_list_read(const char *path, struct arena *a,
				    struct tld_list **out, struct buf *why);

/* Without case. */
bool tld_list_has(const struct tld_list *l, struct span label);

/* ---- calling codes: code, shortest and longest number behind it ---------- */

struct phone_list {
	struct phone_code {
		uint8_t min, max; /* digits behind the code; max 0: none */
	} code[1000];             /* "49" is at 49 */
};

NODISCARD enum status phone_list_read(const char *path, struct arena *a,
				      struct phone_list **out, struct buf *why);

#endif
