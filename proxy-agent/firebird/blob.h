#ifndef PROXY_AGENT_FIREBIRD_BLOB_H
#define PROXY_AGENT_FIREBIRD_BLOB_H

#include "base/status.h"
#include "proxy-agent/firebird/impl.h"

/*
 * blob: a cell that is kept beside its row, added to s->blobs; text in UTF-8.
 * Errors: ST_LIMIT when it does not fit there.
 */
NODISCARD enum status firebird_blob(struct sql_session *s, const XSQLVAR *v);

#endif
