#include "master/proc/roles.h"

#include <string.h>

static const struct role_row rows[] = {
    {ROLE_CA, "ca", ROLE_BIT(ROLE_CORE), 0},
    {ROLE_GATE, "gate", ROLE_BIT(ROLE_CORE), DOOR_BIT(DOOR_AGENTS)},
    {ROLE_CORE, "core",
     ROLE_BIT(ROLE_CA) | ROLE_BIT(ROLE_GATE) | ROLE_BIT(ROLE_API),
     DOOR_BIT(DOOR_ADMIN)},
    {ROLE_API, "api", ROLE_BIT(ROLE_CORE),
     DOOR_BIT(DOOR_WEB) | DOOR_BIT(DOOR_PLAIN)},
};

const struct role_row *
role_row(enum role r)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].role == r)
			return &rows[i];
	return NULL;
}

const struct role_row *
role_named(const char *name)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	return NULL;
}
