#ifndef PROXY_AGENT_SOURCE_CLOUD_GOOGLE_H
#define PROXY_AGENT_SOURCE_CLOUD_GOOGLE_H

#include "source/source.h"

/*
 * google: files and objects at Google.
 *
 *   gdrive://USER@DOMAIN/[My Drive | SHARED DRIVE | Shared with me][/FOLDER...]
 *   gcs://BUCKET/[PREFIX]
 *   gmail://USER@DOMAIN/                each message once, by its id
 *
 * Drive's own documents are read as the office formats that it exports (up to
 * 10 MB each, which is its limit). The credential may be the very file that
 * Google gives for a service account; with delegation for the domain it acts
 * for USER@DOMAIN.
 */
extern const struct source_ops gdrive_source, gcs_source, gmail_source;

#endif
