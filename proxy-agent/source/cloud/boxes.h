#ifndef PROXY_AGENT_SOURCE_CLOUD_BOXES_H
#define PROXY_AGENT_SOURCE_CLOUD_BOXES_H

#include "source/source.h"

/*
 * boxes: files that people keep at Dropbox and at Box.
 *
 *   dropbox://USER@DOMAIN/[FOLDER...]   whose account it is: a name for people
 *   box://USER@DOMAIN/[FOLDER...]
 *
 * An application of Box signs in for its enterprise (enterprise_id) or for one
 * person (user_id).
 */
extern const struct source_ops dropbox_source, box_source;

#endif
