#include "runtime/state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "crypto/key.h"
#include "crypto/random.h"
#include "sys/file.h"

#define FILE_MAX (64 * 1024)

enum status
state_path(const struct state *s, const char *name, char path[STATE_PATH_ROOM])
{
	return file_join(path, STATE_PATH_ROOM, s->dir, name);
}

enum status
state_read(const struct state *s, const char *name, struct buf *to)
{
	char path[STATE_PATH_ROOM];
	enum status st = state_path(s, name, path);

	return st == ST_OK ? file_read(path, to) : st;
}

enum status
state_write(const struct state *s, const char *name, struct span data)
{
	char path[STATE_PATH_ROOM];
	enum status st = state_path(s, name, path);

	return st == ST_OK ? file_replace(path, data, 0600) : st;
}

enum status
state_refresh(const struct state *s, const char *name, struct span data)
{
	char path[STATE_PATH_ROOM];
	enum status st = state_path(s, name, path);

	return st == ST_OK ? file_refresh(path, data, 0600) : st;
}

void
state_remove(const struct state *s, const char *name)
{
	char path[STATE_PATH_ROOM];

	if (state_path(s, name, path) == ST_OK)
		(void)unlink(path); /* what is not there need not go */
}

static enum status
folders(struct state *s)
{
	enum status st = file_private_dir(s->dir, 0700);

	if (st == ST_OK)
		st = state_path(s, "spool", s->spool);
	if (st == ST_OK)
		st = state_path(s, "tasks", s->tasks);
	if (st == ST_OK)
		st = file_private_dir(s->spool, 0700);
	if (st == ST_OK)
		st = file_private_dir(s->tasks, 0700);
	return st;
}

static enum status
cert_from_file(const struct state *s, const char *name, struct buf *pem,
	       struct buf *der)
{
	enum status st = state_read(s, name, pem);

	return st == ST_OK ? cert_from_pem(buf_span(pem), der) : st;
}

/* Nothing is read into s unless all of it is good. */
static enum status
load(struct state *s, struct buf *why)
{
	struct buf ca;
	struct key *key = NULL;
	enum status st;

	buf_init(&ca, FILE_MAX);
	st = cert_from_file(s, "agent.pem", &s->key_pem, &s->cert_der);
	if (st == ST_OK)
		st = cert_from_file(s, "ca.pem", &ca, &s->ca_der);
	buf_fini(&ca);
	if (st == ST_NOTFOUND)
		return ST_OK; /* not enrolled yet */
	if (st == ST_OK)
		st = key_load(buf_span(&s->key_pem), &key);
	if (st == ST_OK)
		st = cert_matches(buf_span(&s->cert_der), key);
	if (st == ST_OK)
		st = cert_facts(buf_span(&s->cert_der), &s->cert);
	key_free(key);
	s->enrolled = st == ST_OK;
	if (st == ST_OK)
		return st;
	if (buf_addf(why,
		     "%s/agent.pem or ca.pem cannot be used: %s. Enrol this "
		     "host again: trawl-agent enroll --again TOKEN",
		     s->dir, status_text(st)) != ST_OK)
		return ST_NOMEM;
	return ST_MALFORMED;
}

enum status
state_open(const char *dir, struct state **out, struct buf *why)
{
	struct state *s = calloc(1, sizeof(*s));
	enum status st;

	if (s == NULL)
		return ST_NOMEM;
	buf_init(&s->key_pem, FILE_MAX);
	buf_init(&s->cert_der, CERT_MAX);
	buf_init(&s->ca_der, CERT_MAX);
	snprintf(s->dir, sizeof(s->dir), "%s", dir);
	st = folders(s);
	if (st != ST_OK && buf_addf(why, "the folder %s cannot be used: %s",
				    dir, status_text(st)) != ST_OK)
		st = ST_NOMEM;
	if (st == ST_OK)
		st = load(s, why);
	if (st != ST_OK) {
		state_close(s);
		return st;
	}
	*out = s;
	return ST_OK;
}

void
state_close(struct state *s)
{
	if (s == NULL)
		return;
	buf_fini(&s->key_pem);
	buf_fini(&s->cert_der);
	buf_fini(&s->ca_der);
	free(s);
}

enum status
state_identity(struct state *s, struct span key_pem, struct span cert_der)
{
	struct cert_facts facts;
	struct buf both;
	enum status st;

	buf_init(&both, FILE_MAX);
	st = buf_add(&both, key_pem.ptr, key_pem.len);
	if (st == ST_OK)
		st = cert_to_pem(cert_der, &both);
	if (st == ST_OK)
		st = cert_facts(cert_der, &facts);
	if (st == ST_OK)
		st = state_write(s, "agent.pem", buf_span(&both));
	if (st == ST_OK) {
		buf_clear(&s->key_pem);
		buf_clear(&s->cert_der);
		st = buf_add(&s->key_pem, both.data, both.len);
	}
	if (st == ST_OK)
		st = buf_add(&s->cert_der, cert_der.ptr, cert_der.len);
	if (st == ST_OK) {
		s->cert = facts;
		s->enrolled = s->ca_der.len > 0;
	}
	buf_fini(&both);
	return st;
}

enum status
state_ca(struct state *s, struct span ca_der)
{
	struct buf pem;
	enum status st;

	buf_init(&pem, FILE_MAX);
	st = cert_to_pem(ca_der, &pem);
	if (st == ST_OK)
		st = state_write(s, "ca.pem", buf_span(&pem));
	buf_fini(&pem);
	if (st != ST_OK)
		return st;
	buf_clear(&s->ca_der);
	return buf_add(&s->ca_der, ca_der.ptr, ca_der.len);
}

enum status
state_new_incarnation(struct state *s, uint8_t out[INCARNATION_LEN])
{
	uint8_t fresh[INCARNATION_LEN];
	enum status st;

	random_bytes(fresh, sizeof(fresh));
	st = state_write(s, "incarnation", span_of(fresh, sizeof(fresh)));
	if (st == ST_OK)
		memcpy(out, fresh, sizeof(fresh));
	return st;
}

enum status
state_incarnation(struct state *s, uint8_t out[INCARNATION_LEN])
{
	struct buf b;
	enum status st;

	buf_init(&b, FILE_MAX);
	st = state_read(s, "incarnation", &b);
	if (st == ST_OK && b.len != INCARNATION_LEN)
		st = ST_NOTFOUND;
	if (st == ST_OK)
		memcpy(out, b.data, INCARNATION_LEN);
	buf_fini(&b);
	return st == ST_NOTFOUND ? state_new_incarnation(s, out) : st;
}

enum status
state_reset(struct state *s)
{
	static const char *const files[] = {"agent.pem",   "ca.pem",
					    "enroll.pem",  "fingerprint.key",
					    "incarnation", "status"};
	enum status st;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		state_remove(s, files[i]);
	s->enrolled = false;
	buf_clear(&s->key_pem);
	buf_clear(&s->cert_der);
	buf_clear(&s->ca_der);
	st = file_remove_tree(s->spool);
	if (st == ST_OK)
		st = file_remove_tree(s->tasks);
	return st == ST_OK ? folders(s) : st;
}
