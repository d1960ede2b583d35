#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "base/log.h"
#include "crypto/hash.h"
#include "crypto/key.h"
#include "crypto/secret.h"
#include "crypto/x509.h"
#include "master/api/api.h"
#include "master/ca/ca.h"
#include "master/cmd.h"
#include "master/cmd_core.h"
#include "master/core/core.h"
#include "master/gate/gate.h"
#include "master/proc/child.h"
#include "sys/file.h"
#include "sys/priv.h"
#include "sys/sandbox.h"

#define PEM_MAX (256 * 1024)

/* What closes behind a role once all that it needs is open. */
struct room {
	const struct settings *s;
	enum sandbox_role sandbox;
	const char *write, *read; /* folders, or NULL */
};

/* The user, or nothing but fewer capabilities when it is not to be had. */
static enum status
drop(const struct settings *s)
{
	struct priv_user user;
	bool other = cmd_user(s, &user, NULL);
	enum status st = priv_drop(other ? &user : NULL, PRIV_NONE);

	if (st != ST_OK)
		log_error("rights cannot be dropped: %s", status_text(st));
	return st;
}

static enum status
close_sandbox(const struct room *r)
{
	const char *write[] = {r->write}, *read[] = {r->read};
	const struct sandbox_paths paths = {
	    .read = read,
	    .read_count = r->read != NULL,
	    .write = write,
	    .write_count = r->write != NULL,
	};
	enum status st = sandbox_enter(r->sandbox, &paths, NULL);

	if (st != ST_OK)
		log_error("the sandbox does not close: %s", status_text(st));
	return st;
}

static enum status
drop_and_close(void *arg)
{
	const struct room *r = arg;
	enum status st = drop(r->s);

	return st == ST_OK ? close_sandbox(r) : st;
}

static enum status
only_drop(void *arg)
{
	const struct room *r = arg;

	return drop(r->s);
}

static enum status
only_close(void *arg)
{
	return close_sandbox(arg);
}

/* A certificate of the data folder as DER. */
static enum status
read_cert(const struct settings *s, const char *name, struct buf *der,
	  struct buf *why)
{
	struct buf pem;
	enum status st;

	buf_init(&pem, PEM_MAX);
	st = cmd_read_file(s, name, &pem, why);
	if (st == ST_OK)
		st = cert_from_pem(buf_span(&pem), der);
	buf_fini(&pem);
	return st;
}

/* ---- the roles -------------------------------------------------------------
 */

static enum status
role_ca(struct child *c, const struct settings *s, struct buf *why)
{
	struct room room = {.s = s, .sandbox = SANDBOX_CA};
	struct buf key, cert;
	enum status st;

	buf_init(&key, PEM_MAX);
	buf_init(&cert, X509_DER_MAX);
	st = cmd_read_file(s, FILE_CA_KEY, &key, why);
	if (st == ST_OK)
		st = read_cert(s, FILE_CA_CERT, &cert, why);
	if (st == ST_OK) {
		const struct ca_config config = {.key_pem = buf_span(&key),
						 .ca_der = buf_span(&cert),
						 .confine = drop_and_close,
						 .arg = &room};

		st = ca_run(c, &config);
	}
	buf_fini(&key);
	buf_fini(&cert);
	return st;
}

static enum status
role_gate(struct child *c, const struct settings *s, struct buf *why)
{
	struct room room = {.s = s, .sandbox = SANDBOX_GATE};
	struct buf key, cert, ca;
	enum status st;

	buf_init(&key, PEM_MAX);
	buf_init(&cert, X509_DER_MAX);
	buf_init(&ca, X509_DER_MAX);
	st = cmd_read_file(s, FILE_GATE_KEY, &key, why);
	if (st == ST_OK)
		st = read_cert(s, FILE_GATE_CERT, &cert, why);
	if (st == ST_OK)
		st = read_cert(s, FILE_CA_CERT, &ca, why);
	if (st == ST_OK) {
		const struct gate_config config = {
		    .key_pem = buf_span(&key),
		    .cert_der = buf_span(&cert),
		    .ca_der = buf_span(&ca),
		    .connections_max = (uint32_t)s->connections,
		    .idle_ms = (uint32_t)(s->heartbeat * 3 + 20000),
		    .confine = drop_and_close,
		    .arg = &room,
		};

		st = gate_run(c, &config);
	}
	buf_fini(&key);
	buf_fini(&cert);
	buf_fini(&ca);
	return st;
}

static enum status
find_pin(const struct settings *s, char pin[2 * HASH_LEN + 1], struct buf *why)
{
	struct cert_facts facts;
	struct buf cert;
	enum status st;

	buf_init(&cert, X509_DER_MAX);
	st = read_cert(s, FILE_CA_CERT, &cert, why);
	if (st == ST_OK)
		st = cert_facts(buf_span(&cert), &facts);
	if (st == ST_OK)
		codec_hex(span_of(facts.key, HASH_LEN), pin);
	buf_fini(&cert);
	return st;
}

/* What core is told, also by commands that do its work while it is away. */
enum status
cmd_core_config(const struct settings *s, struct cmd_core *to, struct buf *why)
{
	struct buf key;
	enum status st = settings_public(s, &to->address);

	settings_path(s, FILE_DATABASE, to->database);
	if (st == ST_OK)
		st = find_pin(s, to->pin, why);
	buf_init(&key, PEM_MAX);
	if (st == ST_OK)
		st = cmd_read_file(s, FILE_PRINT_KEY, &key, why);
	if (st == ST_OK && key.len != FINGERPRINT_KEY_LEN)
		st = ST_MALFORMED;
	if (st == ST_OK) {
		to->config = (struct core_config){
		    .database = to->database,
		    .catalogue = s->catalogue[0] != '\0' ? s->catalogue : NULL,
		    .public_host = to->address.host,
		    .public_port = to->address.port,
		    .ca_pin = to->pin,
		    .heartbeat = (uint32_t)(s->heartbeat / 1000),
		    .proxy_away = s->proxy_away,
		    .proxy_hung = s->proxy_hung,
		    .server_targets = (uint32_t)s->server_targets,
		    .certificate_days = (uint32_t)s->certificate_days,
		    .session_ms = (int64_t)s->session_longest,
		};
		memcpy(to->config.fingerprint_key, key.data,
		       FINGERPRINT_KEY_LEN);
	}
	buf_fini(&key);
	return st;
}

static enum status
role_core(struct child *c, const struct settings *s, struct buf *why)
{
	struct cmd_core core;
	char folder[SETTINGS_PATH];
	struct room room = {.s = s, .sandbox = SANDBOX_CORE, .write = folder};
	enum status st = cmd_core_config(s, &core, why);

	settings_path(s, "db", folder);
	if (st == ST_OK) {
		core.config.drop = only_drop;
		core.config.confine = only_close;
		core.config.arg = &room;
		st = core_run(c, &core.config);
	}
	secret_wipe(&core, sizeof(core));
	return st;
}

static enum status
role_api(const struct settings *s)
{
	char cert[SETTINGS_PATH], key[SETTINGS_PATH];
	struct priv_user user;
	struct api_config config = {
	    .data = s->data,
	    .cert = cert,
	    .key = key,
	    .hsts = s->hsts,
	    .connections = (uint32_t)s->web_connections,
	    .session_idle = (uint32_t)(s->session_idle / 1000),
	    .session_longest = (uint32_t)(s->session_longest / 1000),
	};

	settings_path(s, FILE_WEB_CERT, cert);
	settings_path(s, FILE_WEB_KEY, key);
	if (cmd_user(s, &user, NULL))
		config.user = s->user;
	return api_main(&config);
}

static enum status
run_role(enum role role, const struct settings *s, struct buf *why)
{
	struct child *c = NULL;
	enum status st;

	if (role == ROLE_API)
		return role_api(s);
	st = child_open(role, &c);
	if (st == ST_OK && role == ROLE_CA)
		st = role_ca(c, s, why);
	else if (st == ST_OK && role == ROLE_GATE)
		st = role_gate(c, s, why);
	else if (st == ST_OK)
		st = role_core(c, s, why);
	child_close(c);
	return st;
}

int
cmd_role(int argc, char **argv)
{
	const struct role_row *row = argc > 0 ? role_named(argv[0]) : NULL;
	struct option none[] = {{.name = NULL}};
	struct settings s;
	char program[64] = "trawl-master-";
	struct buf why;
	enum status st;
	int code;

	if (row == NULL)
		return EXIT_USAGE;
	code = cmd_begin(&s, none, argc - 1, argv + 1);
	if (code != EXIT_DONE)
		return code;
	strncat(program, row->name, sizeof(program) - strlen(program) - 1);
	log_setup(program, (enum log_level)s.log);
	buf_init(&why, 8192);
	st = run_role(row->role, &s, &why);
	if (st != ST_OK)
		log_error("%s ends: %s %.*s", row->name, status_text(st),
			  (int)why.len,
			  why.len > 0 ? (const char *)why.data : "");
	buf_fini(&why);
	return st == ST_OK ? EXIT_DONE : EXIT_WRONG;
}
