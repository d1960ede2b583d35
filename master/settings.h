#ifndef MASTER_SETTINGS_H
#define MASTER_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"
#include "conf/conf.h"

/*
 * settings: what can be chosen. The table in settings.c is the one source of
 * defaults, checks, help and schema/settings.md.
 */
#define SETTINGS_PATH 4096

struct settings {
	char data[SETTINGS_PATH]; /* folder of everything that is kept */
	char web[1024];           /* addresses, comma between them */
	char redirect[1024];      /* "auto", "off" or addresses */
	char agents[1024];
	char public[256]; /* host:port that tokens tell agents to dial */
	char user[64];
	char catalogue[SETTINGS_PATH];
	uint64_t heartbeat;  /* ms */
	uint64_t proxy_away; /* ms */
	uint64_t proxy_hung; /* ms */
	uint64_t server_targets;
	uint64_t certificate_days;
	uint64_t session_idle, session_longest; /* ms */
	uint64_t connections;                   /* of agents */
	uint64_t web_connections;
	bool hsts;
	unsigned log; /* enum log_level */
};

extern const struct conf_schema settings_of_master;

/*
 * Defaults, then DATA/trawl.conf, the environment, and the flags of argv, which
 * are moved out of it: *rest other words stay at argv[0..]. ST_USAGE and a
 * sentence in *why.
 */
NODISCARD enum status settings_load(struct settings *s, int *argc, char **argv,
				    struct buf *why);

/* What agents are told to dial: the setting, or what follows from others. */
NODISCARD enum status settings_public(const struct settings *s,
				      struct conf_address *out);

/* The first web address as a person opens it: "https://host:port/". */
void settings_url(const struct settings *s, char *to, size_t room);

/* The next address of a list; false at its end. ST_USAGE by *st. */
bool settings_next_address(const char **list, struct conf_address *out,
			   enum status *st);

/* DATA/name into a path. Data folders are short enough: must(). */
void settings_path(const struct settings *s, const char *name,
		   char path[SETTINGS_PATH]);

#endif
