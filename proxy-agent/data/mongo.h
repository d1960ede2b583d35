#ifndef PROXY_AGENT_DATA_MONGO_H
#define PROXY_AGENT_DATA_MONGO_H

#include "source/source.h"

/*
 * mongo: the collections of a MongoDB server, each an object in the form of
 * model/fields.h: mongodb://[USER@]HOST[:27017]/[DATABASE[/COLLECTION]].
 *
 * Documents come in the order of their _id, so that a connection that is lost
 * is taken up behind the last one; how many came is compared with what the
 * server counts. Files of GridFS are read with their documents. Views show what
 * stands in collections and are read only when asked for; the databases of the
 * server itself (local, config) only when named.
 *
 * Credential: user, password, ca (PEM); none, where the server wants none.
 * TLS:        always on another host; tls=yes on this one, too.
 * Options:    auth (the database that knows the user: admin), views, tls,
 *             include, exclude: globs on DATABASE/COLLECTION/FIELD below the
 *             target (mongo_choice.h).
 * Cursor:     the collection.
 */
extern const struct source_ops mongo_source;

#endif
