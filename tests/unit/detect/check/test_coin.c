#include "unit/detect/chain.h"

#include "detect/check/keccak.h"

#define ADDRESS "[{use: base58check, versions: ['00', '05'], sizes: [21]}]"
#define SEGWIT                                                                 \
	"[{use: bech32, hrp: [bc, tb], variants: [bech32, bech32m], witness: " \
	"true}]"
#define XKEY        "[{use: base58check, versions: [0488ade4, 0488b21e], sizes: [78]}]"
#define MAYBE_PLAIN "[{use: eip55, plain: true}]"

static void
keccak_is_that_of_the_contest_not_sha3(void **state)
{
	static const struct {
		const char *text, *want; /* its first eight bytes */
	} cases[] = {
	    {"", "c5d2460186f7233c"},
	    {"abc", "4e03657aea45a94f"},
	    {"testing", "5f16f4c7f149ac4f"},
	};
	uint8_t hash[KECCAK_256], twice[KECCAK_256], long_text[300];
	char hex[17];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		keccak_256(span_str(cases[i].text), hash);
		for (size_t k = 0; k < 8; k++)
			snprintf(hex + 2 * k, 3, "%02x", hash[k]);
		assert_string_equal(hex, cases[i].want);
	}
	/* lengths around the block of 136 bytes differ in their hash */
	memset(long_text, 'a', sizeof(long_text));
	for (size_t n = 134; n < 138; n++) {
		keccak_256(span_of(long_text, n), hash);
		keccak_256(span_of(long_text, n + 1), twice);
		assert_memory_not_equal(hash, twice, sizeof(hash));
	}
}

static const struct {
	const char *chain, *value;
	bool want;
} coins[] = {
    {ADDRESS, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", true},
    {ADDRESS, "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", true},
    {ADDRESS, "1111111111111111111114oLvT2", true},
    {ADDRESS, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", false},
    {ADDRESS, "1A1zP1eP5QGefi2DMPTfTL5SLmv7Divf0a", false},
    {ADDRESS, "11A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", false},
    {ADDRESS, "mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn", false},
    {ADDRESS, "", false},
    {ADDRESS, "1", false},
    {"[{use: base58check, versions: [6f]}]",
     "mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn", true},
    {"[{use: base58check, versions: ['80'], sizes: [33]}]",
     "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ", true},
    {"[{use: base58check, alphabet: ripple, versions: ['00']}]",
     "rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh", true},
    {"[{use: base58check, alphabet: ripple, versions: ['00']}]",
     "rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTi", false},
    {XKEY,
     "xpub661MyMwAqRbcFtXgS5sYJABqqG9YLmC4Q1Rdap9gSE8NqtwybGhePY2gZ29E"
     "SFjqJoCu1Rupje8YtGqsefD265TMg7usUDFdp6W1EGMcet8",
     true},
    {XKEY,
     "xpub661MyMwAqRbcFtXgS5sYJABqqG9YLmC4Q1Rdap9gSE8NqtwybGhePY2gZ29E"
     "SFjqJoCu1Rupje8YtGqsefD265TMg7usUDFdp6W1EGMcet9",
     false},
    {"[base58_monero]",
     "44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaB"
     "YBb98uNbr2VBBEt7f2wfn3RVGQBEP3A",
     true},
    {"[base58_monero]",
     "888tNkZrPN6JsEgekjMnABU4TBzc2Dt29EPAvkRxbANsAnjyPbb3iQ1YBRk1UXcd"
     "RsiKc9dhwMVgN5S9cQUiyoogDavup3H",
     true},
    {"[base58_monero]",
     "44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaB"
     "YBb98uNbr2VBBEt7f2wfn3RVGQBEP3B",
     false},
    /* BIP-173, BIP-350 */
    {SEGWIT, "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4", true},
    {SEGWIT, "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7",
     true},
    {SEGWIT, "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
     true},
    {SEGWIT, "BC1SW50QGDZ25J", true},
    {SEGWIT, "bc1qW508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", false},
    {SEGWIT, "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5", false},
    {SEGWIT, "tc1qw508d6qejxtdg4y5r3zarvary0c5xw7kg3g4ty", false},
    /* version 1 in the old variant, version 0 in the new */
    {SEGWIT, "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd",
     false},
    {SEGWIT,
     "BC1S0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7"
     "VQ54WELL",
     false},
    {SEGWIT, "bc1gmk9yu", false},
    {SEGWIT, "bc1rw5uspcuh", false},
    {"[{use: bech32, hrp: [a]}]", "A12UEL5L", true},
    {"[{use: bech32, hrp: [a]}]", "A1LQFN3A", false},
    {"[{use: bech32, hrp: [a], variants: [bech32m]}]", "A1LQFN3A", true},
    {"[{use: bech32, hrp: [split]}]",
     "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w", true},
    /* EIP-55 */
    {"[eip55]", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", true},
    {"[eip55]", "fB6916095ca1df60bB79Ce92cE3Ea74c37c5d359", true},
    {"[eip55]", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD", false},
    {"[eip55]", "0xde709f2102306220921060314715629080e2fb77", false},
    {MAYBE_PLAIN, "0xde709f2102306220921060314715629080e2fb77", true},
    {MAYBE_PLAIN, "0x52908400098527886E0F7030069857D2E4169EE7", true},
    {MAYBE_PLAIN, "0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", false},
    {MAYBE_PLAIN, "0xde709f2102306220921060314715629080e2fb7g", false},
    {MAYBE_PLAIN, "0xde709f2102306220921060314715629080e2fb", false},
};

static void
checksums_of_coins_hold_for_published_addresses(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(coins) / sizeof(coins[0]); i++)
		if (chain_holds(coins[i].chain, coins[i].value) !=
		    coins[i].want)
			fail_msg("%s of %s", coins[i].chain, coins[i].value);
}

static bool
seed_holds(const char *text)
{
	const char *catalogue = getenv("TRAWL_CATALOGUE");
	char file[4096];
	struct chain c;
	bool holds;

	assert_non_null(catalogue);
	snprintf(file, sizeof(file), "%s/crypto/x.yaml", catalogue);
	chain_read(&c, file, "[{use: bip39, list: bip39_english.txt}]");
	if (c.st != ST_OK)
		fail_msg("%.*s", (int)c.why.len, (const char *)c.why.data);
	holds = check_chain_holds(span_str(text), &c.chain);
	chain_free(&c);
	return holds;
}

static void
seeds_are_words_of_the_list_with_their_checksum(void **state)
{
	/* the vectors of BIP-39, and what is near them */
	static const struct {
		const char *text;
		bool want;
	} cases[] = {
	    {"legal winner thank year wave sausage worth useful legal winner "
	     "thank yellow",
	     true},
	    {"Legal, winner, thank, year, wave, sausage, worth, useful, legal,"
	     "\nwinner, thank, yellow",
	     true},
	    {"abandon abandon abandon abandon abandon abandon abandon abandon "
	     "abandon abandon abandon about",
	     true},
	    {"zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo "
	     "zoo zoo zoo zoo zoo zoo zoo vote",
	     true},
	    {"gravity machine north sort system female filter attitude volume "
	     "fold club stay feature office ecology stable narrow fog",
	     true},
	    {"legal winner thank year wave sausage worth useful legal winner "
	     "thank zebra",
	     false},
	    {"legal winner thank year wave sausage worth useful legal winner "
	     "thank sausages",
	     false},
	    {"legal winner thank year wave sausage worth useful legal winner "
	     "thank yellow extraordinary",
	     false},
	    {"legal winner thank year wave sausage worth useful legal winner "
	     "thank",
	     false},
	    {"", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (seed_holds(cases[i].text) != cases[i].want)
			fail_msg("%s", cases[i].text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(keccak_is_that_of_the_contest_not_sha3),
	    cmocka_unit_test(checksums_of_coins_hold_for_published_addresses),
	    cmocka_unit_test(seeds_are_words_of_the_list_with_their_checksum),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
