#include "model/languages.h"

#include <ctype.h>
#include <stddef.h>

#include "base/str.h"

bool
language_good(struct span name)
{
	for (size_t i = 0; i < name.len; i++)
		if (name.ptr[i] >= 0x80 ||
		    (!isalnum(name.ptr[i]) && name.ptr[i] != '_'))
			return false;
	return name.len > 0 && name.len <= LANGUAGE_MAX;
}

bool
languages_good(struct span list)
{
	struct span name;
	size_t count = 0;

	while (str_next(&list, ',', &name))
		if (!language_good(str_trim(name)) || ++count > LANGUAGES_MAX)
			return false;
	return count > 0;
}
