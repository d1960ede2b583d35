#include "proxy-agent/source/cloud/json.h"

#include <string.h>

#include "base/str.h"

json_t *
cloud_at(json_t *o, const char *path)
{
	struct span rest = span_str(path), part;

	while (o != NULL && str_next(&rest, '/', &part)) {
		char name[64];

		if (str_copy(name, sizeof(name), part) != ST_OK)
			return NULL;
		o = json_is_array(o) ? json_array_get(o, 0)
				     : json_object_get(o, name);
	}
	return o;
}

struct span
cloud_text(json_t *o, const char *path)
{
	json_t *v = cloud_at(o, path);
	const char *text = v == NULL ? NULL : json_string_value(v);

	return text == NULL ? span_of("", 0)
			    : span_of(text, json_string_length(v));
}

bool
cloud_number(json_t *o, const char *path, uint64_t *out)
{
	json_t *v = cloud_at(o, path);

	if (json_is_integer(v) && json_integer_value(v) >= 0) {
		*out = (uint64_t)json_integer_value(v);
		return true;
	}
	return json_is_string(v) &&
	       str_to_u64(cloud_text(v, ""), 0, INT64_MAX, out) == ST_OK;
}

bool
cloud_true(json_t *o, const char *path)
{
	return json_is_true(cloud_at(o, path));
}
