#include "proxy-agent/nfs/attr.h"

#include <string.h>
#include <sys/stat.h>

#include "base/str.h"

#define PERMISSIONS 07777

static enum status
take_u32(struct span *s, uint32_t *out)
{
	if (s->len < 4)
		return ST_MALFORMED;
	*out = (uint32_t)s->ptr[0] << 24 | (uint32_t)s->ptr[1] << 16 |
	       (uint32_t)s->ptr[2] << 8 | s->ptr[3];
	*s = span_skip(*s, 4);
	return ST_OK;
}

static enum status
take_u64(struct span *s, uint64_t *out)
{
	uint32_t high, low;
	enum status st = take_u32(s, &high);

	if (st == ST_OK)
		st = take_u32(s, &low);
	if (st == ST_OK)
		*out = (uint64_t)high << 32 | low;
	return st;
}

/* A length, that many bytes and up to three to fill the last word. */
static enum status
take_bytes(struct span *s, struct span *out)
{
	uint32_t n;
	enum status st = take_u32(s, &n);

	if (st != ST_OK)
		return st;
	if (n > s->len || ((size_t)n + 3) / 4 * 4 > s->len)
		return ST_MALFORMED;
	*out = span_of(s->ptr, n);
	*s = span_skip(*s, ((size_t)n + 3) / 4 * 4);
	return ST_OK;
}

uint32_t
attr_kind(uint32_t type)
{
	static const uint32_t kinds[] = {
	    0, S_IFREG, S_IFDIR, S_IFBLK, S_IFCHR, S_IFLNK, S_IFSOCK, S_IFIFO,
	};

	return type < sizeof(kinds) / sizeof(kinds[0]) ? kinds[type] : 0;
}

static enum status
take_type(struct span *s, struct attr *a)
{
	uint32_t type;
	enum status st = take_u32(s, &type);

	if (st == ST_OK)
		a->mode |= attr_kind(type);
	return st;
}

static enum status
take_mode(struct span *s, struct attr *a)
{
	uint32_t mode;
	enum status st = take_u32(s, &mode);

	if (st == ST_OK)
		a->mode |= mode & PERMISSIONS;
	return st;
}

static enum status
take_size(struct span *s, struct attr *a)
{
	return take_u64(s, &a->size);
}

static enum status
take_fsid(struct span *s, struct attr *a)
{
	enum status st = take_u64(s, &a->fsid.major);

	if (st == ST_OK)
		st = take_u64(s, &a->fsid.minor);
	a->has_fsid = st == ST_OK;
	return st;
}

static enum status
take_error(struct span *s, struct attr *a)
{
	return take_u32(s, &a->error);
}

static enum status
take_handle(struct span *s, struct attr *a)
{
	struct span h;
	enum status st = take_bytes(s, &h);

	if (st != ST_OK)
		return st;
	if (h.len == 0 || h.len > HANDLE_MAX)
		return ST_MALFORMED;
	a->handle.len = (uint32_t)h.len;
	memcpy(a->handle.bytes, h.ptr, h.len);
	return ST_OK;
}

static enum status
take_max_read(struct span *s, struct attr *a)
{
	uint64_t n;
	enum status st = take_u64(s, &n);

	if (st == ST_OK)
		a->max_read = n > UINT32_MAX ? UINT32_MAX : (uint32_t)n;
	return st;
}

/*
 * "4321", or "anna@example.com" where the server has names: whose number
 * nobody but the server knows, save for root's.
 */
static enum status
take_name(struct span *s, uint32_t *id, bool *has)
{
	struct span name;
	uint64_t n;
	enum status st = take_bytes(s, &name);

	if (st != ST_OK)
		return st;
	*has = true;
	if (str_to_u64(name, 0, UINT32_MAX, &n) == ST_OK)
		*id = (uint32_t)n;
	else if (str_starts(name, "root@"))
		*id = 0;
	else
		*has = false;
	return ST_OK;
}

static enum status
take_owner(struct span *s, struct attr *a)
{
	return take_name(s, &a->uid, &a->has_owner);
}

static enum status
take_group(struct span *s, struct attr *a)
{
	return take_name(s, &a->gid, &a->has_group);
}

static enum status
take_mtime(struct span *s, struct attr *a)
{
	uint64_t seconds;
	uint32_t rest;
	enum status st = take_u64(s, &seconds);

	if (st == ST_OK)
		st = take_u32(s, &rest);
	if (st == ST_OK)
		a->mtime = (int64_t)seconds;
	return st;
}

/* By their numbers (RFC 7530 5.6 and 5.7), in order. */
static const struct {
	uint32_t number;
	enum status (*take)(struct span *s, struct attr *a);
} known[] = {
    {1, take_type},    {4, take_size},      {8, take_fsid},  {11, take_error},
    {19, take_handle}, {30, take_max_read}, {33, take_mode}, {36, take_owner},
    {37, take_group},  {53, take_mtime},
};

#define KNOWN (sizeof(known) / sizeof(known[0]))

static enum status
take_one(uint32_t number, struct span *values, struct attr *a)
{
	for (size_t i = 0; i < KNOWN; i++)
		if (known[i].number == number)
			return known[i].take(values, a);
	return ST_MALFORMED; /* of which nobody knows the length */
}

enum status
attr_decode(const uint32_t *words, uint32_t count, struct span values,
	    struct attr *out)
{
	struct attr a = {0};
	enum status st;

	for (uint32_t w = 0; w < count; w++) {
		for (uint32_t bit = 0; bit < 32; bit++) {
			if ((words[w] & 1u << bit) == 0)
				continue;
			st = take_one(w * 32 + bit, &values, &a);
			if (st != ST_OK)
				return st;
		}
	}
	*out = a;
	return ST_OK;
}
