#ifndef AGENT_TRAWL_SECRET_H
#define AGENT_TRAWL_SECRET_H

#include <stddef.h>

#include "source/renewal.h"
#include "sys/vault.h"

/*
 * secret: files with secrets that the command line or a file of credentials
 * names: files of ours that others may not read.
 *
 * Errors: what they give is one sentence on what is wrong, or NULL.
 */

/* All of it into locked memory; *out is closed unless all is well. */
const char *secret_load(const char *name, struct vault *out);

/*
 * A file of credentials in which a service replaced a secret: in *held, which
 * was read from it, and in the file, as a whole and at once, or in the file
 * that it names instead (refresh_token_file). The file is read anew: who
 * changed something else in it meanwhile loses nothing.
 */
const char *secret_renew(const char *name, struct vault *held,
			 const struct renewal *r);

#endif
