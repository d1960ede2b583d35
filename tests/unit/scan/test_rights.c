#include "tests/unit/scan/run.h"

#include <inttypes.h>
#include <linux/fs.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <sys/xattr.h>

#include "agent/source/fs.h"
#include "tests/unit/scan/family.h"
#include "tests/unit/scan/gate.h"

/*
 * What the processes of a scan may still do. A source that has been taken over
 * tries one thing at each entry; the reader may die of it, its successor tries
 * the next, and the scan is none the worse.
 */
#define TRIES 15

struct page {
	atomic_uint next;        /* try */
	atomic_uint done[TRIES]; /* it worked */
	char victim[128];        /* a file that is there */
};

static struct page *page;
static const struct scan_options plain;

/* Flags of an inode are for its owner, who needs no right to write. */
static bool
set_flags(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), flags = FS_NODUMP_FL;

	return fd >= 0 && ioctl(fd, FS_IOC_SETFLAGS, &flags) == 0;
}

static bool
attempt(unsigned n)
{
	char path[256], word[] = "true", *argv[] = {word, NULL};
	int fd = -1;

	snprintf(path, sizeof(path), "%s.new", page->victim);
	switch (n) {
	case 0:
		return socket(AF_INET, SOCK_STREAM, 0) >= 0;
	case 1:
		return socket(AF_UNIX, SOCK_STREAM, 0) >= 0;
	case 2:
		fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
		return fd >= 0;
	case 3:
		fd = open(page->victim, O_RDWR | O_CLOEXEC);
		return fd >= 0;
	case 4:
		fd = open(page->victim, O_RDONLY | O_TRUNC | O_CLOEXEC);
		return fd >= 0;
	case 5:
		return unlink(page->victim) == 0;
	case 6:
		return mkdir(path, 0700) == 0;
	case 7:
		return kill(getppid(), 0) == 0;
	case 8:
		return chmod(page->victim, 0777) == 0;
	case 9:
		return chown(page->victim, 1, 1) == 0;
	case 10:
		return utimensat(AT_FDCWD, page->victim, NULL, 0) == 0;
	case 11:
		return setxattr(page->victim, "user.trawl", "x", 1, 0) == 0;
	case 12:
		return set_flags(page->victim);
	case 13:
		return truncate(page->victim, 0) == 0;
	default:
		/* it would work if there were such a program */
		return execv("/nonexistent/true", argv) < 0 && errno == ENOENT;
	}
}

static enum status
bad_next(struct source *s, struct source_item *item)
{
	unsigned n = atomic_load(&page->next);

	if (n < TRIES) {
		atomic_store(&page->next, n + 1);
		atomic_store(&page->done[n], attempt(n));
	}
	return fs_source.next(s, item);
}

static void
a_reader_that_was_taken_over_can_only_read(void **state)
{
	struct source_ops bad = gate_source;
	const struct source_ops *const sources[] = {&bad, NULL};
	const struct scan_options o = {.sources = sources};
	struct tree t = tree_make();
	struct run r;

	(void)state;
	page = mmap(NULL, sizeof(*page), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(page != MAP_FAILED);
	bad.next = bad_next;
	for (unsigned i = 0; i < TRIES; i++) {
		char name[16];

		snprintf(name, sizeof(name), "f%u", i);
		tree_text(&t, name, CARD);
	}
	snprintf(page->victim, sizeof(page->victim), "%s/f0", t.path);
	run_whole(&r, &t, &o);
	assert_int_equal(scan_outcome(r.scan), SCAN_DONE);
	assert_int_equal(r.findings, TRIES);
	assert_int_equal(r.sum.done_objects, TRIES);
	assert_int_equal(page->next, TRIES);
	for (unsigned i = 0; i < TRIES; i++)
		if (page->done[i] != 0)
			fail_msg("attempt %u worked", i);
	run_fini(&r);
	munmap(page, sizeof(*page));
	tree_free(&t);
}

/* A number in /proc/PID/status. */
static uint64_t
status_of(pid_t pid, const char *key, int base)
{
	char path[64], line[256];
	uint64_t n = UINT64_MAX;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	f = fopen(path, "re");
	assert_non_null(f);
	while (fgets(line, sizeof(line), f) != NULL)
		if (strncmp(line, key, strlen(key)) == 0)
			n = strtoull(line + strlen(key), NULL, base);
	fclose(f);
	return n;
}

#define CAP(n) (UINT64_C(1) << (n))

static const struct role {
	const char *name;
	uint64_t rights; /* of root; others have none of them */
} roles[] = {
    {"trawl-reader", CAP(2) | CAP(3)},          /* to read without a trace */
    {"trawl-zygote", CAP(5) | CAP(6) | CAP(7)}, /* kill, setgid, setuid */
    {"trawl-worker", 0},
};

static void
each_process_has_the_rights_that_it_needs(void **state)
{
	struct tree t = tree_make();
	struct gate *g = gate_make();
	struct run r;

	(void)state;
	tree_fill(&t, 3, 600);
	gate_grant(&g->entries, 1500); /* a batch, and the reader goes on */
	run_init(&r);
	run_open(&r, &t, span_of(NULL, 0), &gated);
	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
		const struct role *role = &roles[i];
		struct search q = {.name = role->name, .state = '*'};

		/* it is there and, a moment later, has given up the rest: a
		 * worker has the zygote's sandbox before its own */
		while (q.n == 0 || status_of(q.pids[0], "Seccomp:", 10) != 2 ||
		       (status_of(q.pids[0], "CapPrm:", 16) & ~role->rights)) {
			q.n = 0;
			assert_true(run_look(&r));
			each_child(&q, getpid());
		}
		assert_int_equal(status_of(q.pids[0], "NoNewPrivs:", 10), 1);
	}
	gate_open(&g->objects);
	gate_open(&g->entries);
	run_to_end(&r);
	assert_int_equal(scan_outcome(r.scan), SCAN_DONE);
	run_fini(&r);
	gate_free(g);
	tree_free(&t);
}

/* ---- traces ---- */

#define STRANGER 12345 /* owner of the files, when the test may say so */

/* A plain read would now set the access time, on any mount but noatime. */
static void
age(const struct tree *t, const char *name)
{
	const struct timespec times[2] = {{.tv_sec = 1700000000},
					  {.tv_nsec = UTIME_NOW}};
	char path[160];

	snprintf(path, sizeof(path), "%s/%s", t->path, name);
	if (geteuid() == 0)
		assert_int_equal(lchown(path, STRANGER, STRANGER), 0);
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void
is_as_old_as_before(const struct tree *t, const char *name)
{
	struct stat st;
	char path[160];

	snprintf(path, sizeof(path), "%s/%s", t->path, name);
	assert_int_equal(stat(path, &st), 0);
	if (st.st_atim.tv_sec != 1700000000)
		fail_msg("%s was touched", name);
}

static void
reading_leaves_access_times_alone(void **state)
{
	/* one that is copied, one whose descriptor travels, both folders */
	static const char *const names[] = {"in/small", "in/large", "in", "."};
	const size_t n = sizeof(names) / sizeof(names[0]);
	struct tree t = tree_make();
	char *large = calloc(1, 300001), path[128];
	struct run r;

	(void)state;
	assert_non_null(large);
	for (size_t i = 0; i < 300000 - sizeof(CARD); i += sizeof(CARD) - 1)
		memcpy(large + i, CARD, sizeof(CARD) - 1);
	snprintf(path, sizeof(path), "%s/in", t.path);
	assert_int_equal(mkdir(path, 0700), 0);
	tree_text(&t, "in/small", CARD);
	tree_text(&t, "in/large", large);
	for (size_t i = 0; i < n; i++)
		age(&t, names[i]);
	run_whole(&r, &t, &plain);
	assert_int_equal(r.sum.done_objects, 2);
	assert_true(r.findings > 1);
	for (size_t i = 0; i < n; i++)
		is_as_old_as_before(&t, names[i]);
	run_fini(&r);
	free(large);
	tree_free(&t);
}

/* In a child, for there is no way back: 0 when all went well. */
static int
direct_confined(const struct tree *t, struct gate *g,
		const struct scan_options *o, size_t findings)
{
	static const char *const mortal[] = {"trawl-reader", "trawl-zygote",
					     "trawl-worker", "trawl-zygote"};
	struct buf why;
	struct run r;

	buf_init(&why, 256);
	run_init(&r);
	run_open(&r, t, span_of(NULL, 0), o);
	if (scan_confine(r.scan, &why) != ST_OK)
		return 2;
	/* the cache lies in /tmp */
	if (open("/var/tmp/trawl-unit", O_WRONLY | O_CREAT | O_CLOEXEC, 0600) >=
	    0)
		return 3;
	for (size_t i = 0; i < sizeof(mortal) / sizeof(mortal[0]);) {
		struct search q = {.name = mortal[i], .state = '*'};

		if (!run_look(&r))
			return 4;
		each_child(&q, getpid());
		if (q.n == 0)
			continue;
		kill(q.pids[0], SIGKILL);
		gate_grant(&g->objects, 10);
		gate_open(&g->entries);
		i++;
	}
	gate_open(&g->objects);
	run_to_end(&r);
	if (scan_outcome(r.scan) != SCAN_DONE || r.findings != findings)
		return 5;
	run_fini(&r);
	return 0;
}

static void
a_confined_director_still_replaces_who_dies(void **state)
{
	/* libraries that are loaded when asked for are there for all */
	static const char *const languages[] = {NULL, "eng"};
	struct tree t = tree_make();
	struct run calm;

	(void)state;
	tree_fill(&t, 6, 100);
	run_whole(&calm, &t, &plain);
	for (size_t i = 0; i < sizeof(languages) / sizeof(languages[0]); i++) {
		struct gate *g = gate_make();
		struct scan_options o = gated;
		int status = -1;
		pid_t pid;

		o.extract.ocr = languages[i];
		pid = fork();
		if (pid == 0)
			_exit(direct_confined(&t, g, &o, calm.findings));
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_int_equal(status, 0);
		gate_free(g);
	}
	run_fini(&calm);
	tree_free(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_reader_that_was_taken_over_can_only_read),
	    cmocka_unit_test(each_process_has_the_rights_that_it_needs),
	    cmocka_unit_test(reading_leaves_access_times_alone),
	    cmocka_unit_test(a_confined_director_still_replaces_who_dies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
