#ifndef PROXY_AGENT_SOURCE_AZURE_AZURE_H
#define PROXY_AGENT_SOURCE_AZURE_AZURE_H

#include "source/source.h"

/*
 * azure: what accounts of Azure Storage hold; see site.h for how they are
 * named and who asks.
 *
 *   azure://ACCOUNT/[CONTAINER/[PREFIX]]   blobs: block, append and page blobs;
 *                                          snapshots=yes, versions=yes: those
 *                                          too, each an object of its own
 *   azure-queue://ACCOUNT/[QUEUE]          messages, by PeekMessages alone: it
 *                                          hides none, and shows 32 at most
 *   azure-table://ACCOUNT/[TABLE]          rows
 */
extern const struct source_ops azure_source, azure_queue_source,
    azure_table_source;

#endif
