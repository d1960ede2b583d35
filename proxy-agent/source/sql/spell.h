#ifndef PROXY_AGENT_SOURCE_SQL_SPELL_H
#define PROXY_AGENT_SOURCE_SQL_SPELL_H

#include "base/span.h"
#include "base/status.h"
#include "proxy-agent/source/sql/table.h"

/*
 * sql_spell: integers as a server keeps them, two's complement and the highest
 * byte first, become text. For the server that is dearer than to send them.
 */
#define SQL_DIGITS 20 /* of 64 bits, with a sign */

/*
 * Each cell of a column whose kind is `raw`, in place; `room` is for as many as
 * the table has columns, and what the cells lie in afterwards. ST_MALFORMED:
 * one is of neither 2 nor 4 nor 8 bytes.
 */
NODISCARD enum status sql_spell(const struct sql_table *t, struct span *cell,
				char (*room)[SQL_DIGITS]);

#endif
