#ifndef MASTER_CMD_H
#define MASTER_CMD_H

/*
 * cmd: one function a command. argc and argv are the words behind its name; the
 * result is the exit code: 0 done, 1 it did not work, 2 the words were wrong.
 */
typedef int cmd_fn(int argc, char **argv);

cmd_fn cmd_init, cmd_run, cmd_export, cmd_check;
cmd_fn cmd_token, cmd_setup_code, cmd_scan, cmd_scans, cmd_agents, cmd_findings;
cmd_fn cmd_role; /* trawl-master --role NAME, by the parent */

#define EXIT_DONE  0
#define EXIT_WRONG 1
#define EXIT_USAGE 2

#include <stdbool.h>

#include "base/buf.h"
#include "base/status.h"
#include "master/options.h"
#include "master/settings.h"

/* Options, settings, and no word left; else says why and gives EXIT_USAGE. */
int cmd_begin(struct settings *s, struct option *options, int argc,
	      char **argv);

/* Says a sentence on stderr and gives the exit code for a status. */
int cmd_failed(enum status st, const struct buf *why);

/* Private (0600) and public (0644) files of the data folder. */
#define FILE_CA_KEY    "ca/ca.key"
#define FILE_CA_CERT   "ca/ca.pem"
#define FILE_GATE_KEY  "ca/gate.key"
#define FILE_GATE_CERT "ca/gate.pem"
#define FILE_PRINT_KEY "ca/fingerprint.key"
#define FILE_WEB_KEY   "web/web.key"
#define FILE_WEB_CERT  "web/web.pem"
#define FILE_DATABASE  "db/trawl.db"
#define FILE_CONF      "trawl.conf"
#define FILE_ADMIN     "run/admin.sock"
#define FILE_LOCK      "run/lock"

/*
 * The user that processes become: false when they stay who they are, because
 * we are not root, there is no such user, or it could not pass the folders
 * above the data folder (a home, say). *why (may be NULL) says which of the
 * last two.
 */
struct priv_user;
bool cmd_user(const struct settings *s, struct priv_user *user,
	      const char **why);

/*
 * One process that writes a data folder: ST_AGAIN when another holds the lock.
 * It is let go when *fd is closed.
 */
NODISCARD enum status cmd_lock(const struct settings *s, int *fd);

/* The whole file; a sentence in *why that names it. *out was initialised. */
NODISCARD enum status cmd_read_file(const struct settings *s, const char *name,
				    struct buf *out, struct buf *why);

#endif
