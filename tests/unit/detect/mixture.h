#ifndef UNIT_DETECT_MIXTURE_H
#define UNIT_DETECT_MIXTURE_H

#include <stdint.h>
#include <string.h>

#include "unit/detect/finds.h"

/*
 * mixture: made-up text that is dense with what the detector looks for, whole
 * and damaged, with every kind of byte between.
 */
static inline size_t
mixture_piece(uint64_t *rng, char *out, size_t room)
{
	static const char *const pieces[] = {
	    "4111111111111111",
	    "4556 8245 9151 0220",
	    "5555-5555-5555-4444",
	    "371449635398431",
	    "3782 822463 10005",
	    "6759649826438453",
	    "30569309025904",
	    "536-22-8725",
	    "SSN 536228725",
	    "DE89370400440532013000",
	    "GB29 NWBK 6016 1331 9268 19",
	    "anna.bob12@corp77.co.uk",
	    "x@y.io",
	    "+49 30 1234567",
	    "+1-202-555-0123",
	    "(202) 555-0123",
	    "+44 (0)20 7946 0958",
	    "AKIAIOSFODNN7EXAMPLE",
	    "ghp_ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
	    "glpat-Zk83hd72kqPw0c7Tq9aB",
	    "postgres://app:h7Gk2pQz@db1.acme.net/crm",
	    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0."
	    "Zk83hd72kqPw0c7Tq9aBZk83hd72",
	    "card",
	    "ssn",
	    "iban",
	    "order",
	    "uuid",
	    "cc=",
	    "\"pan\": \"",
	    " ",
	    " ",
	    "\n",
	    "\n",
	    "-",
	    "-",
	    ",",
	    "\t",
	    "\r\n",
	    ".",
	    ":",
	    "@",
	    "+",
	    "(",
	    "/",
	    "=",
	    "\"",
	    "\\n",
	    "_",
	    "x",
	    "Q",
	    "\xc3\xa9",
	    "\xe9",
	    "\xff",
	    "\xe2\x80\xa2",
	    "0",
	    "7",
	    "42",
	    "1234",
	    "4444 4444",
	    "2026-01-01 00:00:00",
	    "550e8400-e29b-41d4-a716-446655440000"};
	const char *p =
	    pieces[dice(rng) % (sizeof(pieces) / sizeof(pieces[0]))];
	size_t n = strlen(p), from = 0;

	if (n > 8 && dice(rng) % 8 == 0) /* only a part of it */
		from = dice(rng) % n;
	n -= from;
	if (n > room)
		n = room;
	memcpy(out, p + from, n);
	if (n > 0 && dice(rng) % 16 == 0)
		out[dice(rng) % n] = (char)(dice(rng) & 0xff);
	return n;
}

static inline void
mixture(uint64_t seed, char *out, size_t len)
{
	uint64_t rng = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
	size_t at = 0;

	while (at < len)
		at += mixture_piece(&rng, out + at, len - at);
}

#endif
