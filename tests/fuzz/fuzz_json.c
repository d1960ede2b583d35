/*
 * Property: any bytes become one JSON string that is valid UTF-8, has no raw
 * control byte or quote inside, and jansson reads it.
 */
#include <jansson.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/utf.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf quoted, text;
	json_t *read;

	buf_init(&quoted, 8 * size + 16);
	buf_init(&text, 4 * size + 16);
	if (json_quote(&quoted, span_of(data, size)) != ST_OK ||
	    utf_from_bytes(&text, span_of(data, size)) != ST_OK)
		abort();
	if (!utf_valid(buf_span(&quoted)) || !utf_valid(buf_span(&text)))
		abort();
	read = json_loadb((const char *)quoted.data, quoted.len,
			  JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
	if (read == NULL || !json_is_string(read))
		abort();
	if (!span_eq(buf_span(&text), span_of(json_string_value(read),
					      json_string_length(read))))
		abort();
	json_decref(read);
	buf_fini(&quoted);
	buf_fini(&text);
	return 0;
}
