#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/source/folder.h"
#include "sys/file.h"

/* A folder of these empty files, read back. */
struct made {
	char path[64];
	int fd;
	struct folder folder;
};

static void
begin(struct made *m)
{
	*m = (struct made){.path = "/tmp/trawl-folder.XXXXXX"};
	assert_non_null(mkdtemp(m->path));
	m->fd = open(m->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(m->fd >= 0);
}

static void
touch(const struct made *m, const char *name)
{
	int fd = openat(m->fd, name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	close(fd);
}

static void
end(struct made *m)
{
	folder_fini(&m->folder);
	assert_null(m->folder.names);
	close(m->fd);
	assert_int_equal(file_remove_tree(m->path), ST_OK);
}

static void
assert_in_order(const struct folder *f)
{
	for (size_t i = 1; i < f->count; i++)
		assert_true(strcmp(folder_name(f, i - 1), folder_name(f, i)) <
			    0);
}

static void
an_empty_folder_has_no_names(void **state)
{
	struct made m;

	(void)state;
	begin(&m);
	assert_int_equal(folder_read(&m.folder, m.fd), ST_OK);
	assert_int_equal(m.folder.count, 0);
	assert_int_equal(folder_find(&m.folder, "a"), 0);
	end(&m);
}

static void
names_are_in_bytewise_order_with_their_type(void **state)
{
	/* alike in their first eight bytes, and in what all share */
	static const char *const names[] = {
	    "pre",         "pre-",          "pre-1",         "pre-12345678",
	    "pre-1234567", "pre-123456780", "pre-12345678a", "pre-\xff",
	    "pre-\x01",    "pre-Z",         "pre-a",         "pre-\xc3\xa4",
	    "pre-folder",  "pre-link",
	};
	size_t n = sizeof(names) / sizeof(names[0]);
	struct made m;

	(void)state;
	begin(&m);
	for (size_t i = 0; i < n - 2; i++)
		touch(&m, names[i]);
	assert_int_equal(mkdirat(m.fd, names[n - 2], 0700), 0);
	assert_int_equal(symlinkat("x", m.fd, names[n - 1]), 0);
	assert_int_equal(folder_read(&m.folder, m.fd), ST_OK);
	assert_int_equal(m.folder.count, n);
	assert_in_order(&m.folder);
	for (size_t i = 0; i < n; i++) {
		size_t at = folder_find(&m.folder, names[i]);
		uint8_t type = m.folder.entries[at].type;

		assert_string_equal(folder_name(&m.folder, at), names[i]);
		if (type != DT_UNKNOWN) /* as the file system likes */
			assert_int_equal(type, i == n - 2   ? DT_DIR
					       : i == n - 1 ? DT_LNK
							    : DT_REG);
	}
	end(&m);
}

static void
any_number_of_names_is_in_order(void **state)
{
	/* around the length of a run, and of two and four of them */
	static const unsigned counts[] = {1,  2,  11, 12, 13,  23,
					  24, 25, 48, 49, 100, 3000};
	char name[32];

	(void)state;
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		struct made m;

		begin(&m);
		for (unsigned k = 0; k < counts[i]; k++) {
			snprintf(name, sizeof(name), "same-%u",
				 k * 7919 % 100003);
			touch(&m, name);
		}
		assert_int_equal(folder_read(&m.folder, m.fd), ST_OK);
		assert_int_equal(m.folder.count, counts[i]);
		assert_in_order(&m.folder);
		end(&m);
	}
}

static void
a_name_that_is_not_there_has_its_place(void **state)
{
	static const struct {
		const char *name;
		size_t at;
	} cases[] = {{"", 0},  {"b", 0},  {"b0", 1}, {"c", 1},
		     {"d", 1}, {"d0", 2}, {"f", 2},  {"g", 3}};
	struct made m;

	(void)state;
	begin(&m);
	touch(&m, "b");
	touch(&m, "d");
	touch(&m, "f");
	assert_int_equal(folder_read(&m.folder, m.fd), ST_OK);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(folder_find(&m.folder, cases[i].name),
				 cases[i].at);
	end(&m);
}

static void
what_is_no_folder_gives_an_error_and_no_names(void **state)
{
	struct folder f = {0};
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	(void)state;
	assert_int_equal(folder_read(&f, fd), ST_IO);
	assert_int_equal(f.count, 0);
	folder_fini(&f);
	close(fd);
	assert_int_equal(folder_read(&f, -1), ST_IO);
	folder_fini(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_empty_folder_has_no_names),
	    cmocka_unit_test(names_are_in_bytewise_order_with_their_type),
	    cmocka_unit_test(any_number_of_names_is_in_order),
	    cmocka_unit_test(a_name_that_is_not_there_has_its_place),
	    cmocka_unit_test(what_is_no_folder_gives_an_error_and_no_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
