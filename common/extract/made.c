#include "extract/made.h"

#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "extract/again.h"
#include "extract/origin.h"
#include "extract/utf8.h"
#include "extract/window.h"

#define MARKS_MAX 65536 /* of one window */

struct made {
	struct extractor *x;
	struct extract_where where;
	made_say *say;
	made_type *type;
	const void *arg;
	struct again *again;
	uint8_t *text; /* EXTRACT_WINDOW bytes */
	struct made_mark *marks;
	size_t have, from; /* of text */
	size_t mark_count;
	uint64_t base, begin; /* origin of text[0]; of all the text */
	uint8_t first[MADE_FIRST];
	size_t first_len;
	bool open;
	enum status st;
};

/* The last mark at or before an origin; NULL: there is none. */
static const struct made_mark *
mark_at(const struct made *m, uint64_t origin)
{
	size_t low = 0, high = m->mark_count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (m->marks[mid].at <= origin)
			low = mid + 1;
		else
			high = mid;
	}
	return low > 0 ? &m->marks[low - 1] : NULL;
}

static size_t
say(void *arg, uint64_t origin, uint64_t *base, char *dst, size_t room)
{
	const struct made *m = arg;
	const struct made_mark *mark = mark_at(m, origin);

	*base = mark != NULL ? mark->at : m->begin;
	if (mark == NULL || m->say == NULL)
		return 0;
	return m->say(m->arg, mark, dst, room);
}

static uint64_t
next(void *arg, uint64_t origin)
{
	const struct made *m = arg;
	const struct made_mark *mark = mark_at(m, origin);
	size_t i = mark == NULL ? 0 : (size_t)(mark - m->marks) + 1;

	return i < m->mark_count ? m->marks[i].at : UINT64_MAX;
}

static enum holds
holds(void *arg, uint64_t origin)
{
	const struct made *m = arg;
	const struct made_mark *mark = mark_at(m, origin);

	return mark == NULL ? HOLDS_ANY : m->type(m->arg, mark);
}

static struct made *
made_new(struct extractor *x)
{
	struct made *m = calloc(1, sizeof(*m));

	if (m == NULL)
		return NULL;
	m->x = x;
	m->where = (struct extract_where){.arg = m, .say = say, .next = next};
	m->text = malloc(EXTRACT_WINDOW);
	m->marks = calloc(MARKS_MAX, sizeof(*m->marks));
	m->again = again_new();
	if (m->text != NULL && m->marks != NULL && m->again != NULL)
		return m;
	made_free(m);
	return NULL;
}

void
made_free(struct made *m)
{
	if (m == NULL)
		return;
	if (m->text != NULL)
		explicit_bzero(m->text, EXTRACT_WINDOW);
	free(m->text);
	free(m->marks);
	again_free(m->again);
	free(m);
}

enum status
made_begin(struct extractor *x, struct made **out, made_say *words,
	   const void *arg)
{
	struct job_level *l = &x->levels[x->depth];
	struct made *m;

	if (l->made == NULL)
		l->made = made_new(x);
	m = l->made;
	if (m == NULL)
		return ST_NOMEM;
	must(!m->open);
	m->open = true;
	m->say = words;
	m->type = NULL;
	m->where.holds = NULL; /* asked of each candidate, by its origin */
	m->arg = arg;
	m->have = m->from = m->mark_count = m->first_len = 0;
	m->base = m->begin = x->made_at;
	m->st = ST_OK;
	again_begin(m->again);
	*out = m;
	return ST_OK;
}

void
made_typed(struct made *m, made_type *type)
{
	m->type = type;
	m->where.holds = type != NULL ? holds : NULL;
}

/* Text is cut between characters. */
static size_t
char_start(const struct made *m, size_t off)
{
	size_t back = 0;

	while (back < 3 && off > back && (m->text[off - back] & 0xc0) == 0x80)
		back++;
	return (m->text[off - back] & 0xc0) == 0x80 ? off : off - back;
}

/* Marks that no later text can ask for. */
static void
drop_marks(struct made *m)
{
	const struct made_mark *keep = mark_at(m, m->base);
	size_t n = keep == NULL ? 0 : (size_t)(keep - m->marks);

	m->mark_count -= n;
	memmove(m->marks, m->marks + n, m->mark_count * sizeof(*m->marks));
}

/* Keep what the next window must see again. */
static void
carry(struct made *m, size_t to)
{
	size_t cut = char_start(m, to - WINDOW_LEAD);

	m->base += cut;
	memmove(m->text, m->text + cut, m->have - cut);
	m->have -= cut;
	m->from = to - cut;
	drop_marks(m);
}

static void
give(struct made *m, size_t to, const struct window_look *look)
{
	struct extractor *x = m->x;
	struct again *again = x->again;
	const struct extract_where *where = x->where;
	const struct text_origin origin = {.base = m->base, .unit = 1};
	struct extract_window w = {.text = span_of(m->text, m->have),
				   .from = m->from,
				   .to = to,
				   .origin = &origin};

	x->again = m->again;
	x->where = &m->where;
	x->made = true;
	x->first = span_of(m->first, m->first_len);
	m->st = window_give(x, &w, look);
	if (m->st == ST_OK && !x->stop && to == m->have)
		m->st = window_end(x);
	x->again = again;
	x->where = where;
	x->made = false;
	x->first = span_of(NULL, 0);
}

/* All of it at the end, else what has enough behind it. */
static void
flush(struct made *m, bool end)
{
	struct window_look look;
	size_t tail, to = m->have;

	if (m->st != ST_OK || m->x->stop || m->have == 0)
		return;
	window_look(m->x, span_of(m->text, m->have), &look);
	tail = look.folds ? WINDOW_TAIL : EXTRACT_TAIL;
	if (!end && m->have <= tail + m->from + WINDOW_LEAD + 4)
		return;
	if (!end)
		to = char_start(m, m->have - tail);
	give(m, to, &look);
	if (!end)
		carry(m, to);
}

static void
add_first(struct made *m, struct span s)
{
	size_t room = sizeof(m->first) - m->first_len;

	if (room == 0)
		return;
	if (s.len > room)
		s.len = room;
	if (s.len > 0)
		memcpy(m->first + m->first_len, s.ptr, s.len);
	m->first_len += s.len;
}

void
made_head(struct made *m, struct span line)
{
	add_first(m, line);
	add_first(m, span_of("\n", 1));
}

void
made_mark(struct made *m, uint32_t a, uint32_t b)
{
	uint64_t at = m->base + m->have;

	if (m->mark_count > 0 && m->marks[m->mark_count - 1].at == at)
		m->mark_count--; /* nothing stood at the last one */
	if (m->mark_count == MARKS_MAX)
		flush(m, false);
	if (m->mark_count == MARKS_MAX)
		return; /* too dense: it counts to the place before it */
	m->marks[m->mark_count++] = (struct made_mark){at, a, b};
}

void
made_text(struct made *m, struct span s)
{
	add_first(m, s);
	while (s.len > 0 && m->st == ST_OK && !m->x->stop) {
		size_t n = EXTRACT_WINDOW - m->have;

		if (n > s.len)
			n = s.len;
		memcpy(m->text + m->have, s.ptr, n);
		m->have += n;
		s = span_skip(s, n);
		if (m->have == EXTRACT_WINDOW)
			flush(m, false);
	}
}

void
made_stretch(struct made *m, uint32_t a, uint32_t b, struct span s)
{
	/* most lie behind the first lines, and fit */
	if (m->st != ST_OK || m->first_len < sizeof(m->first) ||
	    m->mark_count == MARKS_MAX || s.len == 0 ||
	    s.len >= EXTRACT_WINDOW - m->have) {
		made_mark(m, a, b);
		made_text(m, s);
		return;
	}
	if (m->mark_count > 0 &&
	    m->marks[m->mark_count - 1].at == m->base + m->have)
		m->mark_count--;
	m->marks[m->mark_count++] = (struct made_mark){m->base + m->have, a, b};
	memcpy(m->text + m->have, s.ptr, s.len);
	m->have += s.len;
}

void
made_byte(struct made *m, uint8_t c)
{
	if (m->have + 1 >= EXTRACT_WINDOW) {
		made_text(m, span_of(&c, 1));
		return;
	}
	m->text[m->have++] = c;
	if (m->first_len < sizeof(m->first))
		m->first[m->first_len++] = c;
}

void
made_char(struct made *m, uint32_t c)
{
	uint8_t u[UTF8_MAX];

	made_text(m, span_of(u, utf8_put(u, c)));
}

enum status
made_end(struct made *m)
{
	flush(m, true);
	m->open = false;
	m->x->made_at = m->base + m->have;
	return m->st;
}

size_t
made_column(uint32_t column, char dst[MADE_COLUMN_MAX])
{
	char back[MADE_COLUMN_MAX];
	size_t n = 0;

	do {
		back[n++] = (char)('A' + column % 26);
		column /= 26;
	} while (column-- > 0 && n < sizeof(back));
	for (size_t i = 0; i < n; i++)
		dst[i] = back[n - 1 - i];
	return n;
}
