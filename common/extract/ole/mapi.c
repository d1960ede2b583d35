#include "extract/ole/mapi.h"

#include <stdio.h>

static const struct {
	uint16_t id;
	const char *name;
} names[] = {
    {0x001a, "class"},
    {0x0037, "subject"},
    {0x003d, "subject prefix"},
    {0x0040, "received by"},
    {0x0042, "sent on behalf of"},
    {0x0044, "received for"},
    {0x004d, "original author"},
    {0x0049, "original subject"},
    {0x0050, "reply to"},
    {0x005a, "original sender"},
    {0x0064, "sender's address type"},
    {0x0065, "sender's address"},
    {0x0070, "topic"},
    {0x0072, "original Bcc"},
    {0x0073, "original Cc"},
    {0x0074, "original To"},
    {0x0076, "received by address"},
    {0x007d, "header"},
    {0x0c1a, "sender"},
    {0x0c1f, "sender's address"},
    {0x0e02, "Bcc"},
    {0x0e03, "Cc"},
    {0x0e04, "To"},
    {0x0e1d, "subject"},
    {0x1000, "body"},
    {0x1001, "report"},
    {0x1013, "html body"},
    {0x1035, "message id"},
    {0x1039, "references"},
    {0x1042, "in reply to"},
    {0x3001, "name"},
    {0x3002, "address type"},
    {0x3003, "address"},
    {0x3004, "comment"},
    {0x3704, "file name"},
    {0x3707, "file name"},
    {0x3708, "path"},
    {0x370d, "path"},
    {0x370e, "type"},
    {0x39fe, "address"},
    {0x39ff, "name"},
    {0x3a02, "callback phone"},
    {0x3a06, "given name"},
    {0x3a08, "office phone"},
    {0x3a09, "home phone"},
    {0x3a0d, "customer id"},
    {0x3a11, "surname"},
    {0x3a15, "postal address"},
    {0x3a16, "company"},
    {0x3a17, "title"},
    {0x3a1c, "mobile phone"},
    {0x3a24, "business fax"},
    {0x3a27, "city"},
    {0x3a29, "street"},
    {0x3a2a, "postal code"},
    {0x3a49, "government id"},
    {0x67ff, "password"},
};

size_t
mapi_name(uint32_t id, char dst[MAPI_NAME_MAX])
{
	int n = 0;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].id == id)
			n = snprintf(dst, MAPI_NAME_MAX, "%s", names[i].name);
	if (n == 0)
		n = snprintf(dst, MAPI_NAME_MAX, "property %04x", id & 0xffff);
	return (size_t)n;
}
