#include "fake/script.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* clang-format off */
#include <cmocka.h>
/* clang-format on */

#include "base/must.h"

static int
listen_somewhere(uint16_t *port)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
				.sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t len = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	must(fd >= 0);
	must(bind(fd, (struct sockaddr *)&a, sizeof(a)) == 0);
	must(listen(fd, 4) == 0);
	must(getsockname(fd, (struct sockaddr *)&a, &len) == 0);
	*port = ntohs(a.sin_port);
	return fd;
}

static FILE *
answer(int listener)
{
	int fd = accept(listener, NULL, NULL);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "r+");

	must(f != NULL);
	setvbuf(f, NULL, _IONBF, 0);
	return f;
}

/* 0, or the exit code that says which line was not heard. */
static int
hear(FILE *f, const char *want, size_t number)
{
	char got[4096];

	if (fgets(got, sizeof(got), f) == NULL)
		got[0] = 0;
	if (strncmp(got, want, strlen(want)) == 0)
		return 0;
	fprintf(stderr, "script line %zu: wanted \"%s\", heard \"%.60s\"\n",
		number, want, got);
	return 1;
}

static void
play(int listener, const struct script_line *lines, size_t count)
{
	FILE *f = answer(listener);
	char rest[256];

	for (size_t i = 0; i < count; i++) {
		const struct script_line *l = &lines[i];

		if (l->hear != NULL && hear(f, l->hear, i) != 0)
			_exit(1);
		if (strcmp(l->say, SCRIPT_CUT) == 0) {
			fclose(f);
			f = answer(listener);
		} else if (strcmp(l->say, SCRIPT_MUTE) != 0) {
			fwrite(l->say, 1, strlen(l->say), f);
		}
	}
	while (fgets(rest, sizeof(rest), f) != NULL)
		;
	_exit(0);
}

void
script_start(struct script *s, const struct script_line *lines, size_t count)
{
	int listener = listen_somewhere(&s->port);

	s->pid = fork();
	must(s->pid >= 0);
	if (s->pid == 0) {
		alarm(30); /* never left behind */
		play(listener, lines, count);
	}
	close(listener);
}

void
script_end(struct script *s)
{
	int status = 0;

	assert_int_equal(waitpid(s->pid, &status, 0), s->pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}
