#include "model/match.h"

#include <stddef.h>

const char *
reason_text(unsigned bit)
{
	static const char *const texts[] = {
#define REASON_ROW(code, text) text,
	    REASON_TABLE(REASON_ROW)
#undef REASON_ROW
	};

	return bit < REASON__COUNT ? texts[bit] : NULL;
}
