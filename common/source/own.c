#include "source/own.h"

#include <string.h>

#include "base/str.h"

void
own_add(struct own *o, const char *folder, const char *const *names)
{
	struct stat st;

	if (o->count == OWN_MAX || stat(folder, &st) != 0 ||
	    !S_ISDIR(st.st_mode))
		return;
	o->folders[o->count++] = (struct own_folder){
	    .dev = st.st_dev, .ino = st.st_ino, .names = names};
}

static const struct own_folder *
find(const struct own *o, dev_t dev, ino_t ino)
{
	for (size_t i = 0; o != NULL && i < o->count; i++)
		if (o->folders[i].ino == ino && o->folders[i].dev == dev)
			return &o->folders[i];
	return NULL;
}

bool
own_folder(const struct own *o, const struct stat *folder)
{
	const struct own_folder *f = find(o, folder->st_dev, folder->st_ino);

	return f != NULL && f->names == NULL;
}

bool
own_file(const struct own *o, dev_t dev, ino_t ino, const char *name)
{
	const struct own_folder *f = find(o, dev, ino);

	if (f == NULL || f->names == NULL)
		return false;
	for (size_t i = 0; f->names[i] != NULL; i++)
		if (strncmp(name, f->names[i], strlen(f->names[i])) == 0)
			return true;
	return false;
}

/* ---- on another host -------------------------------------------------------
 */

static bool
is_cache(struct span folder)
{
	return str_is(folder, "/var/cache/trawl") ||
	       str_ends(folder, "/.cache/trawl");
}

static bool
own_place_file(struct span path)
{
	static const char *const names[] = {"patterns", "clean-"};
	size_t at = path.len;
	struct span name;

	while (at > 0 && path.ptr[at - 1] != '/')
		at--;
	if (at == 0 || !is_cache(span_of(path.ptr, at - 1)))
		return false;
	name = span_skip(path, at);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_starts(name, names[i]))
			return true;
	return false;
}

bool
own_place(struct span path, bool folder)
{
	static const char *const folders[] = {
	    "/usr/share/trawl/catalogue",
	    "/usr/local/share/trawl/catalogue",
	    "/var/lib/trawl",
	    "/var/lib/trawl-agent",
	    "/var/lib/trawl-proxy-agent",
	};

	if (!folder)
		return own_place_file(path);
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (str_is(path, folders[i]))
			return true;
	return false;
}
