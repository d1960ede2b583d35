#include "master/store/words.h"

#include <stddef.h>

struct word {
	unsigned number;
	const char *text;
};

#define WORD_ROW(code, number, text) {(number), (text)},
static const struct word risks[] = {RISK_TABLE(WORD_ROW){0, NULL}};
static const struct word finding_states[] = {
    FINDING_STATE_TABLE(WORD_ROW){0, NULL}};
static const struct word agent_states[] = {
    AGENT_STATE_TABLE(WORD_ROW){0, NULL}};
#undef WORD_ROW

static const char *
text_of(const struct word *w, unsigned number)
{
	for (; w->text != NULL; w++)
		if (w->number == number)
			return w->text;
	return "unknown";
}

static unsigned
number_of(const struct word *w, struct span text)
{
	for (; w->text != NULL; w++)
		if (span_eq(span_str(w->text), text))
			return w->number;
	return 0;
}

const char *
risk_word(unsigned number)
{
	return text_of(risks, number);
}

const char *
finding_state_word(unsigned number)
{
	return text_of(finding_states, number);
}

const char *
agent_state_word(unsigned number)
{
	return text_of(agent_states, number);
}

unsigned
risk_number(struct span word)
{
	return number_of(risks, word);
}

unsigned
finding_state_number(struct span word)
{
	return number_of(finding_states, word);
}

unsigned
agent_state_number(struct span word)
{
	return number_of(agent_states, word);
}
