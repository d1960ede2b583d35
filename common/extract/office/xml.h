#ifndef EXTRACT_OFFICE_XML_H
#define EXTRACT_OFFICE_XML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "base/status.h"
#include "extract/job.h"

/*
 * xml: the one walker over XML, for every room. A part is read in order, in
 * constant memory, and what stands in it is told to functions, without a copy:
 * spans are those of the input, good until the function returns.
 *
 * Names are without their prefix ("w:t" is "t"), those of attributes with it.
 * Text comes in pieces. All of it is UTF-8: UTF-16 and pages of one byte that
 * the document names are decoded before. `other` gets comments and what stands
 * in instructions.
 *
 * It is read as XML 1.0 says, but for what follows; none of it loses text.
 * - Nothing is fetched and no entity but the five of XML and references to
 *   characters is known. A document that declares one is read up to that
 *   place, and noted; what else a DTD says is passed over.
 * - A reference to what nobody knows, and an & without one, stand as written.
 * - A tag that ends an element is matched by the length and the first and last
 *   eight bytes of its name.
 * - What is no character of XML, no UTF-8 or no name of XML is let through, as
 *   are attributes that are given twice, < in their values, and -- in comments.
 * - Namespaces are not resolved.
 * What else is not well-formed ends it. Limits: XML_DEPTH elements within each
 * other, XML_TOKEN bytes of one tag or comment, and the budget of the object.
 */
#define XML_DEPTH 2048
#define XML_TOKEN (4u * 1024 * 1024)

struct xml_attr {
	struct span name, value; /* never without a name; value.ptr is set */
};

struct xml_tag {
	struct span name;
	uint64_t key; /* xml_key() of the name */
	const struct xml_attr *attrs;
	size_t count;
};

struct xml_walk {
	/* what it gives is given to close(): what element that was */
	unsigned (*open)(void *arg, const struct xml_tag *t);
	void (*close)(void *arg, unsigned what); /* may be NULL */
	void (*text)(void *arg, struct span s);  /* may be NULL */
	void (*other)(void *arg, struct span s); /* may be NULL */
	size_t window; /* bytes looked at together; 0: as suits */
	/*
	 * For tags that come again, may be NULL. What open() gives with
	 * XML_SAME is true of every tag with the very same bytes: for those
	 * this is called instead, with what it gave. Elements of which open()
	 * gave 0 and XML_SAME mean nothing but that a tag is there: amid
	 * others, neither they nor their ends need be told.
	 */
	void (*same)(void *arg, unsigned what);
	/*
	 * For a walker that reads some elements by itself, may be NULL: from
	 * the tag at p on, which is within the root, as far as it likes. What
	 * it takes must be well-formed.
	 */
	struct xml_taken (*take)(void *arg, const uint8_t *p,
				 const uint8_t *end);
};

struct xml_taken {
	const uint8_t *to;  /* where it stopped; p when it took nothing */
	const char *inside; /* an element it began and did not end, or NULL */
	unsigned what;      /* that is for close() */
};

#define XML_SAME (1u << 31)

/*
 * *whole: it was well-formed to its end. Else why is noted, and the part stands
 * where it stopped being so: give the rest to job_rest() when the text at hand
 * is ended.
 */
NODISCARD enum status xml_read(struct extractor *x, struct part *p,
			       const struct xml_walk *w, void *arg,
			       bool *whole);

/* The value of an attribute by its name without prefix; no ptr: none. */
struct span xml_attr(const struct xml_tag *t, const char *name);
/* The same of one that has a prefix ("r:id", where "id" is another). */
struct span xml_attr_far(const struct xml_tag *t, const char *name);
/* A name without its prefix. */
struct span xml_local(struct span name);
/* A count in an attribute, at most max; `none` when it is not there. */
unsigned xml_count(struct span value, unsigned none, unsigned max);
/* Text of nothing but blanks and line ends. */
bool xml_blank(struct span s);

/* The first eight bytes of a name as a number. */
uint64_t xml_key(const char *name);

static inline bool
xml_is(struct span s, const char *word)
{
	size_t n = strlen(word);

	return s.len == n && memcmp(s.ptr, word, n) == 0;
}

/*
 * Names that a walker knows, found by one look: xml_names_of() gives what one
 * was added with, 0 when it was not. At most XML_NAMES_MAX of them.
 */
#define XML_NAMES_SLOTS 128
#define XML_NAMES_MAX   64

struct xml_names {
	struct {
		uint64_t key;
		const char *name; /* NULL: free */
		unsigned what;
	} slots[XML_NAMES_SLOTS];
};

void xml_names_add(struct xml_names *n, const char *name, unsigned what);
unsigned xml_names_of(const struct xml_names *n, const struct xml_tag *t);

#endif
