#include "runtime/taskfile.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/codec.h"
#include "sys/file.h"

#define PATH_ROOM 4096
#define NAME_ROOM 32
#define HEAD      9 /* magic, crc of what follows, wish */

static const uint8_t magic[4] = {'T', 'T', 'K', '1'};

static enum status
path_of(const char *dir, uint64_t task, char path[PATH_ROOM])
{
	char name[NAME_ROOM];

	snprintf(name, sizeof(name), "%016" PRIx64 ".task", task);
	return file_join(path, PATH_ROOM, dir, name);
}

static uint64_t
task_of(const char *name)
{
	char again[NAME_ROOM];
	uint64_t task = strtoull(name, NULL, 16);

	snprintf(again, sizeof(again), "%016" PRIx64 ".task", task);
	return strcmp(again, name) == 0 ? task : 0;
}

static uint32_t
crc_of(struct span s)
{
	return codec_crc32c(0, span_skip(s, HEAD - 1));
}

enum status
taskfile_write(const char *dir, const struct task_order *o, enum task_wish wish)
{
	uint8_t head[HEAD] = {0};
	char path[PATH_ROOM];
	struct buf b;
	enum status st;

	buf_init(&b, TASKFILE_MAX);
	memcpy(head, magic, sizeof(magic));
	head[HEAD - 1] = (uint8_t)wish;
	st = buf_add(&b, head, sizeof(head));
	if (st == ST_OK)
		st = task_order_pack(o, &b);
	if (st == ST_OK) {
		uint32_t crc = crc_of(buf_span(&b));

		for (size_t i = 0; i < 4; i++)
			b.data[4 + i] = (uint8_t)(crc >> (8 * i));
		st = path_of(dir, o->task, path);
	}
	if (st == ST_OK)
		st = file_replace(path, buf_span(&b), 0600);
	buf_fini(&b);
	return st;
}

enum status
taskfile_parse(struct span s, struct task_order *o, enum task_wish *wish)
{
	uint32_t crc = 0;

	if (s.len < HEAD || memcmp(s.ptr, magic, sizeof(magic)) != 0)
		return ST_MALFORMED;
	for (size_t i = 0; i < 4; i++)
		crc |= (uint32_t)s.ptr[4 + i] << (8 * i);
	if (crc != crc_of(s))
		return ST_MALFORMED;
	if (s.ptr[HEAD - 1] < WISH_RUN || s.ptr[HEAD - 1] > WISH_STOP)
		return ST_MALFORMED;
	if (task_order_unpack(span_skip(s, HEAD), o) != ST_OK)
		return ST_MALFORMED;
	*wish = s.ptr[HEAD - 1];
	return ST_OK;
}

enum status
taskfile_read(const char *dir, uint64_t task, struct buf *bytes,
	      struct task_order *o, enum task_wish *wish)
{
	char path[PATH_ROOM];
	enum status st = path_of(dir, task, path);

	if (st == ST_OK)
		st = file_read(path, bytes);
	if (st == ST_OK)
		st = taskfile_parse(buf_span(bytes), o, wish);
	if (st == ST_OK && o->task != task)
		st = ST_MALFORMED;
	return st;
}

void
taskfile_remove(const char *dir, uint64_t task)
{
	char path[PATH_ROOM];

	if (path_of(dir, task, path) == ST_OK)
		(void)unlink(path); /* one that stays is ended again later */
}

enum status
taskfile_list(const char *dir, uint64_t *tasks, size_t max, size_t *count)
{
	DIR *d = opendir(dir);
	struct dirent *e;

	*count = 0;
	if (d == NULL)
		return ST_IO;
	while (*count < max && (e = readdir(d)) != NULL)
		if (task_of(e->d_name) != 0)
			tasks[(*count)++] = task_of(e->d_name);
	closedir(d);
	return ST_OK;
}
