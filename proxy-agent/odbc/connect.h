#ifndef PROXY_AGENT_ODBC_CONNECT_H
#define PROXY_AGENT_ODBC_CONNECT_H

#include "proxy-agent/odbc/product.h"
#include "proxy-agent/source/sql/sql.h"

/*
 * connect: a connection string of ODBC ("Connection string syntax" of
 * SQLDriverConnect), in UTF-16 with a NUL behind it. Every value that
 * has other than letters, digits and the like in it stands in braces, a closing
 * one in it doubled, so that no value is a keyword.
 *
 * ST_UNSUPPORTED: no driver is named, and the product has none of its own.
 * ST_DENIED: nothing keeps others on the way from reading the password.
 * Both say so.
 */
NODISCARD enum status connect_words(struct buf *to, const struct product *p,
				    const struct sql_to *target,
				    struct buf *why);

#endif
