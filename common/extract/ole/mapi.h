#ifndef EXTRACT_OLE_MAPI_H
#define EXTRACT_OLE_MAPI_H

#include <stddef.h>
#include <stdint.h>

/*
 * mapi: properties of messages ([MS-OXPROPS]), as .msg files and TNEF have
 * them, by what people call them.
 */
enum mapi_id {
	MAPI_SUBJECT = 0x0037,
	MAPI_BODY = 0x1000,
	MAPI_RTF = 0x1009,
	MAPI_HTML = 0x1013,
	MAPI_DISPLAY_NAME = 0x3001,
	MAPI_DATA = 0x3701,
	MAPI_FILE_NAME = 0x3704,
	MAPI_LONG_FILE_NAME = 0x3707,
	MAPI_INTERNET_CODEPAGE = 0x3fde,
	MAPI_MESSAGE_CODEPAGE = 0x3ffd,
};

enum mapi_type {
	MAPI_BYTES8 = 0x001e, /* text in a code page */
	MAPI_WIDE = 0x001f,   /* UTF-16 */
	MAPI_OBJECT = 0x000d,
	MAPI_BINARY = 0x0102,
	MAPI_MANY = 0x1000, /* flag: several values */
};

/* "subject", "property 8012"; its length, at most room. */
#define MAPI_NAME_MAX 48
size_t mapi_name(uint32_t id, char dst[MAPI_NAME_MAX]);

#endif
