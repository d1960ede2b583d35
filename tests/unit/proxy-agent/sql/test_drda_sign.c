#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "proxy-agent/sql/drda_talk.h"

/* A greeting of a server that takes these ways to sign in, and no others. */
static void
greeting(struct drda_out *o, const char *class, const uint16_t *ways,
	 size_t count)
{
	size_t at;

	drda_out_init(o);
	at = drda_begin(o, DRDA_EXCSATRD);
	drda_name(o, DRDA_SRVCLSNM, class, 0);
	drda_end(o, at);
	drda_dss(o, DRDA_ANSWER);
	at = drda_begin(o, DRDA_ACCSECRD);
	for (size_t i = 0; i < count; i++)
		drda_u16(o, DRDA_SECMEC, ways[i]);
	drda_end(o, at);
	drda_dss(o, DRDA_ANSWER);
	assert_int_equal(drda_said(o), ST_OK);
}

/* Says that to whoever comes. Ends well when nothing more is said to it. */
static pid_t
serve(const struct drda_out *o, uint16_t *port)
{
	struct sockaddr_in a = {.sin_family = AF_INET};
	socklen_t len = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), to;
	char heard[4096];
	pid_t pid;

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (struct sockaddr *)&a, len), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &len), 0);
	assert_int_equal(listen(fd, 1), 0);
	*port = ntohs(a.sin_port);
	pid = fork();
	if (pid == 0) {
		to = accept(fd, NULL, NULL);
		if (read(to, heard, sizeof(heard)) <= 0 ||
		    write(to, o->bytes.data, o->bytes.len) < 0)
			_exit(1);
		_exit(read(to, heard, sizeof(heard)) == 0 ? 0 : 2);
	}
	close(fd);
	return pid;
}

static void
a_server_that_takes_no_password_is_told_what_to_set(void **state)
{
	static const struct {
		const char *class;
		uint16_t ways[2];
		size_t count;
		const char *told;
	} cases[] = {
	    {"Apache Derby", {9, 0}, 1, "EUSRIDPWD"},
	    {"QDB2/LINUXX8664", {9, 13}, 2, "EUSRIDPWD"},
	    {"QDB2/LINUXX8664", {11, 0}, 1, "Kerberos"},
	    /* another's substitute is another one */
	    {"QDB2/LINUXX8664", {8, 0}, 1, "USRSSBPWD"},
	    {"Apache Derby", {0, 0}, 0, "something else"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sql_to to = {
		    .host = "127.0.0.1",
		    .user = "anna",
		    .password = "made up",
		    .database = "shop",
		    .here = true,
		    .patience = {5000, 5000, 5000, 5000},
		};
		struct drda_talk *t = NULL;
		struct drda_out o;
		struct buf why;
		uint16_t port;
		int status = 1;
		pid_t pid;

		buf_init(&why, 600);
		greeting(&o, cases[i].class, cases[i].ways, cases[i].count);
		pid = serve(&o, &port);
		to.port = port;
		assert_int_equal(drda_talk_open(&to, &t, &why), ST_UNSUPPORTED);
		assert_int_equal(buf_add_byte(&why, 0), ST_OK);
		assert_non_null(strstr((const char *)why.data, cases[i].told));
		assert_non_null(strstr((const char *)why.data,
				       "AUTHENTICATION SERVER (DB2)"));
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_int_equal(status, 0); /* it heard of no user */
		drda_out_fini(&o);
		buf_fini(&why);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		a_server_that_takes_no_password_is_told_what_to_set),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
