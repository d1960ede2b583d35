#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "master/cmd.h"
#include "master/listen.h"
#include "sys/file.h"

/* A data folder with run/, and settings that listen on loopback. */
struct place {
	struct settings s;
	struct parent_config config;
	struct buf why;
};

static int
open_place(void **state)
{
	struct place *p = calloc(1, sizeof(*p));
	char run[SETTINGS_PATH];

	if (p == NULL)
		return -1;
	snprintf(p->s.data, sizeof(p->s.data), "/tmp/trawl-listen.XXXXXX");
	if (mkdtemp(p->s.data) == NULL)
		return -1;
	settings_path(&p->s, "run", run);
	if (mkdir(run, 0700) != 0)
		return -1;
	snprintf(p->s.web, sizeof(p->s.web), "127.0.0.1:0, [::1]:0");
	snprintf(p->s.agents, sizeof(p->s.agents), "127.0.0.1:0");
	snprintf(p->s.redirect, sizeof(p->s.redirect), "off");
	buf_init(&p->why, 4096);
	*state = p;
	return 0;
}

static int
close_place(void **state)
{
	struct place *p = *state;

	listen_close(&p->config, &p->s);
	buf_fini(&p->why);
	(void)!file_remove_tree(p->s.data);
	free(p);
	return 0;
}

static bool
why_has(struct place *p, const char *words)
{
	return memmem(p->why.data, p->why.len, words, strlen(words)) != NULL;
}

static size_t
count(const struct place *p, enum door door)
{
	size_t n = 0;

	for (size_t i = 0; i < p->config.socket_count; i++)
		n += p->config.sockets[i].door == door;
	return n;
}

/* A socket of ours on a port of loopback: nobody else may have it then. */
static int
take_port(uint16_t *port)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
				.sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t n = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(fd, (const struct sockaddr *)&a, n), 0);
	assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &n), 0);
	*port = ntohs(a.sin_port);
	return fd;
}

static void
every_address_gets_its_socket_and_its_door(void **state)
{
	struct place *p = *state;
	char path[SETTINGS_PATH];
	struct stat st;

	assert_int_equal(listen_all(&p->s, &p->config, &p->why), ST_OK);
	assert_int_equal(count(p, DOOR_WEB), 2);
	assert_int_equal(count(p, DOOR_AGENTS), 1);
	assert_int_equal(count(p, DOOR_PLAIN), 0);
	assert_int_equal(count(p, DOOR_ADMIN), 1);
	settings_path(&p->s, FILE_ADMIN, path);
	assert_int_equal(stat(path, &st), 0);
	assert_true(S_ISSOCK(st.st_mode));
	listen_close(&p->config, &p->s);
	assert_int_equal(p->config.socket_count, 0);
	assert_int_not_equal(stat(path, &st), 0);
	/* Once more: what was left behind is in nobody's way. */
	assert_int_equal(listen_all(&p->s, &p->config, &p->why), ST_OK);
}

static void
a_port_that_is_taken_is_named_with_its_setting(void **state)
{
	struct place *p = *state;
	uint16_t port;
	int fd = take_port(&port);
	char text[64];

	snprintf(p->s.agents, sizeof(p->s.agents), "127.0.0.1:%u", port);
	assert_int_equal(listen_all(&p->s, &p->config, &p->why), ST_USAGE);
	snprintf(text, sizeof(text), "Port %u on 127.0.0.1 is taken", port);
	assert_true(why_has(p, text));
	assert_true(why_has(p, "--agents"));
	assert_int_equal(p->config.socket_count, 0); /* nothing stays open */
	close(fd);
}

static void
an_address_that_this_host_has_not_is_named(void **state)
{
	struct place *p = *state;

	/* Of the addresses that are for documentation only. */
	snprintf(p->s.web, sizeof(p->s.web), "192.0.2.1:0");
	assert_int_equal(listen_all(&p->s, &p->config, &p->why), ST_USAGE);
	assert_true(why_has(p, "This host has no address 192.0.2.1"));
	assert_true(why_has(p, "--web"));
}

static void
a_folder_that_init_has_not_made_is_named(void **state)
{
	struct place *p = *state;
	char run[SETTINGS_PATH];

	settings_path(&p->s, "run", run);
	assert_int_equal(rmdir(run), 0);
	assert_int_equal(listen_all(&p->s, &p->config, &p->why), ST_NOTFOUND);
	assert_true(why_has(p, "trawl-master init"));
}

static void
more_addresses_than_doors_have_is_said(void **state)
{
	struct place *p = *state;
	size_t used = 0;

	for (size_t i = 0; i <= PARENT_SOCKETS_MAX; i++)
		used +=
		    (size_t)snprintf(p->s.web + used, sizeof(p->s.web) - used,
				     "%s127.0.0.1:0", i > 0 ? "," : "");
	assert_int_equal(listen_all(&p->s, &p->config, &p->why), ST_USAGE);
	assert_true(why_has(p, "too many addresses"));
	assert_int_equal(p->config.socket_count, 0);
}

static void
only_one_process_has_a_data_folder(void **state)
{
	struct place *p = *state;
	int first = -1, second = -1;

	assert_int_equal(cmd_lock(&p->s, &first), ST_OK);
	assert_int_equal(cmd_lock(&p->s, &second), ST_AGAIN);
	close(first);
	assert_int_equal(cmd_lock(&p->s, &second), ST_OK);
	close(second);
}

static void
a_file_that_is_missing_is_named_with_what_to_do(void **state)
{
	struct place *p = *state;
	struct buf text;

	buf_init(&text, 4096);
	assert_int_equal(cmd_read_file(&p->s, FILE_CA_KEY, &text, &p->why),
			 ST_NOTFOUND);
	assert_true(why_has(p, "ca/ca.key cannot be read"));
	assert_true(why_has(p, "trawl-master init"));
	buf_fini(&text);
}

#define T(f) cmocka_unit_test_setup_teardown(f, open_place, close_place)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(every_address_gets_its_socket_and_its_door),
	    T(a_port_that_is_taken_is_named_with_its_setting),
	    T(an_address_that_this_host_has_not_is_named),
	    T(a_folder_that_init_has_not_made_is_named),
	    T(more_addresses_than_doors_have_is_said),
	    T(only_one_process_has_a_data_folder),
	    T(a_file_that_is_missing_is_named_with_what_to_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
