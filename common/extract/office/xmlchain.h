#ifndef EXTRACT_OFFICE_XMLCHAIN_H
#define EXTRACT_OFFICE_XMLCHAIN_H

#include "extract/office/xmlseen.h"

/*
 * xmlchain: the tags that stand between two texts, as one. Between paragraphs
 * a program writes the same half a dozen each time: once they were known one by
 * one they are compared and told in one go.
 *
 * Kept are the last XML_CHAINS different ones of tags that xmlseen knows.
 */
#define XML_CHAINS      4
#define XML_CHAIN_BYTES 256
#define XML_CHAIN_LINKS 16
#define XML_CHAIN_LEAST 3 /* fewer are as quick one by one */

struct xml_link {
	struct xml_key key; /* the name of the element */
	unsigned what;      /* to the walk, when it begins */
	uint16_t at;        /* of the tag, in the bytes */
	bool close, empty;
	bool idle; /* nobody needs to be told, see chain_rest() */
};

struct xml_chain {
	uint8_t bytes[XML_CHAIN_BYTES];
	struct xml_link links[XML_CHAIN_LINKS];
};

struct xml_chains {
	uint16_t len[XML_CHAINS];  /* bytes of each; 0: none yet */
	uint8_t count[XML_CHAINS]; /* links of each */
	unsigned last;             /* the one that was there last */
	unsigned next;             /* the one that is being put together */
	unsigned made;             /* its links; more than fit: none */
	const uint8_t *from;       /* its first byte; NULL: none begun */
	struct xml_chain chains[XML_CHAINS];
};

/* A text is over at p, or it is not known what was before. */
static inline void
chain_begin(struct xml_chains *c, const uint8_t *p)
{
	c->from = p;
	c->made = 0;
}

static inline void
chain_add(struct xml_chains *c, const uint8_t *p, struct xml_link link)
{
	if (c->from == NULL)
		return;
	if (c->made == XML_CHAIN_LINKS || p - c->from > XML_CHAIN_BYTES) {
		c->from = NULL;
		return;
	}
	link.at = (uint16_t)(p - c->from);
	c->chains[c->next].links[c->made++] = link;
}

/* All between the two are idle. */
static inline bool
chain_idle(const struct xml_link *links, unsigned from, unsigned to)
{
	while (++from < to)
		if (!links[from].idle)
			return false;
	return true;
}

/*
 * An element that means nothing to the walk (what 0) and ends in the chain, as
 * all in it do, needs no word: what stands around it says that a tag was there.
 * Gives how many are left.
 */
static inline unsigned
chain_rest(struct xml_link *links, unsigned n)
{
	unsigned open[XML_CHAIN_LINKS], depth = 0, left = 0;

	for (unsigned i = 0; i < n; i++) {
		struct xml_link *l = &links[i];

		l->idle = !l->close && l->empty && l->what == 0;
		if (!l->close && !l->empty)
			open[depth++] = i;
		if (!l->close || depth == 0)
			continue;
		depth--;
		if (links[open[depth]].what == 0 &&
		    chain_idle(links, open[depth], i))
			l->idle = links[open[depth]].idle = true;
	}
	for (unsigned i = 0; i < n; i++)
		if (!links[i].idle)
			links[left++] = links[i];
	return left;
}

/* A text begins at p. */
static inline void
chain_end(struct xml_chains *c, const uint8_t *p)
{
	size_t n = c->from == NULL ? 0 : (size_t)(p - c->from);

	if (c->made >= XML_CHAIN_LEAST && n > 0 && n <= XML_CHAIN_BYTES) {
		memcpy(c->chains[c->next].bytes, c->from, n);
		c->len[c->next] = (uint16_t)n;
		c->count[c->next] =
		    (uint8_t)chain_rest(c->chains[c->next].links, c->made);
		if (c->count[c->next] == 0)
			c->len[c->next] = 0;
		c->last = c->next;
		c->next = (c->next + 1) % XML_CHAINS;
		c->len[c->next] = 0;
	}
	c->from = NULL;
}

/* The one that stands at p, which XML_CHAINS when none does. */
static inline unsigned
chain_find(struct xml_chains *c, const uint8_t *p, const uint8_t *end)
{
	for (unsigned k = 0; k < XML_CHAINS; k++) {
		unsigned i = (c->last + k) % XML_CHAINS;
		size_t n = c->len[i];

		if (n == 0 || (size_t)(end - p) < n + XML_SEEN_BYTES ||
		    seen_load(p) != seen_load(c->chains[i].bytes) ||
		    memcmp(p, c->chains[i].bytes, n) != 0)
			continue;
		c->last = i;
		return i;
	}
	return XML_CHAINS;
}

#endif
