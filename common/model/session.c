#include "model/session.h"

/*
 * put_x and get_x write and read one struct as a list of calls; x_pack() and
 * x_unpack() at the end are the same two lines for each of them.
 */
const char *
bye_text(unsigned code)
{
	switch (code) {
#define BYE_CASE(name, number, text)                                           \
	case (number):                                                         \
		return text;
		BYE_TABLE(BYE_CASE)
#undef BYE_CASE
	default:
		return "no reason was given";
	}
}

static void
put_spans(struct packer *p, const struct span *s, size_t n)
{
	pack_num(p, n);
	for (size_t i = 0; i < n; i++)
		pack_span(p, s[i]);
}

static size_t
get_spans(struct unpacker *u, struct span *s, size_t max)
{
	size_t n = (size_t)unpack_upto(u, max);

	for (size_t i = 0; i < n; i++)
		s[i] = unpack_span(u);
	return n;
}

static void
put_host_facts(struct packer *p, const struct host_facts *m)
{
	pack_span(p, m->name);
	pack_span(p, m->os);
	pack_span(p, m->kernel);
	pack_span(p, m->arch);
	pack_num(p, m->cpus);
	pack_num(p, m->memory);
	put_spans(p, m->addresses, m->address_count);
}

static void
get_host_facts(struct unpacker *u, struct host_facts *m)
{
	m->name = unpack_span(u);
	m->os = unpack_span(u);
	m->kernel = unpack_span(u);
	m->arch = unpack_span(u);
	m->cpus = (uint32_t)unpack_upto(u, UINT32_MAX);
	m->memory = unpack_num(u);
	m->address_count = get_spans(u, m->addresses, HOST_ADDRESSES_MAX);
}

static void
put_agent_hello(struct packer *p, const struct agent_hello *m)
{
	pack_num(p, m->protocol_min);
	pack_num(p, m->protocol_max);
	pack_num(p, m->features);
	pack_span(p, m->build);
	pack_span(p, m->program);
	pack_int(p, m->clock);
	pack_bytes(p, m->incarnation, sizeof(m->incarnation));
	put_host_facts(p, &m->host);
	pack_num(p, m->task_count);
	for (size_t i = 0; i < m->task_count; i++) {
		pack_num(p, m->tasks[i].task);
		pack_num(p, m->tasks[i].state);
	}
	put_spans(p, m->kinds, m->kind_count);
	put_spans(p, m->credentials, m->credential_count);
}

static void
get_agent_hello(struct unpacker *u, struct agent_hello *m)
{
	m->protocol_min = (uint32_t)unpack_upto(u, UINT32_MAX);
	m->protocol_max = (uint32_t)unpack_upto(u, UINT32_MAX);
	m->features = unpack_num(u);
	m->build = unpack_span(u);
	m->program = unpack_span(u);
	m->clock = unpack_int(u);
	unpack_bytes(u, m->incarnation, sizeof(m->incarnation));
	get_host_facts(u, &m->host);
	m->task_count = (size_t)unpack_upto(u, HELLO_TASKS_MAX);
	for (size_t i = 0; i < m->task_count; i++) {
		m->tasks[i].task = unpack_num(u);
		m->tasks[i].state = (uint8_t)unpack_upto(u, UINT8_MAX);
	}
	m->kind_count = get_spans(u, m->kinds, HELLO_KINDS_MAX);
	m->credential_count =
	    get_spans(u, m->credentials, HELLO_CREDENTIALS_MAX);
}

static void
put_hello_reply(struct packer *p, const struct hello_reply *m)
{
	pack_num(p, m->protocol);
	pack_span(p, m->build);
	pack_int(p, m->clock);
	pack_num(p, m->agent);
	pack_bytes(p, m->fingerprint_key, sizeof(m->fingerprint_key));
	pack_num(p, m->resume_count);
	for (size_t i = 0; i < m->resume_count; i++) {
		pack_num(p, m->resume[i].stream);
		pack_num(p, m->resume[i].seq);
	}
	pack_num(p, m->heartbeat_seconds);
	pack_num(p, m->credit);
	pack_num(p, m->verified);
}

static void
get_hello_reply(struct unpacker *u, struct hello_reply *m)
{
	m->protocol = (uint32_t)unpack_upto(u, UINT32_MAX);
	m->build = unpack_span(u);
	m->clock = unpack_int(u);
	m->agent = unpack_num(u);
	unpack_bytes(u, m->fingerprint_key, sizeof(m->fingerprint_key));
	m->resume_count = (size_t)unpack_upto(u, HELLO_RESUME_MAX);
	for (size_t i = 0; i < m->resume_count; i++) {
		m->resume[i].stream = (uint32_t)unpack_upto(u, UINT32_MAX);
		m->resume[i].seq = unpack_num(u);
	}
	m->heartbeat_seconds = (uint32_t)unpack_upto(u, UINT32_MAX);
	m->credit = unpack_num(u);
	m->verified = (uint8_t)unpack_upto(u, 1);
	m->has_pass = 0;
}

static void
put_heartbeat(struct packer *p, const struct heartbeat *m)
{
	pack_int(p, m->clock);
	pack_num(p, m->load_permille);
	pack_num(p, m->free_disk);
	pack_num(p, m->spool_bytes);
	pack_num(p, m->running_tasks);
}

static void
get_heartbeat(struct unpacker *u, struct heartbeat *m)
{
	m->clock = unpack_int(u);
	m->load_permille = (uint32_t)unpack_upto(u, UINT32_MAX);
	m->free_disk = unpack_num(u);
	m->spool_bytes = unpack_num(u);
	m->running_tasks = (uint32_t)unpack_upto(u, UINT32_MAX);
}

static void
put_stream_ack(struct packer *p, const struct stream_ack *m)
{
	pack_num(p, m->stream);
	pack_num(p, m->seq);
	pack_num(p, m->credit);
}

static void
get_stream_ack(struct unpacker *u, struct stream_ack *m)
{
	m->stream = (uint32_t)unpack_upto(u, UINT32_MAX);
	m->seq = unpack_num(u);
	m->credit = unpack_num(u);
}

static void
put_stream_nack(struct packer *p, const struct stream_nack *m)
{
	pack_num(p, m->stream);
	pack_num(p, m->expected);
}

static void
get_stream_nack(struct unpacker *u, struct stream_nack *m)
{
	m->stream = (uint32_t)unpack_upto(u, UINT32_MAX);
	m->expected = unpack_num(u);
}

static void
put_session_bye(struct packer *p, const struct session_bye *m)
{
	pack_num(p, m->code);
	pack_span(p, m->text);
	pack_num(p, m->retry_after);
}

static void
get_session_bye(struct unpacker *u, struct session_bye *m)
{
	m->code = (uint32_t)unpack_upto(u, UINT32_MAX);
	m->text = unpack_span(u);
	m->retry_after = (uint32_t)unpack_upto(u, UINT32_MAX);
}

static void
put_task_order(struct packer *p, const struct task_order *m)
{
	pack_num(p, m->task);
	pack_num(p, m->scan);
	pack_num(p, m->target);
	put_spans(p, m->order.paths, m->order.path_count);
	put_spans(p, m->order.types, m->order.type_count);
	pack_num(p, m->order.min_confidence);
	pack_num(p, m->order.jobs);
	pack_num(p, m->order.want_totals);
	pack_num(p, m->order.bytes_per_second);
	pack_span(p, m->order.cursor);
	pack_span(p, m->order.limits);
	pack_span(p, m->order.ocr);
	pack_span(p, m->order.options);
	pack_span(p, m->order.credential);
	pack_num(p, m->order.skip_unchanged);
}

static void
get_task_order(struct unpacker *u, struct task_order *m)
{
	m->task = unpack_num(u);
	m->scan = unpack_num(u);
	m->target = unpack_num(u);
	m->order.path_count = get_spans(u, m->order.paths, ORDER_PATHS_MAX);
	m->order.type_count = get_spans(u, m->order.types, ORDER_TYPES_MAX);
	m->order.min_confidence = (uint8_t)unpack_upto(u, UINT8_MAX);
	m->order.jobs = (uint8_t)unpack_upto(u, UINT8_MAX);
	m->order.want_totals = (uint8_t)unpack_upto(u, UINT8_MAX);
	m->order.bytes_per_second = unpack_num(u);
	m->order.cursor = unpack_span(u);
	m->order.limits = unpack_span(u);
	m->order.ocr = unpack_span(u);
	m->order.options = unpack_span(u);
	m->order.credential = unpack_span(u);
	m->order.skip_unchanged = (uint8_t)unpack_upto(u, 1);
}

static void
put_task_control(struct packer *p, const struct task_control *m)
{
	pack_num(p, m->task);
	pack_num(p, m->action);
}

static void
get_task_control(struct unpacker *u, struct task_control *m)
{
	m->task = unpack_num(u);
	m->action = (uint8_t)unpack_upto(u, UINT8_MAX);
}

static void
put_task_progress(struct packer *p, const struct task_progress *m)
{
	const struct scan_progress *s = &m->progress;

	pack_num(p, m->task);
	pack_num(p, m->state);
	pack_num(p, s->done_objects);
	pack_num(p, s->done_bytes);
	pack_num(p, s->total_objects);
	pack_num(p, s->total_bytes);
	pack_num(p, s->total_exact);
	pack_num(p, s->findings);
	pack_num(p, s->partial);
	pack_num(p, s->unread);
	pack_num(p, s->skipped_dirs);
	pack_span(p, s->current);
	pack_num(p, m->bytes_per_second);
	pack_num(p, s->signs);
}

static void
get_task_progress(struct unpacker *u, struct task_progress *m)
{
	struct scan_progress *s = &m->progress;

	m->task = unpack_num(u);
	m->state = (uint8_t)unpack_upto(u, UINT8_MAX);
	s->done_objects = unpack_num(u);
	s->done_bytes = unpack_num(u);
	s->total_objects = unpack_num(u);
	s->total_bytes = unpack_num(u);
	s->total_exact = (uint8_t)unpack_upto(u, 1);
	s->findings = unpack_num(u);
	s->partial = unpack_num(u);
	s->unread = unpack_num(u);
	s->skipped_dirs = unpack_num(u);
	s->current = unpack_span(u);
	m->bytes_per_second = unpack_num(u);
	s->signs = unpack_num(u);
}

static void
put_agent_ask(struct packer *p, const struct agent_ask *m)
{
	pack_num(p, m->id);
	pack_span(p, m->path);
	pack_span(p, m->options);
	pack_span(p, m->credential);
	pack_num(p, m->probe);
}

static void
get_agent_ask(struct unpacker *u, struct agent_ask *m)
{
	m->id = unpack_num(u);
	m->path = unpack_span(u);
	m->options = unpack_span(u);
	m->credential = unpack_span(u);
	m->probe = (uint8_t)unpack_upto(u, 1);
}

static void
put_agent_answer(struct packer *p, const struct agent_answer *m)
{
	pack_num(p, m->id);
	pack_num(p, m->status);
	pack_span(p, m->why);
	pack_num(p, m->entry_count);
	for (size_t i = 0; i < m->entry_count; i++) {
		pack_span(p, m->entries[i].path);
		pack_num(p, m->entries[i].size);
		pack_num(p, m->entries[i].folder);
		pack_num(p, m->entries[i].reason);
	}
	pack_num(p, m->more);
}

static void
get_agent_answer(struct unpacker *u, struct agent_answer *m)
{
	m->id = unpack_num(u);
	m->status = (uint8_t)unpack_upto(u, UINT8_MAX);
	m->why = unpack_span(u);
	m->entry_count = (size_t)unpack_upto(u, ANSWER_ENTRIES_MAX);
	for (size_t i = 0; i < m->entry_count; i++) {
		m->entries[i].path = unpack_span(u);
		m->entries[i].size = unpack_num(u);
		m->entries[i].folder = (uint8_t)unpack_upto(u, 1);
		m->entries[i].reason = (uint8_t)unpack_upto(u, UINT8_MAX);
	}
	m->more = (uint8_t)unpack_upto(u, 1);
}

static void
put_enroll_request(struct packer *p, const struct enroll_request *m)
{
	pack_span(p, m->csr);
	pack_bytes(p, m->incarnation, sizeof(m->incarnation));
	put_host_facts(p, &m->host);
	pack_span(p, m->program);
	pack_span(p, m->build);
	pack_num(p, m->has_token);
	pack_bytes(p, m->token_id, sizeof(m->token_id));
	pack_bytes(p, m->proof, sizeof(m->proof));
}

static void
get_enroll_request(struct unpacker *u, struct enroll_request *m)
{
	m->csr = unpack_span(u);
	unpack_bytes(u, m->incarnation, sizeof(m->incarnation));
	get_host_facts(u, &m->host);
	m->program = unpack_span(u);
	m->build = unpack_span(u);
	m->has_token = (uint8_t)unpack_upto(u, 1);
	unpack_bytes(u, m->token_id, sizeof(m->token_id));
	unpack_bytes(u, m->proof, sizeof(m->proof));
}

static void
put_enroll_reply(struct packer *p, const struct enroll_reply *m)
{
	pack_num(p, m->agent);
	pack_num(p, m->state);
	pack_span(p, m->certificate);
	pack_span(p, m->ca);
	pack_span(p, m->fingerprint);
}

static void
get_enroll_reply(struct unpacker *u, struct enroll_reply *m)
{
	m->agent = unpack_num(u);
	m->state = (uint8_t)unpack_upto(u, UINT8_MAX);
	m->certificate = unpack_span(u);
	m->ca = unpack_span(u);
	m->fingerprint = unpack_span(u);
}

static void
put_renew_request(struct packer *p, const struct renew_request *m)
{
	pack_span(p, m->csr);
}

static void
get_renew_request(struct unpacker *u, struct renew_request *m)
{
	m->csr = unpack_span(u);
}

static void
put_renew_reply(struct packer *p, const struct renew_reply *m)
{
	pack_span(p, m->certificate);
}

static void
get_renew_reply(struct unpacker *u, struct renew_reply *m)
{
	m->certificate = unpack_span(u);
}

SESSION_PACKED(PACK_DEFINE)
