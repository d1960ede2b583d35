#ifndef PROXY_AGENT_SOURCE_S3_REFUSAL_H
#define PROXY_AGENT_SOURCE_S3_REFUSAL_H

#include "base/span.h"

/*
 * s3_refusal: codes of errors that stand for every request to come, as struct
 * bucket_ops has it: in words, or NULL.
 */
const char *s3_refusal_over(struct span code);
const char *s3_refusal_read(void *arg, unsigned code, struct span body);

#endif
