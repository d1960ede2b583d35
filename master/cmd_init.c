#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/codec.h"
#include "base/must.h"
#include "crypto/hash.h"
#include "crypto/key.h"
#include "crypto/random.h"
#include "crypto/secret.h"
#include "crypto/x509.h"
#include "master/access/proof.h"
#include "master/certs.h"
#include "master/cmd.h"
#include "master/store/store.h"
#include "sys/file.h"
#include "sys/priv.h"

#define PEM_MAX (256 * 1024)

/* One data folder being made. */
struct making {
	struct settings s;
	struct option *options;
	struct buf why;
	struct buf ca_der;
	char pin[2 * HASH_LEN + 1];
	char code[PROOF_CODE_ROOM];
	char web_print[2 * HASH_LEN + 1];
};

static enum status
complain(struct making *m, enum status st, const char *what, const char *path)
{
	enum status said =
	    buf_addf(&m->why, "%s %s: %s.", what, path, status_text(st));

	return said == ST_OK ? st : said;
}

static enum status
put(struct making *m, const char *name, struct span data, mode_t mode)
{
	char path[SETTINGS_PATH];
	enum status st;

	settings_path(&m->s, name, path);
	st = file_replace(path, data, mode);
	return st == ST_OK ? ST_OK : complain(m, st, "Cannot write", path);
}

static enum status
put_key(struct making *m, const char *name, const struct key *k)
{
	struct buf pem;
	enum status st;

	buf_init(&pem, PEM_MAX);
	st = key_pem(k, &pem);
	if (st == ST_OK)
		st = put(m, name, buf_span(&pem), 0600);
	buf_fini(&pem);
	return st;
}

/* Nothing of ours may be there yet; an empty folder is fine. */
static enum status
refuse_to_overwrite(struct making *m)
{
	static const char *const ours[] = {FILE_CA_KEY, FILE_CA_CERT,
					   FILE_DATABASE, FILE_CONF};
	char path[SETTINGS_PATH];
	enum status st;

	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
		settings_path(&m->s, ours[i], path);
		if (!file_exists(path))
			continue;
		st = buf_addf(&m->why,
			      "%s is there already: this data folder has been "
			      "made before and is not overwritten. Choose "
			      "another with --data.",
			      path);
		return st == ST_OK ? ST_EXISTS : st;
	}
	return ST_OK;
}

/*
 * The folder of the database belongs to the user that core becomes; that user
 * must be able to pass through the data folder, and nobody to list it.
 */
static enum status
give_away_database(struct making *m)
{
	struct priv_user user;
	char path[SETTINGS_PATH];

	if (!cmd_user(&m->s, &user, NULL))
		return ST_OK;
	if (chmod(m->s.data, 0711) != 0)
		return ST_DENIED;
	settings_path(&m->s, "db", path);
	if (chown(path, user.uid, user.gid) != 0)
		return ST_DENIED;
	settings_path(&m->s, FILE_DATABASE, path);
	return chown(path, user.uid, user.gid) == 0 ? ST_OK : ST_DENIED;
}

static enum status
make_folders(struct making *m)
{
	static const char *const folders[] = {"ca", "web", "db", "run"};
	char path[SETTINGS_PATH];
	enum status st = file_private_dir(m->s.data, 0700);

	if (st != ST_OK)
		return complain(m, st, "Cannot make the folder", m->s.data);
	for (size_t i = 0; st == ST_OK && i < 4; i++) {
		settings_path(&m->s, folders[i], path);
		st = file_private_dir(path, 0700);
		if (st != ST_OK)
			return complain(m, st, "Cannot make the folder", path);
	}
	return st;
}

static enum status
make_gate(struct making *m, const struct key *ca)
{
	struct certs_ca by = {.key = ca, .der = buf_span(&m->ca_der)};
	struct cert_facts facts;
	struct key *k = NULL;
	enum status st = key_make(&k);

	if (st == ST_OK)
		st = cert_facts(by.der, &facts);
	if (st == ST_OK)
		st = put_key(m, FILE_GATE_KEY, k);
	if (st == ST_OK)
		st = certs_gate(&m->s, &by, k, facts.not_before, &m->why);
	key_free(k);
	return st;
}

static enum status
make_ca(struct making *m)
{
	struct key *k = NULL;
	uint8_t hash[KEY_LEN_HASH];
	enum status st = key_make(&k);

	if (st == ST_OK)
		st = cert_make_ca(k, "Trawl CA", &m->ca_der);
	if (st == ST_OK)
		st = key_hash(k, hash);
	if (st == ST_OK) {
		codec_hex(span_of(hash, sizeof(hash)), m->pin);
		st = certs_write(&m->s, FILE_CA_CERT, buf_span(&m->ca_der),
				 &m->why);
	}
	if (st == ST_OK)
		st = make_gate(m, k);
	if (st == ST_OK)
		st = put_key(m, FILE_CA_KEY, k);
	key_free(k);
	return st;
}

static enum status
make_fingerprint_key(struct making *m)
{
	uint8_t key[32];
	enum status st;

	random_bytes(key, sizeof(key));
	st = put(m, FILE_PRINT_KEY, span_of(key, sizeof(key)), 0600);
	secret_wipe(key, sizeof(key));
	return st;
}

static enum status
make_web_certificate(struct making *m)
{
	struct key *k = NULL;
	enum status st = key_make(&k);

	if (st == ST_OK)
		st = put_key(m, FILE_WEB_KEY, k);
	if (st == ST_OK)
		st = certs_web(&m->s, k, m->web_print, &m->why);
	key_free(k);
	return st;
}

static enum status
copy_file(struct making *m, const char *from, const char *name, mode_t mode)
{
	struct buf data;
	enum status st;

	buf_init(&data, PEM_MAX);
	st = file_read(from, &data);
	if (st != ST_OK)
		st = complain(m, st, "Cannot read", from);
	else
		st = put(m, name, buf_span(&data), mode);
	buf_fini(&data);
	return st;
}

static enum status
take_web_certificate(struct making *m, const char *cert, const char *key)
{
	struct buf pem, der;
	uint8_t sum[HASH_LEN];
	enum status st = copy_file(m, cert, FILE_WEB_CERT, 0644);

	if (st == ST_OK)
		st = copy_file(m, key, FILE_WEB_KEY, 0600);
	buf_init(&pem, PEM_MAX);
	buf_init(&der, PEM_MAX);
	if (st == ST_OK)
		st = cmd_read_file(&m->s, FILE_WEB_CERT, &pem, &m->why);
	if (st == ST_OK) {
		st = cert_from_pem(buf_span(&pem), &der);
		if (st != ST_OK)
			st =
			    complain(m, st, "There is no certificate in", cert);
	}
	if (st == ST_OK) {
		hash_sha256(buf_span(&der), sum);
		codec_hex(span_of(sum, sizeof(sum)), m->web_print);
	}
	buf_fini(&pem);
	buf_fini(&der);
	return st;
}

static enum status
make_web(struct making *m)
{
	const char *cert = option_value(m->options, "web-cert");
	const char *key = option_value(m->options, "web-key");
	enum status st;

	if (cert == NULL && key == NULL)
		return make_web_certificate(m);
	if (cert != NULL && key != NULL)
		return take_web_certificate(m, cert, key);
	st = buf_addf(&m->why, "--web-cert and --web-key belong together.");
	return st == ST_OK ? ST_USAGE : st;
}

static enum status
fill_store(struct making *m, struct store *s)
{
	char hash[PROOF_HASH_HEX];
	enum status st = store_begin(s);

	proof_code_make(m->code, hash);
	if (st == ST_OK)
		st = store_meta_set(s, META_SETUP_HASH, hash, strlen(hash));
	if (st == ST_OK)
		st = store_meta_set(s, META_CA_PIN, m->pin, strlen(m->pin));
	if (st == ST_OK)
		st = store_commit(s);
	if (st == ST_OK)
		st = store_checkpoint(s);
	return st;
}

static enum status
make_database(struct making *m)
{
	char path[SETTINGS_PATH];
	struct store *s = NULL;
	enum status st;

	settings_path(&m->s, FILE_DATABASE, path);
	st = store_open(path, STORE_CREATE, &s, &m->why);
	if (st == ST_OK) {
		st = fill_store(m, s);
		if (st != ST_OK)
			st = complain(m, st, "Cannot fill", path);
	}
	store_close(s);
	return st;
}

/* The settings that were chosen now are those of the next run. */
static enum status
make_conf(struct making *m)
{
	struct buf text;
	enum status st;

	buf_init(&text, 65536);
	st = buf_addf(&text,
		      "# Settings of trawl-master. All of them: trawl-master "
		      "help settings\n\nweb = \"%s\"\nredirect = \"%s\"\n"
		      "agents = \"%s\"\n",
		      m->s.web, m->s.redirect, m->s.agents);
	if (st == ST_OK && m->s.public[0] != '\0')
		st = buf_addf(&text, "public = \"%s\"\n", m->s.public);
	if (st == ST_OK && strcmp(m->s.user, "trawl") != 0)
		st = buf_addf(&text, "user = \"%s\"\n", m->s.user);
	if (st == ST_OK && m->s.catalogue[0] != '\0')
		st = buf_addf(&text, "catalogue = \"%s\"\n", m->s.catalogue);
	if (st == ST_OK)
		st = put(m, FILE_CONF, buf_span(&text), 0600);
	buf_fini(&text);
	return st;
}

static enum status
make_all(struct making *m)
{
	static enum status (*const steps[])(struct making *) = {
	    refuse_to_overwrite,  make_folders, make_ca,
	    make_fingerprint_key, make_web,     make_database,
	    give_away_database,   make_conf,
	};
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < sizeof(steps) / sizeof(steps[0]);
	     i++)
		st = steps[i](m);
	return st;
}

/* As the console and openssl show it, so that a person can compare. */
static void
put_print(const char *hex)
{
	for (size_t i = 0; hex[i] != 0; i++)
		printf("%s%c", i > 0 && i % 2 == 0 ? ":" : "",
		       toupper((unsigned char)hex[i]));
}

static void
tell(const struct making *m)
{
	char url[512];

	settings_url(&m->s, url, sizeof(url));
	printf("The data folder is made: %s\n\n"
	       "Console              %s\n"
	       "Set-up code          %s\n"
	       "Certificate SHA-256  ",
	       m->s.data, url, m->code);
	put_print(m->web_print);
	printf("\n\n"
	       "Start it with: trawl-master run --data %s\n"
	       "Then open the console and make the first user with the set-up "
	       "code. It is shown\nonly now; a new one: trawl-master "
	       "setup-code --data %s\n",
	       m->s.data, m->s.data);
}

int
cmd_init(int argc, char **argv)
{
	struct option options[] = {
	    {.name = "web-cert", .help = "PEM file of the console's chain"},
	    {.name = "web-key", .help = "PEM file of its key"},
	    {.name = NULL},
	};
	struct making m = {.options = options};
	enum status st;
	int code = cmd_begin(&m.s, options, argc, argv);

	if (code != EXIT_DONE)
		return code;
	buf_init(&m.why, 8192);
	buf_init(&m.ca_der, X509_DER_MAX);
	st = make_all(&m);
	if (st == ST_OK)
		tell(&m);
	else
		code = cmd_failed(st, &m.why);
	secret_wipe(m.code, sizeof(m.code));
	buf_fini(&m.ca_der);
	buf_fini(&m.why);
	return code;
}
