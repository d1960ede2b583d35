#include "proxy-agent/nfs/fault.h"

#include <stddef.h>

#include "model/object.h"

static const struct {
	uint32_t status;
	enum fault fault;
} statuses[] = {
    {0, FAULT_NONE},
    {1, FAULT_PERM},
    {2, FAULT_GONE},
    {13, FAULT_DENIED},
    {20, FAULT_KIND}, /* no folder */
    {21, FAULT_KIND}, /* a folder */
    {22, FAULT_KIND}, /* not for this kind of object */
    {70, FAULT_STALE},
    {10001, FAULT_STALE}, /* a bad handle */
    {10003, FAULT_AGAIN}, /* a bad cookie */
    {10004, FAULT_UNSUPPORTED},
    {10008, FAULT_LATER}, /* jukebox, delay */
    {10012, FAULT_LOCKED},
    {10013, FAULT_LATER}, /* it has just started */
    {10014, FAULT_STALE}, /* an expired handle */
    {10016, FAULT_SECURITY},
    {10018, FAULT_LATER}, /* no resources */
    {10021, FAULT_VERSION},
    {10027, FAULT_AGAIN}, /* another verifier of cookies */
    {10029, FAULT_KIND},  /* a link */
};

enum fault
fault_of(uint32_t status)
{
	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
		if (statuses[i].status == status)
			return statuses[i].fault;
	return FAULT_IO;
}

static const struct {
	uint8_t reason;
	const char *text;
} words[FAULT__COUNT] = {
    [FAULT_NONE] = {COVER_OK, ""},
    [FAULT_DENIED] = {COVER_DENIED, ""},
    [FAULT_PERM] = {COVER_DENIED,
		    "the server lets nobody like us do this: its export may "
		    "demand a port below 1024 (run as root) or other hosts"},
    [FAULT_GONE] = {COVER_VANISHED, ""},
    [FAULT_STALE] = {COVER_VANISHED,
		     "the server no longer knows what it had listed (a stale "
		     "handle): it was removed or its file system went away"},
    [FAULT_LATER] = {COVER_TIME, "the server asked to wait, again and again"},
    [FAULT_SECURITY] = {COVER_DENIED,
			"the server wants Kerberos for this (sec=krb5), which "
			"is not offered here: it needs an export with sec=sys"},
    [FAULT_KIND] = {COVER_CHANGED, "it is no longer of the kind it was"},
    [FAULT_AGAIN] = {COVER_CHANGED,
		     "the folder kept changing while it was listed"},
    [FAULT_LOCKED] = {COVER_DENIED, "somebody has locked it against reading"},
    [FAULT_LIMIT] = {COVER_MEMBERS,
		     "the folder has more names than memory is for: not all "
		     "of them were looked at"},
    [FAULT_DEPTH] = {COVER_DEPTH, "folders stand deeper than we go"},
    [FAULT_UNSUPPORTED] = {COVER_UNSUPPORTED, "the server cannot do this"},
    [FAULT_VERSION] = {COVER_UNSUPPORTED,
		       "the server does not speak this version of NFS"},
    [FAULT_REFUSED] = {COVER_DENIED,
		       "the server takes no call of ours: it may want Kerberos "
		       "(sec=krb5), which is not offered here, or know this "
		       "host not at all"},
    [FAULT_LOST] = {COVER_IO, "the connection was lost"},
    [FAULT_IO] = {COVER_IO, ""},
};

uint8_t
fault_reason(enum fault f)
{
	return words[f].reason;
}

const char *
fault_text(enum fault f)
{
	return words[f].text;
}
