#include "master/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/must.h"
#include "sys/file.h"
#include "sys/host.h"

#define DAY_MS (UINT64_C(24) * 3600 * 1000)

static const char *const log_words[] = {"error", "warn", "info", "debug", NULL};

static const struct conf_setting table[] = {
    {.key = "data",
     .type = CONF_PATH,
     CONF_AT(struct settings, data),
     .fallback = "/var/lib/trawl",
     .help = "folder of the database, keys and settings file trawl.conf"},
    {.key = "web",
     .type = CONF_TEXT,
     CONF_AT(struct settings, web),
     .fallback = ":443",
     .help = "addresses of the console, comma between them: :443, "
	     "192.0.2.1:443, [::1]:8443"},
    {.key = "redirect",
     .type = CONF_TEXT,
     CONF_AT(struct settings, redirect),
     .fallback = "auto",
     .help = "plain HTTP that leads to the console: addresses, off, or auto "
	     "(port 80 when the console is on 443)"},
    {.key = "agents",
     .type = CONF_TEXT,
     CONF_AT(struct settings, agents),
     .fallback = ":11117",
     .help = "addresses where agents connect, comma between them"},
    {.key = "public",
     .type = CONF_TEXT,
     CONF_AT(struct settings, public),
     .fallback = "",
     .help = "host or host:port that enrolment tokens tell agents to dial; "
	     "empty: the address of agents, or the name of this host"},
    {.key = "user",
     .type = CONF_TEXT,
     CONF_AT(struct settings, user),
     .fallback = "trawl",
     .help = "user that the processes become when started as root"},
    {.key = "catalogue",
     .type = CONF_PATH,
     CONF_AT(struct settings, catalogue),
     .fallback = "",
     .help = "folder of data types; empty: the installed one"},
    {.key = "heartbeat",
     .type = CONF_DURATION,
     CONF_AT(struct settings, heartbeat),
     .fallback = "60s",
     .low = 1000,
     .high = 3600000,
     .help = "how often an agent says that it is alive"},
    /* longer than a restart of its host takes: it goes on where it was, while
       another has to read the target from the beginning */
    {.key = "proxy-away",
     .type = CONF_DURATION,
     CONF_AT(struct settings, proxy_away),
     .fallback = "10m",
     .low = 1000,
     .high = 7 * DAY_MS,
     .help = "a proxy that is away for so long loses the targets that it was "
	     "reading to another one that may read them"},
    /* longer than any wait for a target: what does not answer within its
     *_timeout three times is given up by then, which is a sign of life */
    {.key = "proxy-hung",
     .type = CONF_DURATION,
     CONF_AT(struct settings, proxy_hung),
     .fallback = "30m",
     .low = 1000,
     .high = 7 * DAY_MS,
     .help = "a proxy that is there and gives no sign of life of a target for "
	     "so long is told to stop, and another one reads it; more than the "
	     "longest *_timeout of a target"},
    /* each has the sessions that its options allow, so that a server has no
       more than twice those of one target */
    {.key = "server-targets",
     .type = CONF_NUMBER,
     CONF_AT(struct settings, server_targets),
     .fallback = "2",
     .low = 1,
     .high = 1000,
     .help = "targets of one server (address and port) that proxies read at a "
	     "time, whichever proxies; the others wait"},
    {.key = "certificate-days",
     .type = CONF_NUMBER,
     CONF_AT(struct settings, certificate_days),
     .fallback = "30",
     .low = 1,
     .high = 365,
     .help = "how long an agent's certificate lives; renewed at two thirds"},
    {.key = "session-idle",
     .type = CONF_DURATION,
     CONF_AT(struct settings, session_idle),
     .fallback = "30m",
     .low = 60000,
     .high = DAY_MS,
     .help = "a sign-in ends after so long without a click"},
    {.key = "session-longest",
     .type = CONF_DURATION,
     CONF_AT(struct settings, session_longest),
     .fallback = "12h",
     .low = 60000,
     .high = 30 * DAY_MS,
     .help = "a sign-in ends after so long in any case"},
    {.key = "connections",
     .type = CONF_NUMBER,
     CONF_AT(struct settings, connections),
     .fallback = "4096",
     .low = 16,
     .high = 100000,
     .help = "agents that may be connected at a time"},
    {.key = "web-connections",
     .type = CONF_NUMBER,
     CONF_AT(struct settings, web_connections),
     .fallback = "1000",
     .low = 16,
     .high = 10000,
     .help = "connections to the console at a time"},
    {.key = "hsts",
     .type = CONF_BOOL,
     CONF_AT(struct settings, hsts),
     .fallback = "no",
     .help = "tell browsers to insist on HTTPS; only with a certificate that "
	     "they trust"},
    {.key = "log",
     .type = CONF_WORD,
     CONF_AT(struct settings, log),
     .fallback = "info",
     .words = log_words,
     .help = "lowest level that is logged"},
};

const struct conf_schema settings_of_master = {
    "trawl-master", table, sizeof(table) / sizeof(table[0])};

void
settings_path(const struct settings *s, const char *name,
	      char path[SETTINGS_PATH])
{
	int n = snprintf(path, SETTINGS_PATH, "%s/%s", s->data, name);

	must(n > 0 && n < SETTINGS_PATH);
}

bool
settings_next_address(const char **list, struct conf_address *out,
		      enum status *st)
{
	char one[300];
	const char *from = *list + strspn(*list, ", ");
	size_t n = strcspn(from, ", ");

	if (n == 0)
		return false;
	*list = from + n;
	*st = ST_USAGE;
	if (n < sizeof(one)) {
		memcpy(one, from, n);
		one[n] = '\0';
		*st = conf_address(one, out) == ST_OK ? ST_OK : ST_USAGE;
	}
	return *st == ST_OK;
}

static enum status
check_addresses(const char *key, const char *list, struct buf *why)
{
	struct conf_address a;
	const char *at = list;
	enum status st = ST_OK;
	unsigned n = 0;

	while (settings_next_address(&at, &a, &st))
		n++;
	if (st == ST_OK && n > 0)
		return ST_OK;
	if (buf_addf(why,
		     "%s: \"%s\" is no list of addresses. Write host:port, "
		     ":port or [IPv6]:port, comma between them.",
		     key, list) != ST_OK)
		return ST_NOMEM;
	return ST_USAGE;
}

static enum status
check_all(const struct settings *s, struct buf *why)
{
	enum status st = check_addresses("web", s->web, why);

	if (st == ST_OK)
		st = check_addresses("agents", s->agents, why);
	if (st == ST_OK && strcmp(s->redirect, "auto") != 0 &&
	    strcmp(s->redirect, "off") != 0)
		st = check_addresses("redirect", s->redirect, why);
	if (st == ST_OK && strlen(s->data) > SETTINGS_PATH - 64) {
		st = buf_addf(why, "data: the path is too long.");
		return st == ST_OK ? ST_USAGE : st;
	}
	return st;
}

/* --data and TRAWL_DATA say where the file is that the rest may stand in. */
static enum status
find_data(struct settings *s, int argc, char **argv, struct buf *why)
{
	char **copy = calloc((size_t)argc + 1, sizeof(*copy));
	struct conf_args args = {.argc = argc, .argv = copy};
	enum status st;

	if (copy == NULL)
		return ST_NOMEM;
	memcpy(copy, argv, (size_t)argc * sizeof(*copy));
	conf_defaults(&settings_of_master, s);
	st = conf_env(&settings_of_master, environ, s, why);
	if (st == ST_OK)
		st = conf_flags(&settings_of_master, &args, s, why);
	free(copy);
	return st;
}

static enum status
absolute(char *path, struct buf *why)
{
	char here[SETTINGS_PATH], whole[SETTINGS_PATH];
	int n;

	if (path[0] == '/' || path[0] == '\0')
		return ST_OK;
	if (getcwd(here, sizeof(here)) == NULL)
		return ST_IO;
	n = snprintf(whole, sizeof(whole), "%s/%s", here, path);
	if (n < 0 || (size_t)n >= sizeof(whole))
		return buf_addf(why, "A path is too long.") == ST_OK ? ST_USAGE
								     : ST_NOMEM;
	memcpy(path, whole, (size_t)n + 1);
	return ST_OK;
}

enum status
settings_load(struct settings *s, int *argc, char **argv, struct buf *why)
{
	char file[SETTINGS_PATH];
	struct conf_args args = {.argc = *argc, .argv = argv};
	struct settings found;
	enum status st = find_data(&found, *argc, argv, why);

	if (st == ST_OK)
		st = absolute(found.data, why);
	if (st == ST_OK)
		st = check_all(&found, why);
	if (st != ST_OK)
		return st;
	conf_defaults(&settings_of_master, s);
	settings_path(&found, "trawl.conf", file);
	if (file_exists(file))
		st = conf_file(&settings_of_master, file, s, why);
	if (st == ST_OK)
		st = conf_env(&settings_of_master, environ, s, why);
	if (st == ST_OK)
		st = conf_flags(&settings_of_master, &args, s, why);
	if (st != ST_OK)
		return st;
	memcpy(s->data, found.data, sizeof(s->data));
	*argc = args.rest;
	st = absolute(s->catalogue, why);
	if (st != ST_OK)
		return st;
	log_setup("trawl-master", (enum log_level)s->log);
	return check_all(s, why);
}

static bool
means_any(const char *host)
{
	return host[0] == '\0' || strcmp(host, "0.0.0.0") == 0 ||
	       strcmp(host, "::") == 0;
}

static void
own_name(char *to, size_t room)
{
	struct host h;

	snprintf(to, room, "%s",
		 host_look(&h) == ST_OK && h.name[0] != '\0' ? h.name
							     : "localhost");
}

enum status
settings_public(const struct settings *s, struct conf_address *out)
{
	const char *list = s->agents;
	struct conf_address listen, given;
	enum status st = ST_USAGE;

	if (!settings_next_address(&list, &listen, &st))
		return ST_USAGE;
	*out = listen;
	if (s->public[0] != '\0') {
		/* "host" alone is no address: its port is the agents'. */
		if (strchr(s->public, ':') != NULL &&
		    conf_address(s->public, &given) == ST_OK)
			*out = given;
		else
			snprintf(out->host, sizeof(out->host), "%.*s",
				 (int)sizeof(out->host) - 1, s->public);
	} else if (means_any(listen.host)) {
		own_name(out->host, sizeof(out->host));
	}
	return ST_OK;
}

void
settings_url(const struct settings *s, char *to, size_t room)
{
	const char *list = s->web;
	struct conf_address a = {.port = 443};
	enum status st;
	bool v6;

	(void)settings_next_address(&list, &a, &st);
	if (means_any(a.host))
		own_name(a.host, sizeof(a.host));
	v6 = strchr(a.host, ':') != NULL;
	if (a.port == 443)
		snprintf(to, room, "https://%s%s%s/", v6 ? "[" : "", a.host,
			 v6 ? "]" : "");
	else
		snprintf(to, room, "https://%s%s%s:%u/", v6 ? "[" : "", a.host,
			 v6 ? "]" : "", a.port);
}
