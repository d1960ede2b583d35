#ifndef PROXY_AGENT_SQL_DRDA_H
#define PROXY_AGENT_SQL_DRDA_H

#include "source/source.h"

/*
 * drda: derby://USER@HOST[:1527]/DATABASE[/SCHEMA[/TABLE]] of Apache Derby,
 * drda://... (50000) of DB2, by their own protocol: neither needs a driver.
 * Which of them it is the server says itself.
 *
 * Rows are of what is committed when they are read, page by page along a key.
 * Nothing but SELECT is ever sent; a name of a database that holds orders is
 * refused.
 */
extern const struct source_ops derby_source, drda_source;

#endif
