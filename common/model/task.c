#include "model/task.h"

const char *
task_state_name(unsigned state)
{
	switch (state) {
#define TASK_CASE(code, number, name)                                          \
	case (number):                                                         \
		return (name);
		TASK_STATE_TABLE(TASK_CASE)
#undef TASK_CASE
	default:
		return "unknown";
	}
}
