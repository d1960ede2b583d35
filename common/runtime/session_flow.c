#include "runtime/session_impl.h"

#include <inttypes.h>

#include "base/log.h"
#include "wire/codec_finding.h"
#include "wire/codec_parcel.h"
#include "wire/codec_session.h"

void
session_flow_clear(struct session *s)
{
	s->flight_at = s->flight_count = 0;
	s->under_way = 0;
}

/* A number whose results are lost must still be told: gaps are not taken. */
static enum status
fill_hole(struct session *s, const struct spool_entry *e, struct buf *image)
{
	struct gather_task name = jobs_name(s->config.jobs, e->task);

	log_warn("results are lost, an empty batch takes their number "
		 "seq=%" PRIu64 " task=%" PRIu64,
		 e->seq, e->task);
	return gather_filler(&name, &e->totals, image);
}

static enum status
send_entry(struct session *s, const struct spool_entry *e)
{
	struct parcel p = {.seq = e->seq, .image = e->payload};
	struct buf image;
	enum status st = ST_OK;

	buf_init(&image, BATCH_IMAGE_MAX);
	if (e->hole) {
		st = fill_hole(s, e, &image);
		p.image = buf_span(&image);
	}
	if (st == ST_OK)
		st = SEND(s, KIND_BATCH, parcel_encode, &p);
	buf_fini(&image);
	if (st != ST_OK)
		return st;
	s->flight[(s->flight_at + s->flight_count++) % FLIGHT_MAX] =
	    (uint32_t)s->frame.len;
	s->under_way += s->frame.len;
	s->send_next++;
	return ST_OK;
}

void
session_flow_pump(struct session *s)
{
	enum status st = ST_OK;

	if (s->phase != SESSION_ONLINE)
		return;
	while (st == ST_OK && s->flight_count < FLIGHT_MAX) {
		struct spool_entry e;

		st = spool_read(s->config.spool, s->send_next, &e);
		if (st != ST_OK)
			break;
		/* One may always be under way, or a large one never would. */
		if (s->under_way > 0 &&
		    s->under_way + e.payload.len > s->credit)
			return;
		st = send_entry(s, &e);
	}
	if (st == ST_OK || st == ST_EOF || st == ST_FULL)
		return;
	if (st == ST_MALFORMED) {
		/* Only opening it again finds out what is lost. */
		log_error("the spool is damaged, starting again");
		loop_stop(s->config.loop);
		return;
	}
	log_error("a batch cannot be sent seq=%" PRIu64 " reason=%s",
		  s->send_next, status_name(st));
	session_drop(s, status_text(st));
}

void
session_filled(struct session *s)
{
	if (s->welcome)
		session_flow_pump(s);
}

/* What the master has of us decides what is sent. */
enum status
session_flow_resume(struct session *s, const struct hello_reply *m)
{
	struct spool *sp = s->config.spool;
	uint64_t seq = 0;
	enum status st;

	for (size_t i = 0; i < m->resume_count; i++)
		if (m->resume[i].stream == STREAM_FINDINGS)
			seq = m->resume[i].seq;
	if (seq >= spool_next(sp)) {
		log_warn("the master has more than the spool knows of "
			 "master=%" PRIu64 " spool=%" PRIu64,
			 seq, spool_next(sp) - 1);
		st = spool_skip(sp, seq);
	} else {
		st = spool_ack(sp, seq);
	}
	if (st != ST_OK)
		return st;
	session_flow_clear(s);
	s->send_next = seq + 1;
	s->credit = m->credit;
	return ST_OK;
}

enum status
session_take_ack(struct session *s, struct span body)
{
	struct stream_ack m;
	enum status st = ack_decode(body, &s->arena, &m);

	if (st != ST_OK || m.stream != STREAM_FINDINGS)
		return st;
	st = m.seq < s->send_next ? spool_ack(s->config.spool, m.seq)
				  : ST_MALFORMED;
	if (st != ST_OK)
		return st;
	while (s->flight_count > 0 && s->send_next - s->flight_count <= m.seq) {
		s->under_way -= s->flight[s->flight_at];
		s->flight_at = (s->flight_at + 1) % FLIGHT_MAX;
		s->flight_count--;
	}
	s->credit = m.credit;
	jobs_acked(s->config.jobs);
	session_flow_pump(s);
	return ST_OK;
}

enum status
session_take_nack(struct session *s, struct span body)
{
	struct stream_nack m;
	enum status st = nack_decode(body, &s->arena, &m);

	if (st != ST_OK || m.stream != STREAM_FINDINGS)
		return st;
	if (m.expected == 0 || m.expected > spool_next(s->config.spool))
		return ST_MALFORMED;
	log_warn("the master expects an earlier batch seq=%" PRIu64,
		 m.expected);
	session_flow_clear(s);
	s->send_next = m.expected;
	session_flow_pump(s);
	return ST_OK;
}
