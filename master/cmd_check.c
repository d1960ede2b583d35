#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "crypto/key.h"
#include "crypto/x509.h"
#include "master/cmd.h"
#include "master/store/store.h"

#define PEM_MAX (256 * 1024)

struct checking {
	const struct settings *s;
	bool failed;
};

static void
line(struct checking *c, const char *what, bool ok, const char *detail)
{
	printf("%-4s  %s%s%s\n", ok ? "ok" : "FAIL", what,
	       !ok && detail[0] != '\0' ? ": " : "", ok ? "" : detail);
	if (!ok)
		c->failed = true;
}

static void
store_line(void *arg, const char *what, bool ok, const char *detail)
{
	line(arg, what, ok, detail);
}

static void
check_database(struct checking *c)
{
	char path[SETTINGS_PATH], text[4096] = "";
	struct store *s = NULL;
	struct buf why;
	enum status st;

	settings_path(c->s, FILE_DATABASE, path);
	buf_init(&why, sizeof(text));
	st = store_open(path, STORE_READ, &s, &why);
	if (why.len > 0)
		snprintf(text, sizeof(text), "%.*s", (int)why.len,
			 (const char *)why.data);
	line(c, "database opens", st == ST_OK, text);
	/* In one snapshot, so that it may be asked while a master runs. */
	if (st == ST_OK)
		st = store_begin(s);
	if (st == ST_OK && store_check(s, store_line, c) != ST_OK)
		c->failed = true;
	if (s != NULL)
		store_rollback(s);
	store_close(s);
	buf_fini(&why);
}

static enum status
read_cert(struct checking *c, const char *name, struct buf *der)
{
	struct buf pem, why;
	enum status st;

	buf_init(&pem, PEM_MAX);
	buf_init(&why, 4096);
	st = cmd_read_file(c->s, name, &pem, &why);
	if (st == ST_OK)
		st = cert_from_pem(buf_span(&pem), der);
	buf_fini(&pem);
	buf_fini(&why);
	return st;
}

static enum status
key_fits(struct checking *c, const char *key, struct span der)
{
	struct key *k = NULL;
	struct buf pem, why;
	enum status st;

	buf_init(&pem, PEM_MAX);
	buf_init(&why, 4096);
	st = cmd_read_file(c->s, key, &pem, &why);
	if (st == ST_OK)
		st = key_load(buf_span(&pem), &k);
	if (st == ST_OK)
		st = cert_matches(der, k);
	key_free(k);
	buf_fini(&pem);
	buf_fini(&why);
	return st;
}

static void
check_keys(struct checking *c)
{
	struct buf ca, gate;
	enum status st;

	buf_init(&ca, X509_DER_MAX);
	buf_init(&gate, X509_DER_MAX);
	st = read_cert(c, FILE_CA_CERT, &ca);
	line(c, "CA certificate can be read", st == ST_OK, status_text(st));
	if (st == ST_OK) {
		st = key_fits(c, FILE_CA_KEY, buf_span(&ca));
		line(c, "CA key matches its certificate", st == ST_OK,
		     status_text(st));
	}
	st = read_cert(c, FILE_GATE_CERT, &gate);
	if (st == ST_OK)
		st = cert_check(buf_span(&gate), buf_span(&ca), time(NULL));
	line(c, "certificate of the agent port is good", st == ST_OK,
	     status_text(st));
	if (st == ST_OK) {
		st = key_fits(c, FILE_GATE_KEY, buf_span(&gate));
		line(c, "its key matches", st == ST_OK, status_text(st));
	}
	buf_fini(&ca);
	buf_fini(&gate);
}

static void
check_permissions(struct checking *c)
{
	static const char *const secret[] = {FILE_CA_KEY,    FILE_GATE_KEY,
					     FILE_PRINT_KEY, FILE_WEB_KEY,
					     FILE_DATABASE,  FILE_CONF};
	char path[SETTINGS_PATH], what[SETTINGS_PATH + 64];
	struct stat st;

	for (size_t i = 0; i < sizeof(secret) / sizeof(secret[0]); i++) {
		settings_path(c->s, secret[i], path);
		snprintf(what, sizeof(what), "%s is for its owner alone",
			 secret[i]);
		if (stat(path, &st) != 0)
			line(c, what, false, "it cannot be looked at");
		else
			line(c, what, (st.st_mode & 077U) == 0,
			     "others may read it: chmod go= it");
	}
}

int
cmd_check(int argc, char **argv)
{
	struct option none[] = {{.name = NULL}};
	struct settings s;
	struct checking c = {.s = &s};
	int code = cmd_begin(&s, none, argc, argv);

	if (code != EXIT_DONE)
		return code;
	check_database(&c);
	check_keys(&c);
	check_permissions(&c);
	return c.failed ? EXIT_WRONG : EXIT_DONE;
}
