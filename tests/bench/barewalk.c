#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/*
 * barewalk: the floor under any scan of small files: list, open, read, close,
 * and nothing else. Compare its CPU time with that of `trawl scan`.
 *   barewalk FOLDER...
 */
#define BUFFER (1024 * 1024)

struct walk {
	unsigned long long files, bytes;
	char *buf;
};

static void
read_file(struct walk *w, int dir, const char *name)
{
	int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return;
	n = read(fd, w->buf, BUFFER);
	while (n == BUFFER) {
		w->bytes += BUFFER;
		n = read(fd, w->buf, BUFFER);
	}
	w->bytes += n > 0 ? (unsigned long long)n : 0;
	w->files++;
	close(fd);
}

static void
walk(struct walk *w, int fd)
{
	DIR *d = fdopendir(fd);
	struct dirent *e;

	if (d == NULL) {
		close(fd);
		return;
	}
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
	while ((e = readdir(d)) != NULL) {
		if (e->d_type == DT_REG) {
			read_file(w, dirfd(d), e->d_name);
		} else if (e->d_type == DT_DIR && strcmp(e->d_name, ".") != 0 &&
			   strcmp(e->d_name, "..") != 0) {
			int sub = openat(dirfd(d), e->d_name,
					 O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
					     O_CLOEXEC);

			if (sub >= 0)
				walk(w, sub);
		}
	}
	closedir(d);
}

int
main(int argc, char **argv)
{
	static char buffer[BUFFER];
	struct walk w = {.buf = buffer};

	for (int i = 1; i < argc; i++) {
		int fd = open(argv[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC);

		if (fd < 0) {
			perror(argv[i]);
			return 1;
		}
		walk(&w, fd);
	}
	printf("%llu files, %llu bytes\n", w.files, w.bytes);
	return 0;
}
