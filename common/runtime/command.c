#include "runtime/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/codec.h"
#include "base/log.h"
#include "conf/conf.h"
#include "crypto/token.h"
#include "runtime/enroll.h"
#include "runtime/node.h"
#include "runtime/report.h"
#include "runtime/settings.h"
#include "runtime/spawn.h"
#include "runtime/supervisor.h"
#include "sys/file.h"
#include "sys/priv.h"
#include "sys/proc.h"

#define WHY_MAX       4096
#define PATH_MAX_OURS 4096
#define PORT_DEFAULT  11117

struct call {
	const struct command_program *program;
	const struct command_io *io;
	struct settings s;
	struct settings_args args;
	struct buf why;
};

static int
complain(struct call *c, int code)
{
	fprintf(c->io->err, "%s: %.*s\n", c->program->name, (int)c->why.len,
		c->why.len > 0 ? (const char *)c->why.data : "");
	return code;
}

static int
sentence(struct call *c, int code, const char *text)
{
	buf_clear(&c->why);
	if (buf_add_str(&c->why, text) != ST_OK)
		buf_clear(&c->why);
	return complain(c, code);
}

/*
 * As root the folder is given to the user of the link, and what follows here
 * runs as that user. Without such a user, or not as root: as we are.
 */
static enum status
take_user(struct call *c, struct priv_user *user, bool *found)
{
	enum status st;

	*found = false;
	if (!priv_is_root() || c->s.user[0] == '\0' ||
	    priv_find(c->s.user, user) != ST_OK)
		return ST_OK;
	st = file_private_dir_of(c->s.state, 0700, user->uid, user->gid);
	*found = st == ST_OK;
	if (st != ST_OK && buf_addf(&c->why, "the folder %s cannot be used: %s",
				    c->s.state, status_text(st)) != ST_OK)
		return ST_NOMEM;
	return st;
}

static enum status
become_user(struct call *c)
{
	struct priv_user user;
	bool found;
	enum status st = take_user(c, &user, &found);

	if (st == ST_OK && found) {
		st = priv_drop(&user, PRIV_NONE);
		if (st != ST_OK &&
		    buf_addf(&c->why, "the user %s cannot be taken: %s",
			     user.name, status_text(st)) != ST_OK)
			st = ST_NOMEM;
	}
	return st;
}

/* ---- enroll ---- */

static enum status
read_token(struct call *c, struct enroll_config *e, struct token *t)
{
	const char *text = c->args.argv[c->args.from];

	if (token_parse(span_str(text), t) != ST_OK) {
		sentence(c, COMMAND_USAGE,
			 "this is no token: it must be one line that begins "
			 "with trawl1: and comes whole from the console");
		return ST_USAGE;
	}
	e->token = t;
	e->host = t->host;
	e->port = t->port;
	e->pin = t->pin;
	return ST_OK;
}

static enum status
read_address(struct call *c, struct enroll_config *e, struct token *t)
{
	if (token_address(span_str(c->s.master), t->host, sizeof(t->host),
			  &t->port) != ST_OK) {
		sentence(c, COMMAND_USAGE,
			 "say whom to join: enroll TOKEN, or enroll --master "
			 "HOST:PORT");
		return ST_USAGE;
	}
	e->host = t->host;
	e->port = t->port != 0 ? t->port : PORT_DEFAULT;
	if (c->s.ca_pin[0] == '\0')
		return ST_OK;
	if (codec_unhex(span_str(c->s.ca_pin), t->pin, sizeof(t->pin)) !=
	    ST_OK) {
		sentence(c, COMMAND_USAGE,
			 "--ca-pin must be 64 hex digits, as the console "
			 "shows them");
		return ST_USAGE;
	}
	e->pin = t->pin;
	return ST_OK;
}

static int
enroll_with(struct call *c, struct enroll_config *e)
{
	enum status st = state_open(c->s.state, &e->state, &c->why);

	if (st == ST_MALFORMED && c->s.again)
		buf_clear(&c->why);
	else if (st != ST_OK)
		return complain(c, COMMAND_TROUBLE);
	if (e->state->enrolled && !c->s.again) {
		fprintf(c->io->out,
			"This host is enrolled already, as agent %llu. To "
			"enrol it anew and forget what is not yet sent, add "
			"--again.\n",
			(unsigned long long)e->state->cert.agent);
		state_close(e->state);
		return COMMAND_DONE;
	}
	st = c->s.again ? state_reset(e->state) : ST_OK;
	if (st == ST_OK)
		st = enroll_run(e, &c->why);
	if (st == ST_OK)
		fprintf(c->io->out,
			"Enrolled as agent %llu at %s:%u. Now start: "
			"%s run\n",
			(unsigned long long)e->state->cert.agent, e->host,
			e->port, c->program->name);
	state_close(e->state);
	return st == ST_OK ? COMMAND_DONE : complain(c, COMMAND_TROUBLE);
}

static int
do_enroll(struct call *c)
{
	struct token t = {0};
	struct enroll_config e = {
	    .program = c->program->name,
	    .build = TRAWL_VERSION,
	    .reconnect_base_ms = c->s.reconnect_base,
	    .reconnect_cap_ms = c->s.reconnect_cap,
	    .to = c->io->out,
	};
	enum status st;

	if (c->args.words > 1)
		return sentence(c, COMMAND_USAGE, "one token, no more words");
	st = c->args.words == 1 ? read_token(c, &e, &t)
				: read_address(c, &e, &t);
	if (st != ST_OK)
		return COMMAND_USAGE;
	st = become_user(c);
	if (st != ST_OK)
		return complain(c, COMMAND_TROUBLE);
	return enroll_with(c, &e);
}

/* ---- run ---- */

static void
begin(const struct call *c)
{
	if (c->program->begin != NULL)
		c->program->begin(c->program->arg, &c->s);
}

/* In the supervisor: the same words, with the role in place of the verb. */
static int
do_run(struct call *c)
{
	char self[PATH_MAX_OURS], scanner[PATH_MAX_OURS];
	static char role[] = "link";
	struct supervisor_config sc = {
	    .link = self,
	    .argv = c->args.argv,
	    .scanner = c->s.scanner[0] != '\0' ? c->s.scanner : scanner,
	    .help = c->program->help,
	    .nice = (int)c->s.nice,
	    .io_class = settings_io_class[c->s.io],
	    .retry_ms = 200,
	    .retry_cap_ms = 30000,
	};
	struct priv_user user;
	bool found;
	int code = COMMAND_TROUBLE;

	if (take_user(c, &user, &found) != ST_OK)
		return complain(c, COMMAND_TROUBLE);
	if (proc_self(self, sizeof(self)) != ST_OK)
		return sentence(c, COMMAND_TROUBLE,
				"where am I? /proc is needed");
	if (c->s.scanner[0] == '\0' &&
	    proc_sibling(c->program->scanner, scanner, sizeof(scanner)) !=
		ST_OK)
		return sentence(c, COMMAND_TROUBLE,
				"its scanner is not installed beside it; "
				"--scanner says where it is");
	begin(c);
	c->args.argv[1] = role;
	if (supervisor_run(&sc, &code) != ST_OK)
		return sentence(c, COMMAND_TROUBLE, "the agent cannot be run");
	return code;
}

static int
do_link(struct call *c)
{
	struct priv_user user;
	struct node_config n = {
	    .state = c->s.state,
	    .master = c->s.master,
	    .program = c->program->name,
	    .build = TRAWL_VERSION,
	    .spool_quota = c->s.spool_quota,
	    .reconnect_base_ms = c->s.reconnect_base,
	    .reconnect_cap_ms = c->s.reconnect_cap,
	    .retry_ms = c->s.retry,
	    .at_once = (unsigned)c->s.max_tasks,
	    .offer = c->program->offer,
	    .offer_arg = c->program->arg,
	};
	bool found;

	log_setup("trawl-link", (enum log_level)c->s.log_level);
	if (take_user(c, &user, &found) != ST_OK)
		return complain(c, SPAWN_EXIT_FINAL);
	n.user = found ? &user : NULL;
	begin(c);
	return node_run(&n);
}

/* ---- status, version, help ---- */

static int
do_status(struct call *c)
{
	struct state *s;
	int code;

	if (!file_exists(c->s.state)) {
		fprintf(c->io->out, "enrolled      no: %s is not there\n",
			c->s.state);
		return REPORT_NOT_ENROLLED;
	}
	/* The folder belongs to the link's user. */
	if (become_user(c) != ST_OK ||
	    state_open(c->s.state, &s, &c->why) != ST_OK)
		return complain(c, COMMAND_TROUBLE);
	code = (int)report_show(s, clock_wall_s(clock_system()), c->io->out);
	state_close(s);
	return code;
}

static int
do_version(struct call *c)
{
	fprintf(c->io->out, "%s " TRAWL_VERSION "\n", c->program->name);
	return COMMAND_DONE;
}

/* The table for people, or what schema/settings.md has of us. */
static void
help_settings(const struct call *c)
{
	const struct settings_args *a = &c->args;

	if (a->from + 1 < a->argc &&
	    strcmp(a->argv[a->from + 1], "--markdown") == 0)
		conf_markdown(c->program->schema, c->io->out);
	else
		conf_help(c->program->schema, c->io->out);
}

static void
usage(const struct call *c, const char *before, const char *words)
{
	fprintf(c->io->out, "%s%s %s\n", before, c->program->name, words);
}

static int
do_help(struct call *c)
{
	static const char *const usages[] = {
	    "enroll TOKEN", "enroll --master HOST:PORT [--ca-pin HEX]",
	    "run",          "status",
	    "version",      "help [settings [--markdown]]",
	};
	const struct settings_args *a = &c->args;

	if (a->from < a->argc && strcmp(a->argv[a->from], "settings") == 0) {
		help_settings(c);
		return COMMAND_DONE;
	}
	for (size_t i = 0; i < sizeof(usages) / sizeof(usages[0]); i++)
		usage(c, i == 0 ? "usage: " : "       ", usages[i]);
	for (const struct command_verb *v = c->program->verbs;
	     v != NULL && v->word != NULL; v++)
		usage(c, "       ", v->usage);
	fputs("\nstatus exits with 0: connected; 3: not enrolled; 4: not "
	      "running;\n5: not connected; 6: waits to be verified; 7: "
	      "blocked or removed.\n\n",
	      c->io->out);
	conf_help(c->program->schema, c->io->out);
	return COMMAND_DONE;
}

static const struct {
	const char *word;
	int (*run)(struct call *c);
	bool reads; /* settings first */
} verbs[] = {
    {"enroll", do_enroll, true}, {"run", do_run, true},
    {"status", do_status, true}, {"version", do_version, false},
    {"help", do_help, false},    {"--version", do_version, false},
    {"--help", do_help, false},  {"-h", do_help, false},
    {"link", do_link, true}, /* by the supervisor only */
};

static bool
reads_settings(struct call *c)
{
	if (settings_read(c->program->schema, &c->args, &c->s, &c->why) !=
	    ST_OK)
		return false;
	log_setup(c->program->name, (enum log_level)c->s.log_level);
	return true;
}

/* What this program does beside what every agent does. */
static int
run_own(struct call *c, const struct command_verb *v)
{
	struct command_words w = {.io = c->io, .settings = &c->s};
	struct priv_user user;
	bool found;
	enum status st;

	if (!reads_settings(c))
		return complain(c, COMMAND_USAGE);
	w.argv = c->args.argv + c->args.from;
	w.argc = c->args.words;
	st = take_user(c, &user, &found); /* the folder only: we stay */
	if (st == ST_OK && !found)
		st = file_private_dir(c->s.state, 0700);
	if (st == ST_OK)
		return v->run(c->program->arg, &w);
	return c->why.len > 0 ? complain(c, COMMAND_TROUBLE)
			      : sentence(c, COMMAND_TROUBLE,
					 "the state folder cannot be used");
}

static int
dispatch(struct call *c, const char *word)
{
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (strcmp(word, verbs[i].word) != 0)
			continue;
		if (verbs[i].reads && !reads_settings(c))
			return complain(c, COMMAND_USAGE);
		return verbs[i].run(c);
	}
	for (const struct command_verb *v = c->program->verbs;
	     v != NULL && v->word != NULL; v++)
		if (strcmp(word, v->word) == 0)
			return run_own(c, v);
	buf_clear(&c->why);
	if (buf_addf(&c->why, "there is no command \"%s\"; help lists them",
		     word) != ST_OK)
		buf_clear(&c->why);
	return complain(c, COMMAND_USAGE);
}

int
command_run(const struct command_program *p, int argc, char **argv,
	    const struct command_io *io)
{
	struct call *c = calloc(1, sizeof(*c));
	int code;

	if (c == NULL)
		return COMMAND_TROUBLE;
	c->program = p;
	c->io = io;
	buf_init(&c->why, WHY_MAX);
	c->args = (struct settings_args){.argc = argc, .argv = argv, .from = 2};
	if (argc < 2) {
		(void)do_help(c);
		code = COMMAND_USAGE;
	} else {
		code = dispatch(c, argv[1]);
	}
	buf_fini(&c->why);
	free(c);
	return code;
}
