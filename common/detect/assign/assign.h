#ifndef DETECT_ASSIGN_ASSIGN_H
#define DETECT_ASSIGN_ASSIGN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"

/*
 * assign: what is given to a name, in any of the ways that code, settings,
 * mark-up, command lines and tables write it:
 *
 *   name = value        "name": "value"      name: value      --name value
 *   <name>value</name>  f("name", "value")   NAME=value; x    name := `value`
 *   key="name" value="value"                 - name: NAME
 *   String name = "value"                      value: value
 *   ENV NAME value      #define NAME "value"   variable "name" { default =
 * "value" set name "value"    "Name: value"          | name | value |
 *   set NAME --body "value"    --name NAME --value "value"
 *   var name string = "value"    the name is value     name|value
 *
 * Limits: the value begins at most ASSIGN_REACH bytes behind `at`. Nothing more
 * than ASSIGN_BACK bytes before `at` is read, and ASSIGN_BEHIND behind it, so
 * that what is found does not depend on how the text is cut.
 */
#define ASSIGN_NAME   64 /* longest name, of either side of `at` */
#define ASSIGN_REACH  144
#define ASSIGN_BACK   96
#define ASSIGN_VALUE  512 /* longest value */
#define ASSIGN_BEHIND (ASSIGN_REACH + ASSIGN_VALUE + 2 * ASSIGN_NAME)

struct assigned {
	size_t start, end; /* of the value, without quotes */
	bool quoted;
};

/*
 * The name holds t[at, ...). False when nothing is given to it, when the name
 * says that it is none of a secret (password_length, tokenUrl), or when what is
 * given is a call, a variable or another expression.
 */
bool assign_find(struct span t, size_t at, struct assigned *out);

#endif
