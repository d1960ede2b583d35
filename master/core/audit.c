#include "master/core/audit.h"

#include <stdio.h>

#include "master/store/q_audit.h"
#include "master/store/q_users.h"

static enum status
note_name(void *arg, const struct user_row *row)
{
	char *name = arg;

	snprintf(name, AUDIT_NAME_ROOM, "%.*s", (int)row->name.len,
		 (const char *)row->name.ptr);
	return ST_OK;
}

void
audit_name(struct core *c, const struct actor *who, char name[AUDIT_NAME_ROOM])
{
	if (who->user == 0)
		snprintf(name, AUDIT_NAME_ROOM, "system");
	else if (who->user == PEER_USER_OPERATOR)
		snprintf(name, AUDIT_NAME_ROOM, "command line");
	else if (q_user_by_id(c->store, who->user, note_name, name) != ST_OK)
		snprintf(name, AUDIT_NAME_ROOM, "user %llu",
			 (unsigned long long)who->user);
}

enum status
audit_write(struct core *c, const struct actor *who, const char *action,
	    struct span subject, struct span detail)
{
	char name[AUDIT_NAME_ROOM];
	struct audit_row row = {.at = core_now(c),
				.address = who->address,
				.action = span_str(action),
				.subject = subject};

	audit_name(c, who, name);
	if (who->user != PEER_USER_OPERATOR)
		row.user = who->user;
	row.actor = span_str(name);
	row.detail = detail.len > 0 ? detail : span_str("{}");
	return q_audit_add(c->store, &row);
}

enum status
audit_on(struct core *c, const struct actor *who, const char *action,
	 const char *kind, uint64_t id)
{
	char subject[64];

	snprintf(subject, sizeof(subject), "%s %llu", kind,
		 (unsigned long long)id);
	return audit_write(c, who, action, span_str(subject), span_of(NULL, 0));
}

enum status
audit_system(struct core *c, struct span address, const char *action,
	     const char *kind, uint64_t id)
{
	struct actor system = {.address = address};

	return audit_on(c, &system, action, kind, id);
}
