#include <stdio.h>
#include <string.h>

#include "base/codec.h"
#include "base/utf.h"
#include "crypto/secret.h"
#include "master/access/proof.h"
#include "master/core/flow.h"
#include "master/core/ops.h"
#include "master/store/q_sessions.h"
#include "master/store/q_tokens.h"
#include "master/store/q_users.h"

#define TRIES_A_MINUTE 5
#define NAME_MAX_USER  64
#define DAY_SECONDS    (UINT64_C(24) * 3600)

/* ---- set-up -------------------------------------------------------------- */

static bool
may_try(struct core *c)
{
	uint64_t now = clock_mono_ms(c->clock);

	if (now - c->code_since >= 60000) {
		c->code_since = now;
		c->code_tries = 0;
	}
	return ++c->code_tries <= TRIES_A_MINUTE;
}

static bool
code_is_right(struct core *c, struct span code)
{
	struct buf hash;
	bool good;

	buf_init(&hash, 256);
	/* Without a code the same work is done on nothing. */
	good = store_meta_get(c->store, META_SETUP_HASH, &hash) == ST_OK;
	good = proof_code_good(code, buf_span(&hash)) && good;
	buf_fini(&hash);
	return good;
}

static bool
nobody_yet(struct ask *a)
{
	bool any = true;
	enum status st = q_users_any(a->core->store, &any);

	if (st != ST_OK)
		answer_status(a->reply, st);
	else if (any)
		answer_problem(a->reply, 409, "It has been set up already.");
	return st == ST_OK && !any;
}

static enum status
first_user(struct ask *a, struct span name, struct span password, uint64_t *id)
{
	struct core *c = a->core;
	enum status st = q_user_add(c->store, name, password, span_str("admin"),
				    core_now(c), id);

	if (st == ST_OK)
		st = store_meta_drop(c->store, META_SETUP_HASH);
	if (st == ST_OK) {
		a->who.user = *id;
		st = audit_on(c, &a->who, "setup.create", "user", *id);
	}
	return st;
}

void
op_setup_create(struct ask *a)
{
	struct span code, name, password;
	struct json j;
	uint64_t id = 0;
	enum status st;

	if (!ask_text(a, "code", 64, &code) ||
	    !ask_text(a, "name", NAME_MAX_USER, &name) ||
	    !ask_text(a, "password", 256, &password)) {
		ask_missing(a, "code, name or password");
		return;
	}
	if (!nobody_yet(a))
		return;
	if (!may_try(a->core)) {
		answer_problem(a->reply, 429, "Too many tries, wait a minute.");
		return;
	}
	if (!code_is_right(a->core, code)) {
		answer_problem(a->reply, 403, "The set-up code is not right.");
		return;
	}
	st = flow_begin(a->core);
	if (st == ST_OK)
		st = flow_end(a->core, first_user(a, name, password, &id));
	if (st != ST_OK) {
		answer_status(a->reply, st);
		return;
	}
	answer_begin(a->reply, 201, &j);
	json_put_u64(&j, "user", id);
	answer_end(a->reply, &j);
}

void
op_setup_code(struct ask *a)
{
	struct core *c = a->core;
	char code[PROOF_CODE_ROOM], hash[PROOF_HASH_HEX];
	struct json j;
	enum status st;

	if (!nobody_yet(a))
		return;
	proof_code_make(code, hash);
	st = flow_begin(c);
	if (st == ST_OK) {
		st = store_meta_set(c->store, META_SETUP_HASH, hash,
				    strlen(hash));
		if (st == ST_OK)
			st = audit_write(c, &a->who, "setup.code",
					 span_str("master"), span_str(""));
		st = flow_end(c, st);
	}
	if (st != ST_OK) {
		answer_status(a->reply, st);
	} else {
		answer_begin(a->reply, 201, &j);
		json_put_cstr(&j, "code", code);
		answer_end(a->reply, &j);
	}
	secret_wipe(code, sizeof(code));
}

void
op_user_password(struct ask *a)
{
	struct core *c = a->core;
	struct span password;
	uint64_t user = 0;
	enum status st;

	if (!ask_id(a, "user", &user) ||
	    !ask_text(a, "password", 256, &password)) {
		ask_missing(a, "user or password");
		return;
	}
	st = flow_begin(c);
	if (st == ST_OK) {
		st = q_user_password(c->store, user, password);
		if (st == ST_OK)
			st =
			    audit_on(c, &a->who, "user.password", "user", user);
		st = flow_end(c, st);
	}
	if (st == ST_OK)
		answer_empty(a->reply, 200);
	else
		answer_status(a->reply, st);
}

/* ---- sessions ------------------------------------------------------------ */

static bool
ask_session(struct ask *a, uint8_t id[SESSION_HASH_LEN])
{
	struct span hex;

	if (ask_text(a, "id", 2 * SESSION_HASH_LEN, &hex) &&
	    codec_unhex(hex, id, SESSION_HASH_LEN) == ST_OK)
		return true;
	ask_missing(a, "id (hex)");
	return false;
}

void
op_session_create(struct ask *a)
{
	struct core *c = a->core;
	struct session_row row = {.created = core_now(c)};
	struct json j;
	enum status st;

	if (!ask_session(a, row.id))
		return;
	if (!ask_id(a, "user", &row.user)) {
		ask_missing(a, "user");
		return;
	}
	(void)ask_text(a, "address", 128, &row.address);
	(void)ask_text(a, "client", 512, &row.client);
	if (ask_failed(a))
		return;
	row.seen = row.created;
	row.expires =
	    row.created + (c->config.session_ms > 0 ? c->config.session_ms
						    : SESSION_ABSOLUTE_MS);
	a->who = (struct actor){.user = row.user, .address = row.address};
	st = flow_begin(c);
	if (st == ST_OK) {
		st = q_session_add(c->store, &row);
		if (st == ST_OK)
			st = audit_on(c, &a->who, "session.create", "user",
				      row.user);
		st = flow_end(c, st);
	}
	if (st != ST_OK) {
		answer_status(a->reply, st);
		return;
	}
	answer_begin(a->reply, 201, &j);
	json_put_i64(&j, "expires", row.expires);
	answer_end(a->reply, &j);
}

void
op_session_touch(struct ask *a)
{
	struct core *c = a->core;
	uint8_t id[SESSION_HASH_LEN];
	enum status st;

	if (!ask_session(a, id))
		return;
	st = flow_begin(c);
	if (st == ST_OK)
		st = flow_end(c, q_session_touch(c->store, id, core_now(c)));
	if (st == ST_OK)
		answer_empty(a->reply, 200);
	else
		answer_status(a->reply, st);
}

void
op_session_delete(struct ask *a)
{
	struct core *c = a->core;
	uint8_t id[SESSION_HASH_LEN];
	enum status st;

	if (!ask_session(a, id))
		return;
	st = flow_begin(c);
	if (st == ST_OK) {
		st = q_session_drop(c->store, id);
		if (st == ST_OK)
			st = audit_on(c, &a->who, "session.delete", "user",
				      a->who.user);
		st = flow_end(c, st);
	}
	if (st == ST_OK)
		answer_empty(a->reply, 200);
	else
		answer_status(a->reply, st);
}

void
op_session_refused(struct ask *a)
{
	struct core *c = a->core;
	struct span name = span_str("?"), reason = span_str("");
	struct buf subject;
	enum status st;

	(void)ask_text(a, "name", 256, &name);
	(void)ask_text(a, "address", 128, &a->who.address);
	(void)ask_text(a, "reason", 256, &reason);
	if (ask_failed(a))
		return;
	buf_init(&subject, 1024);
	st = buf_addf(&subject, "sign-in as %.*s", (int)name.len,
		      (const char *)name.ptr);
	if (st == ST_OK)
		st = flow_begin(c);
	if (st == ST_OK)
		st = flow_end(c, audit_write(c, &a->who, "session.refused",
					     buf_span(&subject), span_str("")));
	buf_fini(&subject);
	if (st == ST_OK)
		answer_empty(a->reply, 200);
	else
		answer_status(a->reply, st);
}

/* ---- tokens -------------------------------------------------------------- */

static void
say_token(struct ask *a, uint64_t id, const struct token_row *row,
	  const char *text)
{
	struct json j;

	answer_begin(a->reply, 201, &j);
	json_put_u64(&j, "id", id);
	json_put_cstr(&j, "token", text);
	json_put_str(&j, "name", row->name);
	json_put_str(&j, "group", row->group);
	json_put_i64(&j, "created", row->created);
	json_put_i64(&j, "expires", row->expires);
	json_put_u64(&j, "uses", row->uses_left);
	answer_end(a->reply, &j);
}

static void
make_token(struct ask *a, struct token_row *row)
{
	struct core *c = a->core;
	struct proof_token t = {0};
	uint64_t id = 0;
	enum status st = proof_token_make(
	    c->config.public_host, c->config.public_port, c->config.ca_pin, &t);

	if (st == ST_OK) {
		row->key = span_of(t.key, sizeof(t.key));
		memcpy(row->name_id, t.key, sizeof(row->name_id));
		st = flow_begin(c);
	}
	if (st == ST_OK) {
		st = q_token_add(c->store, row, &id);
		if (st == ST_OK)
			st = audit_on(c, &a->who, "token.create", "token", id);
		st = flow_end(c, st);
	}
	if (st == ST_OK)
		say_token(a, id, row, t.text);
	else
		answer_status(a->reply, st);
	row->key = span_of(NULL, 0);
	secret_wipe(&t, sizeof(t));
}

void
op_token_create(struct ask *a)
{
	struct token_row row = {.created = core_now(a->core), .uses_left = 1};
	uint64_t ttl = 3600, uses = 1;

	row.name = row.group = span_str("");
	(void)ask_text(a, "name", 128, &row.name);
	(void)ask_text(a, "group", 64, &row.group);
	(void)ask_number(a, "ttl", 60, 30 * DAY_SECONDS, &ttl);
	(void)ask_number(a, "uses", 1, 10000, &uses);
	if (ask_failed(a))
		return;
	row.expires = row.created + (int64_t)ttl * 1000;
	row.uses_left = (uint32_t)uses;
	make_token(a, &row);
}

void
op_token_delete(struct ask *a)
{
	struct core *c = a->core;
	uint64_t id = 0;
	enum status st;

	if (!ask_id(a, "id", &id)) {
		ask_missing(a, "id");
		return;
	}
	st = flow_begin(c);
	if (st == ST_OK) {
		st = q_token_drop(c->store, id);
		if (st == ST_OK)
			st = audit_on(c, &a->who, "token.delete", "token", id);
		st = flow_end(c, st);
	}
	if (st == ST_OK)
		answer_empty(a->reply, 200);
	else
		answer_status(a->reply, st);
}
