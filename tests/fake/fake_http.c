#include "fake/fake_http.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/must.h"

/* As much as one request has; a body follows its head at once here. */
static void
hear(int fd, char *text, size_t room)
{
	size_t have = 0;

	text[0] = 0;
	while (have + 1 < room && strstr(text, "\r\n\r\n") == NULL) {
		ssize_t n = read(fd, text + have, room - 1 - have);

		if (n <= 0)
			break;
		have += (size_t)n;
		text[have] = 0;
	}
}

static size_t
say(int fd, const char *bytes, size_t n, size_t *left)
{
	size_t out = 0;

	n = n < *left ? n : *left;
	while (out < n) {
		ssize_t w = send(fd, bytes + out, n - out, MSG_NOSIGNAL);

		if (w <= 0)
			return 0;
		out += (size_t)w;
	}
	*left -= n;
	return n;
}

/* Head and body, with the port where PORT stands. */
static void
say_text(const struct fake_http *f, int fd, const char *text, size_t *left)
{
	char port[8];
	int n = snprintf(port, sizeof(port), "%u", f->port);
	const char *at;

	while ((at = strstr(text, "PORT")) != NULL) {
		say(fd, text, (size_t)(at - text), left);
		say(fd, port, (size_t)n, left);
		text = at + 4;
	}
	say(fd, text, strlen(text), left);
}

static const struct fake_page *
page_of(const struct fake_page *pages, const char *request, size_t *at)
{
	const char *path = strchr(request, ' ');

	for (*at = 0; path != NULL && pages[*at].path != NULL; (*at)++) {
		size_t n = strlen(pages[*at].path);

		if (strncmp(path + 1, pages[*at].path, n) == 0 &&
		    path[1 + n] == ' ')
			return &pages[*at];
	}
	return NULL;
}

static void
answer(const struct fake_http *f, const struct fake_page *pages, int fd)
{
	static const char nothing[] =
	    "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
	char request[4096] = {0}, filler[4096];
	const struct fake_page *p;
	const char *text = nothing;
	unsigned times;
	size_t at, left;

	hear(fd, request, sizeof(request));
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
	say_text(f, fd, text, &left);
	memset(filler, 'x', sizeof(filler));
	for (size_t n = p == NULL || text != p->answer ? 0 : p->filler;
	     n > 0;) {
		size_t piece = n < sizeof(filler) ? n : sizeof(filler);

		if (say(fd, filler, piece, &left) == 0)
			break;
		n -= piece;
	}
	if (p != NULL && p->hang == 2)
		pause();
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
			answer(f, pages, fd);
			shutdown(fd, SHUT_WR);
			_exit(0);
		}
		close(fd);
	}
}

void
fake_http_start(struct fake_http *f, const struct fake_page *pages)
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
fake_http_stop(struct fake_http *f)
{
	kill(f->pid, SIGKILL);
	waitpid(f->pid, NULL, 0);
	close(f->fd);
	munmap(f->seen, sizeof(*f->seen));
}
