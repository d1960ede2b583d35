#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "source/mounts.h"

static const char table[] =
    "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
    "23 22 0:21 / /proc rw - proc proc rw\n"
    "24 22 8:2 / /home rw shared:2 master:7 - xfs /dev/sda2 rw\n"
    "25 22 0:30 / /tmp rw - tmpfs tmpfs rw\n"
    "26 24 0:31 / /home/far\\040away rw - nfs4 host:/x rw\n"
    "27 24 0:32 / /home/near rw - fuse.sshfs host:/x rw\n"
    "28 22 8:17 / /media/who/stick rw - vfat /dev/sdb1 rw\n"
    "29 22 8:1 /srv /mnt/again rw - ext4 /dev/sda1 rw\n"
    "30 22 8:3 / /mnt/ntfs rw - fuseblk /dev/sda3 rw\n"
    "31 22 0:33 / /auto rw - autofs systemd-1 rw\n"
    "32 31 0:34 / /auto rw - cifs //host/share rw\n"
    "33 22 broken\n"
    "34 22 8:4 / /new rw - somefs /dev/sda4 rw\n";

static void
what_lies_on_no_disk_of_the_host_is_told_by_its_place(void **state)
{
	static const struct {
		const char *path;
		bool found;
		enum mounts_kind kind;
	} cases[] = {
	    {"/", true, MOUNTS_DISK},
	    {"/home", true, MOUNTS_DISK},
	    {"/hom", false, MOUNTS_DISK},
	    {"/home/near/by", false, MOUNTS_DISK},
	    {"/proc", true, MOUNTS_KERNEL},
	    {"/tmp", true, MOUNTS_MEMORY},
	    {"/home/far away", true, MOUNTS_NETWORK},
	    {"/home/far", false, MOUNTS_DISK},
	    {"/home/near", true, MOUNTS_PROGRAM},
	    {"/media/who/stick", true, MOUNTS_MEDIUM},
	    {"/mnt/again", true, MOUNTS_DISK},
	    {"/mnt/ntfs", true, MOUNTS_DISK},
	    {"/auto", true, MOUNTS_NETWORK}, /* the last one */
	    {"/new", true, MOUNTS_DISK},     /* of no known type */
	};
	struct mounts_line m;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		m.kind = MOUNTS_DISK;
		assert_int_equal(
		    mounts_find(span_str(table), span_str(cases[i].path), &m),
		    cases[i].found);
		assert_int_equal(m.kind, cases[i].kind);
	}
	assert_false(mounts_find(span_str(""), span_str("/"), &m));
}

static void
a_path_lies_on_the_mount_nearest_above_it(void **state)
{
	static const struct {
		const char *path, *device;
	} cases[] = {
	    {"/", "8:1"},
	    {"/etc", "8:1"},
	    {"/homes", "8:1"},
	    {"/home", "8:2"},
	    {"/home/a/b", "8:2"},
	    {"/home/far away/a", "0:31"},
	    {"/mnt/again/x", "8:1"},
	    {"/auto/x", "0:34"},
	};
	struct mounts_line m;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_true(
		    mounts_above(span_str(table), span_str(cases[i].path), &m));
		assert_true(span_eq(m.device, span_str(cases[i].device)));
	}
	assert_false(mounts_above(span_str(""), span_str("/"), &m));
}

static void
a_number_of_the_kernel_says_the_same_as_a_name(void **state)
{
	(void)state;
	assert_int_equal(mounts_kind_by_magic(0x9fa0, false), MOUNTS_KERNEL);
	assert_int_equal(mounts_kind_by_magic(0x01021994, false),
			 MOUNTS_MEMORY);
	assert_int_equal(mounts_kind_by_magic(0x6969, false), MOUNTS_NETWORK);
	assert_int_equal(mounts_kind_by_magic(0xff534d42, false),
			 MOUNTS_NETWORK);
	assert_int_equal(mounts_kind_by_magic(0x65735546, false),
			 MOUNTS_PROGRAM);
	assert_int_equal(mounts_kind_by_magic(0x65735546, true), MOUNTS_DISK);
	assert_int_equal(mounts_kind_by_magic(0xef53, true), MOUNTS_DISK);
	assert_int_equal(mounts_kind_by_magic(0, false), MOUNTS_DISK);
}

static void
what_is_left_out_has_a_sentence(void **state)
{
	(void)state;
	assert_int_equal(mounts_why(MOUNTS_DISK).len, 0);
	for (int k = MOUNTS_KERNEL; k <= MOUNTS_MEDIUM; k++)
		assert_true(mounts_why((enum mounts_kind)k).len > 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		what_lies_on_no_disk_of_the_host_is_told_by_its_place),
	    cmocka_unit_test(a_path_lies_on_the_mount_nearest_above_it),
	    cmocka_unit_test(a_number_of_the_kernel_says_the_same_as_a_name),
	    cmocka_unit_test(what_is_left_out_has_a_sentence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
