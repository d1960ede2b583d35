#include "unit/detect/finds.h"

#include "base/glob.h"

/*
 * What people complain about in detectors of this kind, a class a row: the text
 * must be silent for the types named: globs joined by commas.
 */
static const struct {
	const char *class, *text, *quiet;
} alarms[] = {
    {"the next field's key", "ean8: \"64116017\", phone: \"n/a\"", "phone"},
    {"labels of forms", "'first_name' => 'First Name'", "person_name"},
    {"types of fields", "firstName: String, lastName: String", "person_name"},
    {"13-digit milliseconds", "{\"created\": 1512345678901}", "*"},
    {"13-digit milliseconds", "1498765432107 GET /index", "*"},
    {"13-digit milliseconds alone",
     "1522222222220\n1533333333338\n1500000000008\n", "card_*"},
    {"tables of characters", "5014 bef3\n5015 5017 8285\n5018 ccc8", "*"},
    {"tables of characters", "5619 561a 874d\n5620 5622 8751\n5623 e0d4", "*"},
    {"weights of a collation",
     "FA72 ; [.4181.0024.0002.5168][.41F7.0020.0002] # IDEOGRAPH", "*"},
    {"weights of a collation", "0009 ; [*0201.0020.0002] # TABULATION", "*"},
    {"numbers of C", "645388200UL, 3089899292UL, 4249786064UL,", "*"},
    {"boxes of a font", "C 34 ; WX 600 ; N quotedbl ; B 249 309 590 603 ;",
     "*"},
    {"decimals in a style sheet", "margin: 0.4111111111111111rem", "*"},
    {"decimals in a style sheet", "width: 66.66666666666666%", "*"},
    {"decimals", "lat 52.5200065999999987, lon 13.404953999999975", "*"},
    {"groups of a UUID", "4c1f7a52-4111-4111-8111-111111111111 done",
     "card_*,phone,us_*,*_tin,*_passport"},
    {"groups of a UUID", "550e8400-e29b-41d4-a716-446655440000",
     "card_*,phone,us_*,*_tin,*_passport"},
    {"14-digit stamps", "20240131235959_create_users.rb", "*"},
    {"14-digit stamps", "migration 20231105143000 was run", "*"},
    {"12-digit stamps", "modified=\"201203161136\" tags=\"x\"", "*"},
    {"12-digit stamps", "\"201512011402\"", "*"},
    {"columns of numbers",
     "divide  5235714985079914   5235714985066131  ->  1.0000000000026",
     "card_*"},
    {"columns of numbers", "rem  6215736513855159    6215736513870342  -> 1",
     "card_*"},
    {"pieces of a GUID as phones", "{6B29FC40-CA47-1067-B31D-00DD010662DA}",
     "phone,us_*,card_*"},
    {"dates as phones", "on 2024-01-31 12:30:45 and 31.01.2024", "phone*"},
    {"addresses in versions", "Chrome/120.0.6099.109 version 4.19.0.27",
     "ip_*"},
    {"hashes of git", "commit 3f786850e387550fdab836ed7e6dc881de23001b", "*"},
    {"hashes of git", "index 83db48f..bf2a3d1 100644", "*"},
    {"SRI hashes",
     "integrity=\"sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8Kuxy9rx7HNQlGYl1k"
     "PzQho1wx4JwY8wC\"",
     "*"},
    {"lock files",
     "\"integrity\": \"sha512-MYnUmDDwbFKXRHRaJQsmjzJvLNKQBbwBOVVtB9Yg0yU"
     "7UgKaSGjQuJXDdnEhTnZrfPUYIlIHHRsVhMQPgNRuHQ==\"",
     "*"},
    {"go.sum",
     "golang.org/x/text v0.3.7 "
     "h1:olpwvP2KacW1ZWvsR7uQhoyTYvKAupfQrRGBFM352Gk=",
     "*"},
    {"boundaries of messages",
     "Content-Type: multipart/mixed; "
     "boundary=\"===============4366149203735825807==\"\n",
     "*"},
    {"boundaries of messages", "\n--===============4366149203735825807==--\n",
     "*"},
    {"boundaries of forms", "\n-----------------------------4111111111111111\n",
     "*"},
    {"names of keys", "credentialsId: 'deploy-user-on-jenkins'", "*"},
    {"names of keys", "public_key: the key that everybody may see", "*"},
    {"names of keys", "client_id = settings.CLIENT_ID", "*"},
    {"names of keys", "apiKeyName: myApplicationKeyName", "*"},
    {"words that end in key", "monkey = keyboard", "*"},
    {"words that end in key", "capital: turkey, hockey: donkey", "*"},
    {"flags that are passed", "Pass \"GUILE_AUTO_COMPILE=0\" to it", "*"},
    {"flags that are passed", "- Pass '-fsanitize=a4' flags for it", "*"},
    {"fields of Pascal", "UserPassword := sEntry^.sp_pwdp1;", "*"},
    {"frames of a debugger",
     "ownerPassword=ownerPassword@entry=0x1165830, user=1", "*"},
    {"names of classes", "Moved(\"HTTPPasswordMgr\", \"urllib2\")", "*"},
    {"names of hashes", "passwd: argon2id; some 64 MiB", "*"},
    {"file paths", "key: /etc/ssl/private/server.key", "*"},
    {"camelCase", "const handler = abstractSingletonProxyFactoryBean;", "*"},
    {"the UUID of zeros", "00000000-0000-0000-0000-000000000000",
     "secret.*,card_*,phone"},
    {"words in a longer word", "published in the republic of public licence",
     "*"},
    {"nine bare digits", "order 219099999 was sent", "us_ssn"},
    {"no such area", "ssn 900-12-3456 and 000-12-3456", "us_ssn"},
    {"numbers of tests that are round", "'1000000000000814' 10000000000", "*"},
    {"numbers that count up", "'6543210123456788'", "card_*"},
    {"hexadecimal", "0x4111111111111111 4111111111111111abcdef", "card_*"},
    {"dump of numbers", "4111 1111 1111 1111 4111 1111 1111 1111 4111",
     "card_*"},
    {"ISBN-13", "ISBN 978-0-306-40615-7, 9780306406157", "*"},
    {"ISBN-13 alone", "978-3-16-148410-0", "*"},
    {"ISBN-13 alone", "9783161484100", "*"},
    {"ISBN-10", "ISBN 0-306-40615-2 or ISBN: 0306406152", "*"},
    {"ISBN-10 alone", "0-306-40615-2", "*"},
    {"ISBN-10 alone", "3-16-148410-X", "*"},
    {"ISSN", "ISSN 2049-3630", "*"},
    {"EAN-13", "EAN 4006381333931", "*"},
    {"EAN-13 alone", "4006381333931", "*"},
    {"UPC-A", "UPC 036000291452", "*"},
    {"UPC-A alone", "036000291452", "*"},
    {"GTIN-14", "GTIN: 10614141000415", "*"},
    {"equipment numbers as cards", "IMEI 490154203237518", "card_*"},
    {"equipment numbers as cards", "490154203237518", "card_*"},
    {"hex dump", "00000010  4d 5a 90 00 03 00 00 00  04 00 00 00 ff ff 00 00",
     "*"},
    {"hex dump", "0x0040:  4111 1111 1111 1111 0a0d 3139 3230 0000", "*"},
    {"hex dump", "0000020 041101 111111 052525 177777 000041 012345", "*"},
    {"wall of base64",
     "TWFuIGlzIGRpc3Rpbmd1aXNoZWQsIG5vdCBvbmx5IGJ5IGhpcyByZWFzb24sIGJ1dCBi\n"
     "eSB0aGlzIHNpbmd1bGFyIHBhc3Npb24gZnJvbSBvdGhlciBhbmltYWxzLCB3aGljaCBp\n"
     "cyBhIGx1c3Qgb2YgdGhlIG1pbmQsIHRoYXQgYnkgYSBwZXJzZXZlcmFuY2Ugb2YgZGVs\n",
     "*"},
    {"seconds of an epoch", "{\"ts\": 1512345678, \"until\": 1609459200}", "*"},
    {"microseconds of an epoch", "{\"ts\": 1512345678901234}", "*"},
    {"microseconds of an epoch", "1498765432107004 start", "*"},
    {"nanoseconds of an epoch", "ts=1512345678901234567 done", "*"},
    {"orders", "order 4111111111 and order no. 078051121", "*"},
    {"invoices", "Invoice 123456782 of 2024-01-31", "*"},
    {"tracking numbers", "tracking number 046454286", "*"},
    {"serial numbers", "serial number 046454286, S/N: 536228725", "*"},
    {"phone numbers as ids", "call +1 604 555 0134 or 604-555-0134",
     "ca_*,us_*,*_tin,*_vat,*_id"},
    {"fingerprints",
     "SHA1 Fingerprint=3F:78:68:50:E3:87:55:0F:DA:B8:36:ED:7E:6D:C8:81:DE",
     "*"},
    {"checksums", "d41d8cd98f00b204e9800998ecf8427e  empty.txt", "*"},
    {"sizes in bytes", "-rw-r--r-- 1 root root 145061800 Jan 31 12:30 a", "*"},
    {"process ids", "[145061800.123456] usb 1-1: new device 4111", "*"},
    {"network ranges", "10.0.0.0/8 and 192.168.0.1 at 127.0.0.1", "us_*,*_tin"},
    {"object ids", "1.3.6.1.4.1.311.21.8.145061800.2", "*"},
    {"coordinates of paths", "M145061.800 12.5L16.25 4.75", "*"},
    {"mistyped numbers of other countries", "<th>Fnr</th><td>28017723959</td>",
     "*"},
    {"mistyped numbers of other countries", "'fnr' -> '010350 07085'", "*"},
    {"mistyped numbers of other countries", "REGON: 047280384", "*"},
    {"prices", "$4,111.11 + 1,111.11 EUR = 5222.22", "*"},
};

static bool
must_be_quiet(const char *list, const char *type)
{
	struct span rest = span_str(list), one;

	while (str_next(&rest, ',', &one))
		if (glob_id(one, span_str(type)))
			return true;
	return false;
}

static void
what_people_complain_about_is_silent(void **state)
{
	struct eye *e = eye_open(NULL, 0);
	unsigned wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(alarms) / sizeof(alarms[0]); i++) {
		const struct finds *f = eye_look_str(e, alarms[i].text);

		for (size_t k = 0; k < f->count; k++) {
			if (!must_be_quiet(alarms[i].quiet, f->list[k].type))
				continue;
			wrong++;
			print_error("%s: %s at %zu of: %s (%u)\n",
				    alarms[i].class, f->list[k].type,
				    f->list[k].offset, alarms[i].text,
				    f->list[k].confidence);
		}
	}
	assert_int_equal(wrong, 0);
	eye_close(e);
}

/* Hashes of passwords and UUIDs that a type wants are still found. */
static void
what_is_meant_is_found_all_the_same(void **state)
{
	static const struct {
		const char *text, *type;
	} cases[] = {
	    {"card 4111111111111111", "card_visa"},
	    {"ssn: 219-09-9998", "us_ssn"},
	    {"card: 4000000000000002", "card_visa"},
	    {"\"4000000000000002\"", "card_visa"},
	    {"paid by 5235714985079914   5235714985066131", "card_mastercard"},
	    {"{\"ipv4\":\"81.23.45.67\",\"driverLicense\":\"x\"}",
	     "ip_address"},
	    {"[\"pwd\"]=>\n  string(10) \"h7Gk2pQz!x\"", "secret.password"},
	    {"[\"pwd\"]=>\n  string(10) \"h7Gk(2pQzx\"", "secret.password"},
	    {"log pwd=$tNc2c%85x ip=-", "secret.password"},
	    {"{\"birthday\":\"1944-11-20T10:24:29.185Z\"}", "date_of_birth"},
	    {"ENV pass \"h7Gk2pQz!x\"", "secret.password"},
	};
	struct eye *e = eye_open(NULL, 0);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (!finds_type(eye_look_str(e, cases[i].text), cases[i].type))
			fail_msg("%s", cases[i].text);
	eye_close(e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_people_complain_about_is_silent),
	    cmocka_unit_test(what_is_meant_is_found_all_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
