#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "base/arena.h"
#include "model/batch.h"
#include "model/session.h"
#include "wire/codec_ask.h"
#include "wire/codec_enroll.h"
#include "wire/codec_finding.h"
#include "wire/codec_job.h"
#include "wire/codec_parcel.h"
#include "wire/codec_session.h"

#define ROOM (8 * 1024 * 1024)

/*
 * The first byte chooses the message. Property: what is decoded can be encoded,
 * and decodes again to the same; packed for our pipes it unpacks to the same.
 */
#define MESSAGE(type, encode, decode)                                          \
	static void check_##type(struct span s)                                \
	{                                                                      \
		static struct type m, again, piped;                            \
		struct arena a;                                                \
		struct buf wire, want, got;                                    \
                                                                               \
		arena_init(&a, ROOM);                                          \
		buf_init(&wire, ROOM);                                         \
		buf_init(&want, ROOM);                                         \
		buf_init(&got, ROOM);                                          \
		if (decode(s, &a, &m) == ST_OK) {                              \
			if (type##_pack(&m, &want) != ST_OK ||                 \
			    encode(&m, &wire) != ST_OK ||                      \
			    decode(buf_span(&wire), &a, &again) != ST_OK ||    \
			    type##_pack(&again, &got) != ST_OK ||              \
			    !span_eq(buf_span(&want), buf_span(&got)) ||       \
			    type##_unpack(buf_span(&want), &piped) != ST_OK)   \
				abort();                                       \
			buf_clear(&got);                                       \
			if (type##_pack(&piped, &got) != ST_OK ||              \
			    !span_eq(buf_span(&want), buf_span(&got)))         \
				abort();                                       \
		}                                                              \
		(void)!type##_unpack(s, &piped);                               \
		buf_fini(&wire);                                               \
		buf_fini(&want);                                               \
		buf_fini(&got);                                                \
		arena_fini(&a);                                                \
	}
MESSAGE(agent_hello, hello_encode, hello_decode)
MESSAGE(hello_reply, hello_reply_encode, hello_reply_decode)
MESSAGE(heartbeat, heartbeat_encode, heartbeat_decode)
MESSAGE(stream_ack, ack_encode, ack_decode)
MESSAGE(stream_nack, nack_encode, nack_decode)
MESSAGE(session_bye, bye_encode, bye_decode)
MESSAGE(renew_request, renew_encode, renew_decode)
MESSAGE(renew_reply, renew_reply_encode, renew_reply_decode)
MESSAGE(enroll_request, enroll_encode, enroll_decode)
MESSAGE(enroll_reply, enroll_reply_encode, enroll_reply_decode)
MESSAGE(task_order, task_order_encode, task_order_decode)
MESSAGE(task_control, task_control_encode, task_control_decode)
MESSAGE(task_progress, task_progress_encode, task_progress_decode)
MESSAGE(agent_ask, ask_encode, ask_decode)
MESSAGE(agent_answer, answer_encode, answer_decode)

/* Batches in the limits of the pipe to core, whole again after encoding. */
static void
check_image(struct span image)
{
	struct batch b, again, piped;
	struct arena a;
	struct buf wire, want, got;

	arena_init(&a, 8 * ROOM);
	buf_init(&wire, ROOM);
	buf_init(&want, ROOM);
	buf_init(&got, ROOM);
	if (batch_decode(image, &a, &b) == ST_OK) {
		for (size_t i = 0; i < b.finding_count; i++)
			if (b.findings[i].object >= b.object_count)
				abort();
		for (size_t i = 0; i < b.note_count; i++)
			if (b.notes[i].object >= b.object_count)
				abort();
		if (batch_pack(&b, &want) != ST_OK ||
		    batch_encode(&b, &wire) != ST_OK ||
		    batch_decode(buf_span(&wire), &a, &again) != ST_OK ||
		    batch_pack(&again, &got) != ST_OK ||
		    !span_eq(buf_span(&want), buf_span(&got)) ||
		    batch_unpack(buf_span(&want), &piped) != ST_OK)
			abort();
		batch_fini(&b);
		batch_fini(&again);
		batch_fini(&piped);
	}
	if (batch_unpack(image, &piped) == ST_OK)
		batch_fini(&piped);
	buf_fini(&wire);
	buf_fini(&want);
	buf_fini(&got);
	arena_fini(&a);
}

/* The fuzzer writes no zstd by itself: it gets its bytes squeezed. */
static void
check_squeezed(struct span s)
{
	size_t room = ZSTD_compressBound(s.len), n;
	uint8_t *image = malloc(room);

	if (image == NULL)
		return;
	n = ZSTD_compress(image, room, s.ptr, s.len, 1);
	if (!ZSTD_isError(n))
		check_image(span_of(image, n));
	free(image);
}

static void
check_parcel(struct span s)
{
	struct parcel p;
	struct buf back;

	buf_init(&back, ROOM);
	if (parcel_decode(s, &p) == ST_OK &&
	    (parcel_encode(&p, &back) != ST_OK || !span_eq(buf_span(&back), s)))
		abort();
	buf_fini(&back);
}

static void (*const checks[])(struct span s) = {
    check_squeezed,      check_image,       check_parcel,
    check_agent_hello,   check_hello_reply, check_heartbeat,
    check_stream_ack,    check_stream_nack, check_session_bye,
    check_renew_request, check_renew_reply, check_enroll_request,
    check_enroll_reply,  check_task_order,  check_task_control,
    check_task_progress, check_agent_ask,   check_agent_answer,
};

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > 0)
		checks[data[0] % (sizeof(checks) / sizeof(checks[0]))](
		    span_of(data + 1, size - 1));
	return 0;
}
