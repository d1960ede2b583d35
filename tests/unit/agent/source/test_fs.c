#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent/source/fs.h"
#include "sys/file.h"

/* A folder for each test; paths in expectations are relative to it. */
static char root[64];

static int
make_root(void **state)
{
	(void)state;
	snprintf(root, sizeof(root), "/tmp/trawl-fs.XXXXXX");
	if (mkdtemp(root) == NULL)
		return -1;
	return chmod(root, 0755);
}

static int
remove_root(void **state)
{
	(void)state;
	return file_remove_tree(root) == ST_OK ? 0 : -1;
}

static const char *
at(const char *name)
{
	static char path[512];

	snprintf(path, sizeof(path), "%s/%s", root, name);
	return path;
}

static void
put(const char *name, const char *text)
{
	int fd = open(at(name), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(file_write_all(fd, span_str(text)), ST_OK);
	close(fd);
}

static struct source *
open_at(const char *path, struct span cursor)
{
	const struct source_target t = {.path = span_str(path),
					.cursor = cursor};
	struct source *s;

	assert_int_equal(fs_source.open(&t, &s), ST_OK);
	return s;
}

/* "a/b ok, c link, " ...: every item of the rest of a walk. */
static void
list(struct source *s, struct buf *to)
{
	struct source_item item;

	while (fs_source.next(s, &item) == ST_OK) {
		struct span rel = span_skip(item.path, strlen(root) + 1);

		assert_int_equal(
		    buf_addf(to, "%.*s %s, ", (int)rel.len,
			     rel.len > 0 ? (const char *)rel.ptr : "",
			     cover_name(item.reason)),
		    ST_OK);
	}
}

static void
assert_walk(const char *path, const char *cursor, const char *want)
{
	struct source *s = open_at(path, span_str(cursor));
	struct buf b;

	buf_init(&b, 1u << 20);
	list(s, &b);
	assert_int_equal(buf_add_byte(&b, 0), ST_OK);
	assert_string_equal((const char *)b.data, want);
	buf_fini(&b);
	fs_source.close(s);
}

static void
names_are_walked_in_bytewise_order_depth_first(void **state)
{
	(void)state;
	mkdir(at("b"), 0755);
	mkdir(at("b/empty"), 0755);
	put("b/2", "x");
	put("b/10", "x");
	put("a", "x");
	put("b.txt", "x");
	put("\xff\xfe not utf-8", "x");
	put("Z", "x");
	assert_walk(root, "",
		    "Z ok, a ok, b/10 ok, b/2 ok, b.txt ok, "
		    "\xff\xfe not utf-8 ok, ");
}

static void
many_names_are_walked_in_bytewise_order_too(void **state)
{
	char name[64], last[64] = "";
	struct source_item item;
	struct source *s;
	size_t n = 0, len;

	(void)state;
	/* some differ in their first eight bytes, some only behind them */
	for (unsigned i = 0; i < 500; i++) {
		snprintf(name, sizeof(name), i % 3 ? "%u" : "the same%u",
			 i * 7919 % 10007);
		put(name, "x");
	}
	s = open_at(root, span_of(NULL, 0));
	for (; fs_source.next(s, &item) == ST_OK; n++) {
		len = strlen(root) + 1;
		assert_in_range(item.path.len, len + 1, len + 60);
		memset(name, 0, sizeof(name));
		memcpy(name, item.path.ptr + len, item.path.len - len);
		assert_true(strcmp(last, name) < 0);
		memcpy(last, name, sizeof(last));
	}
	assert_int_equal(n, 500);
	fs_source.close(s);
}

/* Names begin with what is in the file. */
static void
assert_holds_its_name(struct source *s, const struct source_item *item)
{
	const char *path = (const char *)item->path.ptr;
	const char *name = memrchr(path, '/', item->path.len);
	char held[8];
	size_t got;

	assert_int_equal(item->reason, COVER_OK);
	assert_int_equal(fs_source.read(s, held, sizeof(held), &got), ST_OK);
	assert_int_equal(got, 3);
	assert_memory_equal(name + 1, held, got);
}

static size_t
walk_named(void)
{
	struct source *s = open_at(root, span_of(NULL, 0));
	struct source_item item;
	size_t n = 0;

	for (; fs_source.next(s, &item) == ST_OK; n++)
		assert_holds_its_name(s, &item);
	fs_source.close(s);
	return n;
}

/* More than are opened ahead, with folders between them. */
static void
put_named(void)
{
	char name[32], text[8];

	for (unsigned i = 0; i < 90; i++) {
		snprintf(text, sizeof(text), "f%02u", i);
		snprintf(name, sizeof(name), i % 40 < 36 ? "%s" : "%s.d", text);
		if (i % 40 >= 36) {
			mkdir(at(name), 0755);
			snprintf(name, sizeof(name), "%s.d/%s", text, text);
		}
		put(name, text);
	}
}

static size_t
descriptors(void)
{
	size_t n = 0;

	for (int fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static void
files_that_are_opened_ahead_come_in_their_turn(void **state)
{
	size_t before = descriptors();

	(void)state;
	put_named();
	assert_int_equal(walk_named(), 90);
	assert_int_equal(descriptors(), before);
}

static void
a_walk_that_ends_early_leaves_nothing_open(void **state)
{
	size_t before = descriptors();
	struct source_item item;
	struct source *s;

	(void)state;
	put_named();
	s = open_at(root, span_of(NULL, 0));
	for (unsigned i = 0; i < 19; i++)
		assert_int_equal(fs_source.next(s, &item), ST_OK);
	fs_source.close(s);
	assert_int_equal(descriptors(), before);
}

static void
few_descriptors_are_enough(void **state)
{
	struct rlimit few, all;

	(void)state;
	put_named();
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &all), 0);
	few = all;
	few.rlim_cur = descriptors() + 4;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	assert_int_equal(walk_named(), 90);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &all), 0);
}

static void
a_cursor_goes_on_behind_its_position(void **state)
{
	static const struct {
		const char *cursor, *want;
	} cases[] = {
	    {"", "a ok, b/1 ok, b/2/x ok, b/3 ok, c ok, "},
	    {"a", "b/1 ok, b/2/x ok, b/3 ok, c ok, "},
	    {"b/1", "b/2/x ok, b/3 ok, c ok, "},
	    {"b/2/x", "b/3 ok, c ok, "},
	    {"b/2/gone", "b/2/x ok, b/3 ok, c ok, "},
	    {"b/2", "b/3 ok, c ok, "},
	    {"b", "c ok, "},
	    {"aa/was/here", "b/1 ok, b/2/x ok, b/3 ok, c ok, "},
	    {"c", ""},
	    {"zzz", ""},
	    {"../../etc", "a ok, b/1 ok, b/2/x ok, b/3 ok, c ok, "},
	};

	(void)state;
	mkdir(at("b"), 0755);
	mkdir(at("b/2"), 0755);
	put("a", "x");
	put("b/1", "x");
	put("b/2/x", "x");
	put("b/3", "x");
	put("c", "x");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_walk(root, cases[i].cursor, cases[i].want);
}

/* Walk; at each item a second walk from its cursor gives the same rest. */
static void
a_cursor_of_each_item_leads_to_the_next(void **state)
{
	struct source *s, *again;
	struct source_item item, next;
	struct buf cursor;
	char name[32];
	enum status st;

	(void)state;
	buf_init(&cursor, 4096);
	for (unsigned i = 0; i < 15; i++) {
		snprintf(name, sizeof(name), "d%u", i / 5);
		mkdir(at(name), 0755);
		snprintf(name, sizeof(name), "d%u/f%u", i / 5, i % 5);
		put(name, "x");
	}
	s = open_at(root, span_of(NULL, 0));
	st = fs_source.next(s, &item);
	while (st == ST_OK) {
		buf_clear(&cursor);
		assert_int_equal(fs_source.cursor(s, &cursor), ST_OK);
		again = open_at(root, buf_span(&cursor));
		st = fs_source.next(s, &item);
		assert_int_equal(fs_source.next(again, &next), st);
		if (st == ST_OK)
			assert_true(span_eq(item.path, next.path));
		fs_source.close(again);
	}
	fs_source.close(s);
	buf_fini(&cursor);
}

static void
links_and_special_files_are_named_not_opened(void **state)
{
	(void)state;
	mkdir(at("dir"), 0755);
	put("dir/file", "x");
	assert_int_equal(symlink("dir", at("link-to-dir")), 0);
	assert_int_equal(symlink("loop", at("loop")), 0);
	assert_int_equal(symlink("..", at("dir/up")), 0);
	assert_int_equal(mkfifo(at("pipe"), 0644), 0);
	assert_walk(root, "",
		    "dir/file ok, dir/up link, link-to-dir link, loop link, "
		    "pipe special, ");
}

static void
a_link_that_is_the_target_itself_is_followed(void **state)
{
	struct source *s;
	struct source_item item;

	(void)state;
	mkdir(at("dir"), 0755);
	put("dir/file", "x");
	assert_int_equal(symlink("dir", at("link")), 0);
	assert_walk(at("link"), "", "link/file ok, ");
	assert_walk(at("link/"), "", "link/file ok, ");
	assert_int_equal(symlink("dir/file", at("link2")), 0);
	s = open_at(at("link2"), span_of(NULL, 0));
	assert_int_equal(fs_source.next(s, &item), ST_OK);
	assert_int_equal(item.reason, COVER_OK);
	fs_source.close(s);
}

static void
a_target_that_is_one_object_is_given_once(void **state)
{
	struct source *s;
	struct source_item item;
	struct buf cursor;
	char text[8];
	size_t got;

	(void)state;
	put("file", "hello");
	s = open_at(at("file"), span_of(NULL, 0));
	assert_int_equal(fs_source.next(s, &item), ST_OK);
	assert_int_equal(fs_source.read(s, text, sizeof(text), &got), ST_OK);
	assert_int_equal(got, 5);
	assert_memory_equal(text, "hello", 5);
	buf_init(&cursor, 64);
	assert_int_equal(fs_source.cursor(s, &cursor), ST_OK);
	assert_int_equal(cursor.len, 0);
	assert_int_equal(fs_source.next(s, &item), ST_EOF);
	fs_source.close(s);
	assert_walk(at("missing"), "", "missing vanished, ");
	assert_int_equal(mkfifo(at("pipe"), 0644), 0);
	assert_walk(at("pipe"), "", "pipe special, ");
}

static void
as_nobody(void (*check)(void))
{
	int status = 0;
	pid_t pid;

	if (getuid() != 0) {
		check();
		return;
	}
	pid = fork();
	if (pid == 0) {
		if (setresgid(65534, 65534, 65534) != 0 ||
		    setresuid(65534, 65534, 65534) != 0)
			_exit(1);
		check();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void
check_denied(void)
{
	assert_walk(root, "", "a ok, dir denied, file denied, z ok, ");
}

static void
what_may_not_be_read_is_named(void **state)
{
	(void)state;
	put("a", "x");
	put("file", "x");
	mkdir(at("dir"), 0755);
	put("dir/inside", "x");
	put("z", "x");
	assert_int_equal(chmod(at("file"), 0), 0);
	assert_int_equal(chmod(at("dir"), 0), 0);
	as_nobody(check_denied);
	assert_int_equal(chmod(at("dir"), 0755), 0);
}

static void
what_vanishes_during_the_walk_is_named(void **state)
{
	struct source *s;
	struct source_item item;
	struct buf b;

	(void)state;
	put("a", "x");
	put("b", "x");
	mkdir(at("c"), 0755);
	put("c/x", "x");
	put("d", "x");
	put("e", "x");
	s = open_at(root, span_of(NULL, 0));
	assert_int_equal(fs_source.next(s, &item), ST_OK);
	assert_int_equal(unlink(at("b")), 0); /* it is open already */
	assert_int_equal(unlink(at("d")), 0);
	assert_int_equal(unlink(at("c/x")), 0);
	assert_int_equal(rmdir(at("c")), 0);
	buf_init(&b, 4096);
	list(s, &b);
	assert_int_equal(buf_add_byte(&b, 0), ST_OK);
	assert_string_equal((const char *)b.data,
			    "b ok, c vanished, d vanished, e ok, ");
	buf_fini(&b);
	fs_source.close(s);
}

/* Folder by folder from the top: the whole is too long for a path. */
static void
remove_deep(const char *name)
{
	int top = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char file[128], below[128];

	snprintf(file, sizeof(file), "%s/zfile", name);
	snprintf(below, sizeof(below), "%s/%s", name, name);
	do {
		unlinkat(top, "zfile", 0);
		unlinkat(top, file, 0);
		renameat(top, below, top, "next");
		assert_int_equal(unlinkat(top, name, AT_REMOVEDIR), 0);
	} while (renameat(top, "next", top, name) == 0);
	close(top);
}

/* Deeper than PATH_MAX, and than descriptors are kept. */
static void
very_deep_folders_are_walked(void **state)
{
	enum { DEPTH = 300 };
	char name[] = "0123456789012345678901234567890123456789";
	int here = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC), next;
	struct source *s;
	struct source_item item;
	size_t files = 0, longest = 0;

	(void)state;
	for (unsigned i = 0; i < DEPTH; i++) {
		int fd =
		    openat(here, "zfile", O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

		assert_true(fd >= 0);
		close(fd);
		assert_int_equal(mkdirat(here, name, 0755), 0);
		next = openat(here, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		assert_true(next >= 0);
		close(here);
		here = next;
	}
	close(here);
	s = open_at(root, span_of(NULL, 0));
	while (fs_source.next(s, &item) == ST_OK) {
		assert_int_equal(item.reason, COVER_OK);
		files++;
		longest = item.path.len > longest ? item.path.len : longest;
	}
	assert_int_equal(files, DEPTH);
	assert_true(longest > 4096);
	fs_source.close(s);
	remove_deep(name);
}

static void
pseudo_file_systems_are_entered_only_when_named(void **state)
{
	struct source_item item;
	struct source *s = open_at("/proc/self", span_of(NULL, 0));
	bool status = false, mount = false;

	(void)state;
	while (fs_source.next(s, &item) == ST_OK)
		status = status ||
			 (item.path.len == 17 &&
			  memcmp(item.path.ptr, "/proc/self/status", 17) == 0 &&
			  item.reason == COVER_OK && item.trickle);
	fs_source.close(s);
	assert_true(status);
	s = open_at("/", span_str("opt"));
	while (!mount && fs_source.next(s, &item) == ST_OK)
		mount = item.path.len == 5 &&
			memcmp(item.path.ptr, "/proc", 5) == 0 &&
			item.reason == COVER_MOUNT && item.folder;
	fs_source.close(s);
	assert_true(mount);
}

static void
a_taken_descriptor_comes_with_its_metadata(void **state)
{
	struct source *s;
	struct source_item item;
	struct stat st;
	int fd = -1;

	(void)state;
	put("file", "hello");
	assert_int_equal(truncate(at("file"), 10 << 20), 0);
	s = open_at(root, span_of(NULL, 0));
	assert_int_equal(fs_source.next(s, &item), ST_OK);
	assert_int_equal(item.mode, 0);
	assert_int_equal(fs_source.take(s, &item, &fd), ST_OK);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(item.size, 10 << 20);
	assert_true(item.sparse);
	assert_int_equal(item.mode, st.st_mode);
	assert_int_equal(item.mtime, st.st_mtime);
	close(fd);
	fs_source.close(s);
}

static void
a_count_gives_sizes_and_opens_nothing(void **state)
{
	const struct source_target t = {.path = span_str(root), .count = true};
	struct source *s;
	struct source_item item;
	uint64_t bytes = 0;

	(void)state;
	put("a", "12345");
	put("b", "123");
	assert_int_equal(fs_source.open(&t, &s), ST_OK);
	while (fs_source.next(s, &item) == ST_OK)
		bytes += item.size;
	assert_int_equal(bytes, 8);
	fs_source.close(s);
}

#define IN_ROOT(test)                                                          \
	cmocka_unit_test_setup_teardown(test, make_root, remove_root)

static void
metadata_of_one_path_follows_a_link(void **state)
{
	struct source_item item = {0};
	char *longest = calloc(1, 5000);

	(void)state;
	assert_non_null(longest);
	put("seven", "1234567");
	assert_int_equal(symlink("seven", at("link")), 0);
	assert_int_equal(symlink("nowhere", at("broken")), 0);
	assert_int_equal(fs_source.look(span_str(at("seven")), &item), ST_OK);
	assert_int_equal(item.size, 7);
	assert_true(S_ISREG(item.mode));
	item = (struct source_item){0};
	assert_int_equal(fs_source.look(span_str(at("link")), &item), ST_OK);
	assert_int_equal(item.size, 7);
	assert_int_equal(fs_source.look(span_str(at("broken")), &item),
			 ST_NOTFOUND);
	assert_int_equal(fs_source.look(span_str(at("none")), &item),
			 ST_NOTFOUND);
	memset(longest, 'x', 4999);
	assert_int_equal(fs_source.look(span_of(longest, 4999), &item),
			 ST_LIMIT);
	free(longest);
}

static void
a_folder_that_is_lost_on_the_way_back_is_named(void **state)
{
	char path[512], from[512];
	struct source_item item;
	struct source *s;
	bool lost = false;
	size_t len;

	(void)state;
	len = (size_t)snprintf(path, sizeof(path), "%s", root);
	for (unsigned i = 0; i < 110; i++, len += 2) {
		memcpy(path + len, "/d", 3);
		assert_int_equal(mkdir(path, 0755), 0);
	}
	memcpy(path + len, "/f", 3);
	put(path + strlen(root) + 1, "x");
	put("d/z", "not reached");
	s = open_at(root, span_of(NULL, 0));
	assert_int_equal(fs_source.next(s, &item), ST_OK); /* the deep one */
	snprintf(from, sizeof(from), "%s", at("d/d"));
	assert_int_equal(rename(from, at("moved")), 0);
	while (fs_source.next(s, &item) == ST_OK)
		if (item.reason == COVER_VANISHED && item.folder)
			lost |= span_eq(item.path, span_str(at("d")));
	assert_true(lost);
	fs_source.close(s);
}

static bool
has_none(const void *arg, struct span path, struct span version)
{
	(void)arg;
	(void)path;
	(void)version;
	return false;
}

/* A file of long ago has a version; one of this moment may change once more. */
static void
a_settled_file_has_a_version(void **state)
{
	static const struct source_known none = {.has = has_none};
	struct source_target t = {.path = span_str("/etc/passwd"),
				  .known = &none};
	struct source_item item;
	struct source *s;

	(void)state;
	assert_int_equal(fs_source.open(&t, &s), ST_OK);
	assert_int_equal(fs_source.next(s, &item), ST_OK);
	assert_true(item.version.len > 0);
	assert_true(item.size > 0);
	fs_source.close(s);
	put("fresh", "text\n");
	t.path = span_str(root);
	assert_int_equal(fs_source.open(&t, &s), ST_OK);
	assert_int_equal(fs_source.next(s, &item), ST_OK);
	assert_int_equal(item.version.len, 0);
	assert_int_equal(item.size, 5);
	fs_source.close(s);
}

static bool
has_all(const void *arg, struct span path, struct span version)
{
	(void)arg;
	return path.len > 0 && version.len > 0;
}

/* Opening alone would bring a file back from a tape, or wake a virus scanner.
 */
static void
what_is_known_is_told_with_its_version_and_not_opened(void **state)
{
	static const struct source_known all = {.has = has_all};
	const struct source_target t = {
	    .path = span_str("/usr/share/common-licenses"), .known = &all};
	struct source_item item;
	unsigned known = 0;
	struct source *s;
	int fd;

	(void)state;
	assert_int_equal(fs_source.open(&t, &s), ST_OK);
	while (fs_source.next(s, &item) == ST_OK) {
		if (item.reason != COVER_OK)
			continue; /* a link */
		assert_true(item.version.len > 0);
		assert_true(item.size > 0);
		assert_int_equal(fs_source.take(s, &item, &fd), ST_IO);
		known++;
	}
	assert_true(known > 3);
	fs_source.close(s);
}

/* It is read from its start, by each reader that comes to it. */
static void
a_dash_is_what_the_caller_opened(void **state)
{
	int input = memfd_create("input", MFD_CLOEXEC);
	struct source_target t = {.path = span_str("-"), .input = input};
	struct source_item item;
	struct source *s;
	char text[8];
	size_t got;

	(void)state;
	assert_int_equal(write(input, "12345", 5), 5);
	assert_int_equal(fs_source.open(&t, &s), ST_OK);
	assert_int_equal(fs_source.next(s, &item), ST_OK);
	assert_true(span_eq(item.path, span_str("-")));
	assert_int_equal(item.reason, COVER_OK);
	assert_int_equal(item.size, 5);
	assert_int_equal(fs_source.read(s, text, sizeof(text), &got), ST_OK);
	assert_int_equal(got, 5);
	assert_int_equal(fs_source.next(s, &item), ST_EOF);
	fs_source.close(s);
	t.input = 0; /* nothing: then it is a name like any other */
	assert_int_equal(fs_source.open(&t, &s), ST_OK);
	assert_int_equal(fs_source.next(s, &item), ST_OK);
	assert_int_equal(item.reason, COVER_VANISHED);
	fs_source.close(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    IN_ROOT(names_are_walked_in_bytewise_order_depth_first),
	    IN_ROOT(many_names_are_walked_in_bytewise_order_too),
	    IN_ROOT(files_that_are_opened_ahead_come_in_their_turn),
	    IN_ROOT(a_walk_that_ends_early_leaves_nothing_open),
	    IN_ROOT(few_descriptors_are_enough),
	    IN_ROOT(a_cursor_goes_on_behind_its_position),
	    IN_ROOT(a_cursor_of_each_item_leads_to_the_next),
	    IN_ROOT(links_and_special_files_are_named_not_opened),
	    IN_ROOT(a_link_that_is_the_target_itself_is_followed),
	    IN_ROOT(a_target_that_is_one_object_is_given_once),
	    IN_ROOT(what_may_not_be_read_is_named),
	    IN_ROOT(what_vanishes_during_the_walk_is_named),
	    IN_ROOT(very_deep_folders_are_walked),
	    IN_ROOT(a_settled_file_has_a_version),
	    IN_ROOT(what_is_known_is_told_with_its_version_and_not_opened),
	    cmocka_unit_test(pseudo_file_systems_are_entered_only_when_named),
	    cmocka_unit_test(a_dash_is_what_the_caller_opened),
	    IN_ROOT(a_taken_descriptor_comes_with_its_metadata),
	    IN_ROOT(a_count_gives_sizes_and_opens_nothing),
	    IN_ROOT(metadata_of_one_path_follows_a_link),
	    IN_ROOT(a_folder_that_is_lost_on_the_way_back_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
