#include "fake/fake_http.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/must.h"
#include "fake/fake_tls.h"

/* One connection; ssl is NULL where there is no TLS. */
struct line {
	int fd;
	SSL *ssl;
};

static ssize_t
line_read(const struct line *l, char *to, size_t n)
{
	return l->ssl == NULL ? read(l->fd, to, n)
			      : SSL_read(l->ssl, to, (int)n);
}

static ssize_t
line_write(const struct line *l, const char *from, size_t n)
{
	return l->ssl == NULL ? send(l->fd, from, n, MSG_NOSIGNAL)
			      : SSL_write(l->ssl, from, (int)n);
}

/* As long as the head says; 0: it says nothing. */
static size_t
body_length(const char *text)
{
	const char *at = strcasestr(text, "\r\nContent-Length:");

	return at == NULL ? 0 : strtoul(at + 17, NULL, 10);
}

/* As much as one request has. */
static void
hear(const struct line *l, char *text, size_t room)
{
	const char *end = NULL;
	size_t have = 0;

	text[0] = 0;
	while (have + 1 < room &&
	       (end == NULL ||
		have < (size_t)(end - text) + 4 + body_length(text))) {
		ssize_t n = line_read(l, text + have, room - 1 - have);

		if (n <= 0)
			break;
		have += (size_t)n;
		text[have] = 0;
		end = strstr(text, "\r\n\r\n");
	}
}

static size_t
say(const struct line *l, const char *bytes, size_t n, size_t *left)
{
	size_t out = 0;

	n = n < *left ? n : *left;
	while (out < n) {
		ssize_t w = line_write(l, bytes + out, n - out);

		if (w <= 0)
			return 0;
		out += (size_t)w;
	}
	*left -= n;
	return n;
}

/* The first of the words that stand for a number; NULL: none is there. */
static const char *
find_word(const struct fake_http *f, const char *text, size_t *len,
	  unsigned *means)
{
	const struct {
		const char *word;
		unsigned means;
	} words[] = {{"PORT", f->port}, {"COUNT", f->seen->all}};
	const char *first = NULL;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		const char *at = strstr(text, words[i].word);

		if (at == NULL || (first != NULL && at > first))
			continue;
		first = at;
		*len = strlen(words[i].word);
		*means = words[i].means;
	}
	return first;
}

/* Head and body, with numbers where PORT and COUNT stand. */
static void
say_text(const struct fake_http *f, const struct line *l, const char *text,
	 size_t *left)
{
	unsigned means = 0;
	const char *at;
	size_t len = 0;

	while ((at = find_word(f, text, &len, &means)) != NULL) {
		char number[16];
		int n = snprintf(number, sizeof(number), "%u", means);

		say(l, text, (size_t)(at - text), left);
		say(l, number, (size_t)n, left);
		text = at + len;
	}
	say(l, text, strlen(text), left);
}

static bool
is_path(const char *asked, const char *path)
{
	size_t n = strlen(path);

	if (n > 0 && path[n - 1] == '*')
		return strncmp(asked, path, n - 1) == 0;
	return strncmp(asked, path, n) == 0 && asked[n] == ' ';
}

static const struct fake_page *
page_of(const struct fake_page *pages, const char *request, size_t *at)
{
	const char *path = strchr(request, ' ');

	for (*at = 0; path != NULL && pages[*at].path != NULL; (*at)++) {
		if (is_path(path + 1, pages[*at].path) &&
		    (pages[*at].has == NULL ||
		     strstr(request, pages[*at].has) != NULL))
			return &pages[*at];
	}
	return NULL;
}

static void
answer(const struct fake_http *f, const struct fake_page *pages,
       const struct line *l)
{
	static const char nothing[] =
	    "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
	char request[4096] = {0}, filler[4096];
	const struct fake_page *p;
	const char *text = nothing;
	unsigned times;
	size_t at, left;

	hear(l, request, sizeof(request));
	for (size_t i = 0; i < sizeof(request); i++)
		f->seen->last[i] = request[i];
	__atomic_add_fetch(&f->seen->all, 1, __ATOMIC_SEQ_CST);
	p = page_of(pages, request, &at);
	left = p == NULL || p->cut == 0 ? SIZE_MAX : p->cut;
	if (p != NULL) {
		times = __atomic_add_fetch(&f->seen->asked[at], 1,
					   __ATOMIC_SEQ_CST);
		text = p->answer;
		if (times <= p->first)
			text = p->before;
		else if (p->needs != NULL && strstr(request, p->needs) == NULL)
			text = p->refuses;
		if (p->hang == 1)
			pause();
	}
	say_text(f, l, text, &left);
	memset(filler, 'x', sizeof(filler));
	for (size_t n = p == NULL || text != p->answer ? 0 : p->filler;
	     n > 0;) {
		size_t piece = n < sizeof(filler) ? n : sizeof(filler);

		if (say(l, filler, piece, &left) == 0)
			break;
		n -= piece;
	}
	if (p != NULL && p->hang == 2)
		pause();
}

static void
serve_one(const struct fake_http *f, const struct fake_page *pages, int fd)
{
	struct line l = {.fd = fd};

	if (f->tls != NULL) {
		l.ssl = fake_tls_accept(f->tls, fd);
		if (l.ssl == NULL)
			return;
	}
	answer(f, pages, &l);
	if (l.ssl != NULL)
		SSL_shutdown(l.ssl);
	shutdown(fd, SHUT_WR);
}

static void
serve(const struct fake_http *f, const struct fake_page *pages)
{
	signal(SIGCHLD, SIG_IGN);
	for (;;) {
		int fd = accept(f->fd, NULL, NULL);

		if (fd < 0)
			_exit(1);
		if (fork() == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			close(f->fd);
			serve_one(f, pages, fd);
			_exit(0);
		}
		close(fd);
	}
}

static void
start(struct fake_http *f, const struct fake_page *pages)
{
	struct sockaddr_in a = {.sin_family = AF_INET};
	socklen_t n = sizeof(a);
	void *shared;

	shared = mmap(NULL, sizeof(*f->seen), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	must(shared != MAP_FAILED);
	f->seen = shared;
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	f->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	must(f->fd >= 0);
	must(bind(f->fd, (struct sockaddr *)&a, sizeof(a)) == 0);
	must(listen(f->fd, 64) == 0);
	must(getsockname(f->fd, (struct sockaddr *)&a, &n) == 0);
	f->port = ntohs(a.sin_port);
	f->pid = fork();
	must(f->pid >= 0);
	if (f->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		serve(f, pages);
	}
}

void
fake_http_start(struct fake_http *f, const struct fake_page *pages)
{
	f->tls = NULL;
	start(f, pages);
}

void
fake_https_start(struct fake_http *f, const struct fake_page *pages)
{
	f->tls = fake_tls_make();
	start(f, pages);
}

void
fake_http_stop(struct fake_http *f)
{
	fake_tls_free(f->tls);
	f->tls = NULL;
	kill(f->pid, SIGKILL);
	waitpid(f->pid, NULL, 0);
	close(f->fd);
	munmap(f->seen, sizeof(*f->seen));
}
