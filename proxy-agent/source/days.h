#ifndef PROXY_AGENT_SOURCE_DAYS_H
#define PROXY_AGENT_SOURCE_DAYS_H

#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"
#include "source/source.h"

/*
 * days: which messages of a mailbox are wanted, by the day on which it got
 * them: the options since=2026-01-31 (that day and later) and before=2026-03-01
 * (earlier days). What is not wanted is no object of the scan.
 */
struct days {
	int64_t since, before; /* 0:00 UTC of a day; INT64_MIN, _MAX: any */
};

/* ST_USAGE: one of them is no day; said in t->why. */
NODISCARD enum status days_read(const struct source_target *t,
				struct days *out);

/* "SINCE 31-Jan-2026 BEFORE 1-Mar-2026" (RFC 9051, 6.4.4); nothing: any. */
NODISCARD enum status days_imap(const struct days *d, struct buf *to);

/* "after:1769817600 before:1772323200", as Gmail searches. */
NODISCARD enum status days_gmail(const struct days *d, struct buf *to);

#endif
