#ifndef PROXY_AGENT_SESSION_SFTP_WIRE_H
#define PROXY_AGENT_SESSION_SFTP_WIRE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "proxy-agent/session/sftp.h"

/*
 * sftp_wire: packets of SFTP: a length (u32, big endian), a kind and fields.
 * What comes in is a stranger's: a field that is not there sets `bad` and gives
 * nothing, however the others are read.
 */
struct wire_in {
	struct span rest;
	bool bad;
};

uint8_t wire_get_u8(struct wire_in *in);
uint32_t wire_get_u32(struct wire_in *in);
uint64_t wire_get_u64(struct wire_in *in);
struct span wire_get_string(struct wire_in *in);
bool wire_get_attr(struct wire_in *in, struct sftp_attr *out);

/* The packet that `have` begins with, without its length; ST_AGAIN: not all
 * of it is there; ST_MALFORMED: it is empty or longer than max. */
NODISCARD enum status wire_packet(struct span have, size_t max,
				  struct span *out);

struct wire_out {
	struct buf *to;
	size_t at; /* where it begins, behind earlier ones */
	enum status st;
};

void wire_begin(struct wire_out *w, struct buf *to, uint8_t kind);
void wire_u32(struct wire_out *w, uint32_t v);
void wire_u64(struct wire_out *w, uint64_t v);
void wire_string(struct wire_out *w, struct span s);
/* Writes the length; the first thing that went wrong: nothing is added. */
NODISCARD enum status wire_end(struct wire_out *w);

#endif
