"""Addresses and keys of coins, made from their standards."""
import hashlib
import os

B58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
RIPPLE = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz"
BECH = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def sha256d(b):
    return hashlib.sha256(hashlib.sha256(b).digest()).digest()


def base58(raw, alphabet=B58):
    n, out = int.from_bytes(raw, "big"), ""
    while n:
        n, r = divmod(n, 58)
        out = alphabet[r] + out
    return alphabet[0] * (len(raw) - len(raw.lstrip(b"\0"))) + out


def base58check(version, body, alphabet=B58):
    raw = bytes.fromhex(version) + body
    return base58(raw + sha256d(raw)[:4], alphabet)


def polymod(values):
    chk = 1
    for v in values:
        top = chk >> 25
        chk = (chk & 0x1ffffff) << 5 ^ v
        for i, g in enumerate((0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd,
                               0x2a1462b3)):
            chk ^= g if top >> i & 1 else 0
    return chk


def five_bits(raw):
    bits = "".join("{:08b}".format(b) for b in raw)
    bits += "0" * (-len(bits) % 5)
    return [int(bits[i:i + 5], 2) for i in range(0, len(bits), 5)]


def bech32(hrp, data, final):
    spread = [ord(c) >> 5 for c in hrp] + [0] + [ord(c) & 31 for c in hrp]
    mod = polymod(spread + data + [0] * 6) ^ final
    data = data + [mod >> 5 * (5 - i) & 31 for i in range(6)]
    return hrp + "1" + "".join(BECH[d] for d in data)


def witness(hrp, version, program):
    return bech32(hrp, [version] + five_bits(program),
                  1 if version == 0 else 0x2bc830a3)


def keccak256(data):
    """Keccak as it was before SHA-3 changed the padding."""
    rounds, lanes, r = [], [[0] * 5 for _ in range(5)], 1
    for _ in range(24):
        c = 0
        for j in range(7):
            if r & 1:
                c |= 1 << (1 << j) - 1
            r = (r << 1 ^ (r >> 7) * 0x171) & 0xff
        rounds.append(c)

    def rol(x, n):
        n %= 64
        return ((x << n) | (x >> 64 - n)) & (1 << 64) - 1 if n else x

    rate = 136
    data = data + b"\x01" + b"\0" * (-(len(data) + 1) % rate)
    data = data[:-1] + bytes([data[-1] | 0x80])
    for block in range(0, len(data), rate):
        for i in range(rate // 8):
            lanes[i % 5][i // 5] ^= int.from_bytes(
                data[block + 8 * i:block + 8 * i + 8], "little")
        for c in rounds:
            col = [lanes[x][0] ^ lanes[x][1] ^ lanes[x][2] ^ lanes[x][3] ^
                   lanes[x][4] for x in range(5)]
            for x in range(5):
                d = col[x - 1] ^ rol(col[(x + 1) % 5], 1)
                for y in range(5):
                    lanes[x][y] ^= d
            x, y, cur = 1, 0, lanes[1][0]
            for t in range(24):
                x, y = y, (2 * x + 3 * y) % 5
                cur, lanes[x][y] = lanes[x][y], rol(cur, (t + 1) * (t + 2) // 2)
            for y in range(5):
                row = [lanes[x][y] for x in range(5)]
                for x in range(5):
                    lanes[x][y] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5])
            lanes[0][0] ^= c
    return b"".join(lanes[i % 5][i // 5].to_bytes(8, "little")
                    for i in range(4))


def ethereum(rng):
    raw = "%040x" % rng.getrandbits(160)
    mark = keccak256(raw.encode()).hex()
    return "0x" + "".join(c.upper() if int(m, 16) > 7 else c
                          for c, m in zip(raw, mark))


def monero(rng, net):
    raw = bytes([net]) + rng.randbytes(64)
    raw += keccak256(raw)[:4]
    out = ""
    for i in range(0, len(raw), 8):
        block = raw[i:i + 8]
        n, text = int.from_bytes(block, "big"), ""
        while n:
            n, r = divmod(n, 58)
            text = B58[r] + text
        out += text.rjust({8: 11, 5: 7}[len(block)], "1")
    return out


def mnemonic(rng, folder, n):
    """BIP-39: entropy and the head of its SHA-256 as words."""
    with open(os.path.join(folder, "crypto/bip39_english.txt")) as f:
        words = f.read().split()
    size = n * 32 // 3
    raw = rng.randbytes(size // 8)
    bits = "".join("{:08b}".format(b) for b in raw)
    bits += "{:08b}".format(hashlib.sha256(raw).digest()[0])[:size // 32]
    return " ".join(words[int(bits[i:i + 11], 2)]
                    for i in range(0, len(bits), 11))


def is_mnemonic(phrase, folder):
    """BIP-39: the last bits are those of the hash of the others."""
    with open(os.path.join(folder, "crypto/bip39_english.txt")) as f:
        place = {w: i for i, w in enumerate(f.read().split())}
    bits = "".join("{:011b}".format(place[w]) for w in phrase.split())
    size = len(bits) * 32 // 33
    raw = int(bits[:size], 2).to_bytes(size // 8, "big")
    return "{:08b}".format(hashlib.sha256(raw).digest()[0]) \
        .startswith(bits[size:])


def makers(rng, folder):
    """(data type, what makes one)."""
    def b58(version, n=20, tail=b"", alphabet=B58):
        return lambda: base58check(version, rng.randbytes(n) + tail, alphabet)

    def segwit(hrp, version, n, upper=False):
        def one():
            s = witness(hrp, version, rng.randbytes(n))
            return s.upper() if upper else s
        return one

    btc = "bitcoin_address"
    return [
        (btc, b58("00")), (btc, b58("05")), (btc, b58("6f")),
        (btc, b58("c4")), (btc, segwit("bc", 0, 20)),
        (btc, segwit("bc", 0, 32)), (btc, segwit("bc", 1, 32)),
        (btc, segwit("tb", 0, 20)), (btc, segwit("tb", 0, 32)),
        (btc, segwit("tb", 1, 32)), (btc, segwit("bc", 0, 20, True)),
        (btc, segwit("bc", 1, 32, True)), (btc, segwit("tb", 1, 32, True)),
        (btc, segwit("bcrt", 0, 20)),
        ("bitcoin_wif", b58("80", 32)), ("bitcoin_wif", b58("80", 32, b"\1")),
        ("bitcoin_wif", b58("ef", 32, b"\1")),
        ("bitcoin_xprv", b58("0488ade4", 74)),
        ("bitcoin_xprv", b58("04358394", 74)),
        ("ethereum_address", lambda: ethereum(rng)),
        ("ethereum_address", lambda: ethereum(rng).lower()),
        ("litecoin_address", b58("30")), ("litecoin_address", b58("32")),
        ("litecoin_address", segwit("ltc", 0, 20)),
        ("litecoin_address", segwit("ltc", 1, 32)),
        ("dogecoin_address", b58("1e")), ("dash_address", b58("4c")),
        ("zcash_address", b58("1cb8")), ("tron_address", b58("41")),
        ("ripple_address", b58("00", 20, b"", RIPPLE)),
        ("monero_address", lambda: monero(rng, 18)),
        ("monero_address", lambda: monero(rng, 42)),
        ("bip39_seed", lambda: mnemonic(rng, folder, 12)),
        ("bip39_seed", lambda: mnemonic(rng, folder, 24)),
        ("cosmos_address",
         lambda: bech32("cosmos", five_bits(rng.randbytes(20)), 1)),
        ("cardano_address",
         lambda: bech32("addr", five_bits(b"\1" + rng.randbytes(56)), 1)),
        ("nostr_key", lambda: bech32("nsec", five_bits(rng.randbytes(32)), 1)),
        ("solana_address", lambda: base58(rng.randbytes(32))),
    ]


def broken(rng, value, folder):
    """One character is another of the same kind, or two words change."""
    while " " in value:
        words = value.split()
        a, b = rng.sample(range(len(words)), 2)
        words[a], words[b] = words[b], words[a]
        if not is_mnemonic(" ".join(words), folder):
            return " ".join(words)
    if value[:2] == "0x" and value == value.lower():
        return value[:-1]
    for _ in range(100):
        i = rng.randrange(6, len(value))
        stock = BECH if value.lower() == value else B58
        c = rng.choice(stock)
        if value[:2] == "0x":
            c = value[i].swapcase()
        if value.upper() == value:
            c = rng.choice(BECH).upper()
        if c != value[i]:
            return value[:i] + c + value[i + 1:]
    return None
