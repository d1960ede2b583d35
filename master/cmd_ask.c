#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "crypto/secret.h"
#include "master/cmd.h"
#include "master/cmd_core.h"
#include "master/listen.h"
#include "sys/file.h"

#define LINE_MAX_BYTES (4 * 1024 * 1024)
#define WAIT_SECONDS   30 /* for an answer; for one that starts or stops */
#define LOOK_MS        100

static enum status
say(struct buf *why, enum status st, const char *text)
{
	return buf_addf(why, "%s", text) == ST_OK ? st : ST_NOMEM;
}

/* ST_CLOSED when nobody is at the socket. */
static enum status
dial(const struct settings *s, int *fd, struct buf *why)
{
	static const struct timeval wait = {.tv_sec = WAIT_SECONDS};
	struct sockaddr_un a;
	int dir, err;
	enum status st = listen_admin_address(s, &dir, &a);

	if (st == ST_DENIED)
		return say(why, st,
			   "The data folder belongs to somebody else: ask as "
			   "its owner or as root.");
	if (st != ST_OK)
		return say(why, ST_NOTFOUND,
			   "There is no data folder there. Make it with "
			   "trawl-master init, or name it with --data.");
	*fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	(void)setsockopt(*fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	err = connect(*fd, (const struct sockaddr *)&a, sizeof(a)) == 0 ? 0
									: errno;
	close(dir);
	if (err == 0)
		return ST_OK;
	close(*fd);
	*fd = -1;
	if (err == ENOENT || err == ECONNREFUSED)
		return ST_CLOSED;
	return say(why, status_of_errno(err),
		   "The master that runs there does not let us in: ask as its "
		   "owner or as root.");
}

static enum status
read_line(int fd, struct buf *line)
{
	for (;;) {
		enum status st = buf_reserve(line, 65536);
		ssize_t n;

		if (st != ST_OK)
			return st;
		n = read(fd, line->data + line->len, 65536);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n == 0 ? ST_CLOSED : ST_TIMEOUT;
		line->len += (size_t)n;
		if (line->data[line->len - 1] == '\n')
			return ST_OK;
	}
}

static enum status
take_answer(const struct buf *line, unsigned *http, struct buf *answer)
{
	json_t *root = json_loadb((const char *)line->data, line->len, 0, NULL);
	json_t *body = json_object_get(root, "body");
	char *text = body == NULL ? NULL : json_dumps(body, JSON_COMPACT);
	enum status st = ST_MALFORMED;

	if (text != NULL) {
		*http = (unsigned)json_integer_value(
		    json_object_get(root, "status"));
		st = buf_add_str(answer, text);
		secret_wipe(text, strlen(text));
	}
	free(text);
	json_decref(root);
	return st;
}

static enum status
ask_core(const struct cmd_question *q, int fd, unsigned *http,
	 struct buf *answer)
{
	struct buf line;
	enum status st;

	buf_init(&line, LINE_MAX_BYTES);
	st = buf_addf(&line, "{\"op\":\"%s\",\"args\":", q->op);
	if (st == ST_OK)
		st = buf_add(&line, q->args.ptr, q->args.len);
	if (st == ST_OK)
		st = buf_add_str(&line, "}\n");
	if (st == ST_OK)
		st = file_write_all(fd, buf_span(&line));
	buf_clear(&line);
	if (st == ST_OK)
		st = read_line(fd, &line);
	if (st == ST_OK)
		st = take_answer(&line, http, answer);
	buf_fini(&line);
	return st;
}

/* Under the lock that a running master holds: nobody else writes meanwhile. */
static enum status
do_offline(const struct cmd_question *q, unsigned *http, struct buf *answer,
	   struct buf *why)
{
	struct cmd_core core = {0};
	struct core_question ask = {
	    .config = &core.config, .op = span_str(q->op), .args = q->args};
	int fd = -1;
	enum status st = cmd_lock(q->s, &fd);

	if (st == ST_AGAIN)
		return st;
	if (st != ST_OK)
		return say(why, st,
			   "The data folder cannot be written: ask as its "
			   "owner or as root.");
	st = cmd_core_config(q->s, &core, why);
	if (st == ST_OK)
		st = core_ask_offline(&ask, http, answer, why);
	secret_wipe(&core, sizeof(core));
	close(fd);
	return st;
}

/* ST_AGAIN: one holds the folder, but has no socket yet, or no longer. */
static enum status
nobody_answers(const struct cmd_question *q, unsigned *http, struct buf *answer,
	       struct buf *why)
{
	int fd = -1;

	if (q->offline)
		return do_offline(q, http, answer, why);
	if (cmd_lock(q->s, &fd) == ST_AGAIN)
		return ST_AGAIN;
	if (fd >= 0)
		close(fd);
	return say(why, ST_CLOSED,
		   "No master runs on this data folder. Start it with "
		   "trawl-master run.");
}

static enum status
ask_once(const struct cmd_question *q, unsigned *http, struct buf *answer,
	 struct buf *why)
{
	int fd = -1;
	enum status st = dial(q->s, &fd, why);

	if (st == ST_CLOSED)
		return nobody_answers(q, http, answer, why);
	if (st != ST_OK)
		return st;
	st = ask_core(q, fd, http, answer);
	close(fd);
	if (st == ST_TIMEOUT)
		return say(why, st, "The master does not answer.");
	if (st != ST_OK)
		return say(why, ST_CLOSED,
			   "The master went away before it answered.");
	return ST_OK;
}

enum status
cmd_ask(const struct cmd_question *q, unsigned *http, struct buf *answer,
	struct buf *why)
{
	const struct timespec look = {.tv_nsec = LOOK_MS * 1000000L};
	unsigned left = WAIT_SECONDS * 1000 / LOOK_MS;
	enum status st;

	while ((st = ask_once(q, http, answer, why)) == ST_AGAIN &&
	       why->len == 0 && left > 0) {
		if (left-- == WAIT_SECONDS * 1000 / LOOK_MS)
			fprintf(stderr, "The master is just starting or "
					"stopping: waiting for it.\n");
		(void)nanosleep(&look, NULL); /* a signal: a little early */
	}
	if (st == ST_AGAIN && why->len == 0)
		return say(why, st,
			   "The master has been starting or stopping for half "
			   "a minute: see what it says, then try again.");
	return st;
}
