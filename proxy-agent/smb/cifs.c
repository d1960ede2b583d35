#include "proxy-agent/smb/cifs.h"

#include <errno.h>
#include <fcntl.h>
#include <libsmbclient.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/must.h"
#include "base/str.h"
#include "model/object.h"
#include "proxy-agent/smb/conf.h"
#include "proxy-agent/smb/ticket.h"
#include "sys/pace.h"

#define URL_CAP     (256 * 1024) /* each byte of a path takes three at worst */
#define SAID_MAX    256
#define ENTRY       128 /* bytes of one in a listing, about */
#define LOG_SIGN_IN 3   /* libsmbclient then says what the server said */

struct cifs {
	const struct login *login;
	SMBCCTX *ctx;
	SMBCFILE *file;
	struct buf url;
	size_t root; /* length of its smb://HOST/ */
	int error;
	bool asked;     /* the password was given away once */
	bool signed_in; /* it stood once */
	bool quiet;
	char said[SAID_MAX];
};

/* What errno of libsmbclient means for one object. */
static const struct cifs_trouble troubles[] = {
    {EACCES, ST_DENIED, COVER_DENIED, false, "this user may not read it"},
    {EPERM, ST_DENIED, COVER_DENIED, false, "this user may not read it"},
    {ENOENT, ST_NOTFOUND, COVER_VANISHED, false,
     "it is not there any more, or not for this user"},
    {ENOTDIR, ST_NOTFOUND, COVER_VANISHED, false,
     "a part of its path is not a folder any more"},
    {ENODEV, ST_NOTFOUND, COVER_VANISHED, false, "there is no such share"},
    {EBUSY, ST_IO, COVER_IO, false,
     "another program has it open and shares it with nobody"},
    {ETXTBSY, ST_IO, COVER_IO, false,
     "another program has it open and shares it with nobody"},
    {EDEADLK, ST_IO, COVER_IO, false, "another program has locked a part"},
    {ELOOP, ST_UNSUPPORTED, COVER_LINK, false,
     "a symbolic link that only a client could follow"},
    {ENAMETOOLONG, ST_LIMIT, COVER_NAME, false, "its path is too long"},
    {EUSERS, ST_CLOSED, COVER_IO, true, "the server lets no more sessions in"},
    {ENOMEM, ST_NOMEM, COVER_MEMORY, true, "memory is short"},
    {ECONNABORTED, ST_CLOSED, COVER_IO, true, "the connection was cut"},
    {ECONNREFUSED, ST_CLOSED, COVER_IO, true, "the connection was refused"},
    {ECONNRESET, ST_CLOSED, COVER_IO, true, "the connection was cut"},
    {EHOSTUNREACH, ST_CLOSED, COVER_IO, true, "the server is gone"},
    {ENETDOWN, ST_CLOSED, COVER_IO, true, "the network is gone"},
    {ENETRESET, ST_CLOSED, COVER_IO, true, "the connection was cut"},
    {ENETUNREACH, ST_CLOSED, COVER_IO, true, "the network is gone"},
    {ENOTCONN, ST_CLOSED, COVER_IO, true, "the connection was cut"},
    {EPIPE, ST_CLOSED, COVER_IO, true, "the connection was cut"},
    {EBADF, ST_CLOSED, COVER_IO, true, "the session has ended"},
    {ETIMEDOUT, ST_TIMEOUT, COVER_TIME, true, "the server took too long"},
    {0, ST_IO, COVER_IO, false, "the server could not read it"},
};

const struct cifs_trouble *
cifs_trouble(int error)
{
	const struct cifs_trouble *t = troubles;

	while (t->error != 0 && t->error != error)
		t++;
	return t;
}

static enum status
fail(struct cifs *c, int error)
{
	c->error = error;
	return cifs_trouble(error)->st;
}

int
cifs_error(const struct cifs *c)
{
	return c->error;
}

bool
cifs_stood(const struct cifs *c)
{
	return c->signed_in;
}

const char *
cifs_said(const struct cifs *c)
{
	return c->said;
}

/* ---- what libsmbclient asks and says ---------------------------------------
 */

static void
give(char *dst, int room, struct span s)
{
	if (room > 0 && str_copy(dst, (size_t)room, s) != ST_OK)
		dst[0] = 0;
}

/* It asks again for each new connection; only a session that stands gets it. */
static void
/* NOLINTNEXTLINE(readability-function-size): as libsmbclient has it */
on_auth(SMBCCTX *ctx, const char *server, const char *share, char *domain,
	int domain_room, char *user, int user_room, char *password,
	int password_room)
{
	struct cifs *c = smbc_getOptionUserData(ctx);
	const struct login *l = c->login;
	char name[LOGIN_NAME_ROOM];

	(void)server;
	(void)share;
	if (c->asked && !c->signed_in)
		return;
	c->asked = true;
	give(domain, domain_room, l->domain);
	if (login_name(l, name) == ST_OK)
		give(user, user_room, span_str(name));
	if (l->keytab.len == 0) /* else there is a ticket already */
		give(password, password_room, l->account.password);
}

/* Its log goes nowhere but for the lines on whether, and why not, we are in. */
static void
on_log(void *arg, int level, const char *line)
{
	static const char *const heads[] = {
	    "SPNEGO login failed: ",
	    "session setup failed: ",
	    "Kinit for ",
	    "Kerberos auth with ",
	};
	struct cifs *c = arg;

	(void)level;
	if (strstr(line, "Server connect ok: ") != NULL)
		c->signed_in = true;
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		const char *at = strstr(line, heads[i]);
		struct span s;

		if (at == NULL || c->said[0] != 0)
			continue;
		s = str_trim(span_str(at + strlen(heads[i])));
		if (s.len >= SAID_MAX)
			s.len = SAID_MAX - 1;
		give(c->said, SAID_MAX, s);
	}
}

/* ---- names -----------------------------------------------------------------
 */

/* libsmbclient decodes after it has cut at slashes, colons, marks. */
static enum status
add_encoded(struct buf *to, struct span s)
{
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < s.len; i++) {
		uint8_t b = s.ptr[i];

		if ((b >= '0' && b <= '9') || (b >= 'A' && b <= 'Z') ||
		    (b >= 'a' && b <= 'z') || b == '/')
			st = buf_add_byte(to, b);
		else
			st = buf_addf(to, "%%%02X", b);
	}
	return st;
}

/* smb://HOST/PATH as a C string; NULL when it is too long. */
static const char *
url_of(struct cifs *c, struct span path)
{
	c->url.len = c->root;
	if (add_encoded(&c->url, path) != ST_OK ||
	    buf_add_byte(&c->url, 0) != ST_OK) {
		c->error = ENAMETOOLONG;
		return NULL;
	}
	return (const char *)c->url.data;
}

static enum status
set_root(struct cifs *c)
{
	enum status st = buf_add_str(&c->url, "smb://");

	if (st == ST_OK)
		st = add_encoded(&c->url, c->login->account.url.host);
	if (st == ST_OK)
		st = buf_add_byte(&c->url, '/');
	c->root = c->url.len;
	return st;
}

/* ---- beginning and end -----------------------------------------------------
 */

static enum status
set_names(struct cifs *c)
{
	char word[LOGIN_NAME_ROOM];
	enum status st = str_copy(word, sizeof(word), c->login->domain);

	/* with these it finds its connection again and asks no more */
	if (st != ST_OK)
		return st;
	smbc_setWorkgroup(c->ctx, word);
	st = login_name(c->login, word);
	if (st == ST_OK)
		smbc_setUser(c->ctx, word);
	return st;
}

static enum status
set_up(struct cifs *c)
{
	static const smbc_smb_encrypt_level levels[] = {
	    [LOGIN_NO] = SMBC_ENCRYPTLEVEL_NONE,
	    [LOGIN_YES] = SMBC_ENCRYPTLEVEL_REQUIRE,
	    [LOGIN_ASKED] = SMBC_ENCRYPTLEVEL_DEFAULT,
	};
	const struct login *l = c->login;
	char path[CONF_PATH];
	enum status st;

	smbc_setLogCallback(c->ctx, c, on_log);
	smbc_setDebug(c->ctx, LOG_SIGN_IN);
	st = conf_make(l, path);
	if (st != ST_OK)
		return st;
	smbc_setConfiguration(c->ctx, path);
	smbc_setOptionUserData(c->ctx, c);
	smbc_setFunctionAuthDataWithContext(c->ctx, on_auth);
	smbc_setOptionNoAutoAnonymousLogin(c->ctx, 1);
	smbc_setOptionUseCCache(c->ctx, 0); /* winbind's, of who is at home */
	smbc_setOptionUseKerberos(c->ctx, l->kerberos);
	smbc_setOptionFallbackAfterKerberos(c->ctx, 0);
	smbc_setOptionFullTimeNames(c->ctx, 1);
	smbc_setOptionSmbEncryptionLevel(c->ctx, levels[l->encrypt]);
	smbc_setPort(c->ctx, l->port);
	smbc_setTimeout(c->ctx, (int)l->account.patience.answer_ms);
	st = set_names(c);
	if (st == ST_OK && smbc_init_context(c->ctx) == NULL)
		st = ST_NOMEM;
	return st;
}

static enum status
set_ticket(const struct login *l, struct buf *why)
{
	enum status st = conf_kerberos(l);

	if (st != ST_OK || l->keytab.len == 0)
		return st;
	return ticket_get(l, why);
}

enum status
cifs_open(const struct login *l, struct buf *why, struct cifs **out)
{
	struct cifs *c = calloc(1, sizeof(*c));
	enum status st;

	if (c == NULL)
		return ST_NOMEM;
	c->login = l;
	buf_init(&c->url, URL_CAP);
	st = set_root(c);
	if (st == ST_OK)
		st = set_ticket(l, why);
	if (st == ST_OK) {
		c->ctx = smbc_new_context();
		st = c->ctx == NULL ? ST_NOMEM : set_up(c);
	}
	if (st != ST_OK) {
		cifs_close(c);
		return st;
	}
	*out = c;
	return ST_OK;
}

void
cifs_close(struct cifs *c)
{
	if (c == NULL)
		return;
	cifs_file_end(c);
	if (c->ctx != NULL)
		smbc_free_context(c->ctx, 1);
	buf_fini(&c->url);
	free(c);
}

/* The server has let us in: from here on nothing is to be heard. */
static void
stands(struct cifs *c)
{
	if (c->quiet)
		return;
	c->signed_in = c->quiet = true;
	smbc_setDebug(c->ctx, 0);
}

/* Signing in is no measure. */
static struct pace *
pace_of(const struct cifs *c)
{
	return c->signed_in ? c->login->account.patience.pace : NULL;
}

/* ---- folders ---------------------------------------------------------------
 */

/* A folder by any name: a few of its numbers, mixed (splitmix64). */
static uint64_t
mix(uint64_t h, uint64_t n)
{
	h += n + UINT64_C(0x9E3779B97F4A7C15);
	h = (h ^ (h >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	h = (h ^ (h >> 27)) * UINT64_C(0x94D049BB133111EB);
	return h ^ (h >> 31);
}

/*
 * Numbers of files are unique in a file system only, and a share may hold
 * several: the time when it was made tells their roots apart.
 */
static uint64_t
identity(const struct libsmb_file_info *i, const struct stat *sb)
{
	const uint64_t file = (uint64_t)sb->st_ino;
	uint64_t h;

	if (file == 0 || file == UINT64_MAX)
		return 0;
	h = mix(file, (uint64_t)i->btime_ts.tv_sec);
	h = mix(h, (uint64_t)i->btime_ts.tv_nsec);
	return h == 0 ? 1 : h;
}

static enum status
give_entries(struct cifs *c, SMBCFILE *dir, cifs_entry_fn *fn, void *arg,
	     uint64_t *self)
{
	smbc_readdirplus2_fn next = smbc_getFunctionReaddirPlus2(c->ctx);
	const struct libsmb_file_info *i;
	enum status st = ST_OK;
	struct stat sb;

	while (st == ST_OK && (i = next(c->ctx, dir, &sb)) != NULL) {
		const struct cifs_entry e = {
		    .size = i->size,
		    .mtime = i->mtime_ts.tv_sec,
		    .id = (i->attrs & CIFS_FOLDER) ? identity(i, &sb) : 0,
		    .attrs = i->attrs,
		};
		struct span name = span_str(i->name);

		pace_came(pace_of(c), ENTRY);
		if (str_is(name, "."))
			*self = e.id;
		else if (!str_is(name, ".."))
			st = fn(arg, name, &e);
	}
	return st;
}

enum status
cifs_list(struct cifs *c, struct span path, cifs_entry_fn *fn, void *arg,
	  uint64_t *self)
{
	const char *url = url_of(c, path);
	struct pace *pace = pace_of(c);
	SMBCFILE *dir;
	enum status st;

	if (url == NULL)
		return ST_LIMIT;
	pace_begin(pace);
	dir = smbc_getFunctionOpendir(c->ctx)(c->ctx, url);
	st = dir == NULL ? fail(c, errno) : ST_OK;
	pace_woke(pace);
	*self = 0;
	if (dir != NULL)
		stands(c);
	if (dir != NULL)
		st = give_entries(c, dir, fn, arg, self);
	pace_answered(pace); /* by now it is known how large it was */
	if (dir == NULL)
		return st;
	smbc_getFunctionClosedir(c->ctx)(c->ctx, dir);
	return st;
}

enum status
cifs_shares(struct cifs *c, cifs_entry_fn *fn, void *arg)
{
	const struct cifs_entry e = {.attrs = CIFS_FOLDER};
	const char *url = url_of(c, span_of(NULL, 0));
	const struct smbc_dirent *d;
	enum status st = ST_OK;
	SMBCFILE *dir;

	if (url == NULL)
		return ST_LIMIT;
	dir = smbc_getFunctionOpendir(c->ctx)(c->ctx, url);
	if (dir == NULL)
		return fail(c, errno);
	stands(c);
	while (st == ST_OK &&
	       (d = smbc_getFunctionReaddir(c->ctx)(c->ctx, dir)) != NULL)
		if (d->smbc_type == SMBC_FILE_SHARE)
			st = fn(arg, span_str(d->name), &e);
	smbc_getFunctionClosedir(c->ctx)(c->ctx, dir);
	return st;
}

enum status
cifs_stat(struct cifs *c, struct span path, struct cifs_entry *out)
{
	const char *url = url_of(c, path);
	struct pace *pace = pace_of(c);
	enum status st = ST_OK;
	struct stat sb;

	if (url == NULL)
		return ST_LIMIT;
	pace_begin(pace);
	if (smbc_getFunctionStat(c->ctx)(c->ctx, url, &sb) != 0)
		st = fail(c, errno);
	pace_end(pace, 0);
	if (st != ST_OK)
		return st;
	stands(c);
	*out = (struct cifs_entry){
	    .size = (uint64_t)sb.st_size,
	    .mtime = sb.st_mtime,
	    .attrs = S_ISDIR(sb.st_mode) ? CIFS_FOLDER : 0,
	};
	return ST_OK;
}

/* ---- files -----------------------------------------------------------------
 */

enum status
cifs_file(struct cifs *c, struct span path)
{
	const char *url = url_of(c, path);
	struct pace *pace = pace_of(c);
	enum status st = ST_OK;

	must(c->file == NULL);
	if (url == NULL)
		return ST_LIMIT;
	pace_begin(pace);
	c->file = smbc_getFunctionOpen(c->ctx)(c->ctx, url, O_RDONLY, 0);
	if (c->file == NULL)
		st = fail(c, errno);
	pace_end(pace, 0);
	if (st == ST_OK)
		stands(c);
	return st;
}

enum status
cifs_seek(struct cifs *c, uint64_t to)
{
	off_t at =
	    smbc_getFunctionLseek(c->ctx)(c->ctx, c->file, (off_t)to, SEEK_SET);

	return at < 0 ? fail(c, errno) : ST_OK;
}

enum status
cifs_read(struct cifs *c, void *dst, size_t n, size_t *got)
{
	struct pace *pace = pace_of(c);
	enum status st = ST_OK;
	ssize_t r;

	pace_begin(pace);
	r = smbc_getFunctionRead(c->ctx)(c->ctx, c->file, dst, n);
	if (r < 0)
		st = fail(c, errno);
	pace_end(pace, r > 0 ? (uint64_t)r : 0);
	if (st == ST_OK)
		*got = (size_t)r;
	return st;
}

void
cifs_file_end(struct cifs *c)
{
	if (c->file != NULL &&
	    smbc_getFunctionClose(c->ctx)(c->ctx, c->file) != 0)
		c->error = errno; /* the next call will see that it is gone */
	c->file = NULL;
}
