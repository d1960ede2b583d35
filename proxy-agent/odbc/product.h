#ifndef PROXY_AGENT_ODBC_PRODUCT_H
#define PROXY_AGENT_ODBC_PRODUCT_H

#include <stdbool.h>
#include <stdint.h>

#include "proxy-agent/source/sql/sql.h"

/*
 * product: what differs between databases that are read by a driver of their
 * vendor: how one connects, and which SQL they speak. All of it is text.
 *
 * Sources: the vendors' manuals of their ODBC drivers and SQL.
 */
struct product {
	const char *scheme; /* of targets; "odbc" is for every other one */
	uint16_t port;
	const char *driver;  /* as its vendor registers it in odbcinst.ini;
				NULL: the target has to name one */
	const char *connect; /* connection string, in which stand, each quoted:
				{driver} {host} {port} {host_port} {service}
				(host, port and database) {server} (the option)
				{database} {user} {password} */
	const char *tls;     /* behind it, so that nobody on the way reads the
				password; "" when none can, NULL when none of our
				words would do it */
	const char *calls_itself; /* beginning of its SQL_DBMS_NAME */
	bool snapshot; /* repeatable reads are one state of all, and lock
			  nothing: asked for through the driver */
	struct sql_dialect dialect;
};

/* Ends with a scheme of NULL. */
extern const struct product products[];

/* By scheme; NULL: there is none. */
const struct product *product_of(const char *scheme);
/* By what the server says that it is; product_any when nobody knows it. */
const struct product *product_named(const char *dbms);

/* Of a server that is none of them: plain SQL, read in one go. */
extern const struct product product_any;

#endif
