"""Cases of a fourth writer, who takes values from public libraries.

Ids are examples in the modules of python-stdnum (Debian's python3-stdnum),
changed by chance until the module finds them valid, and written as it writes
them; titles are what its first line calls them. Without it they are left out.
Cards are of a hundred ranges of issuers as payment pages list them. Near
misses: a digit off.
"""
import re
import sys

import coins as chain
from strangers import DIGITS, Shown, cut, luhn_digit, numeric, off_by_one

# {v} value, {t} title, {k} key
FRAMES = {
    "bare": ["{v}", "{v}\n", " {v} \n", "{v}\r\n", "\"{v}\"", "{v},"],
    "titled": ["{t}: {v}", "{t}: {v}\n", "{t}:{v}", "{t} - {v}", "{t} {v}",
               "{t}=\t{v}", "{t} = \"{v}\""],
    "csv": ["id,{k},name\n1,{v},Alice\n", "{k}\n{v}\n", "id\t{t}\n1\t{v}\n",
            "name;{k};country\nAlice;{v};XX\n", "\"id\",\"{t}\"\n\"1\",\"{v}\""
            "\n", "{t},comment\n{v},none\n"],
    "text": ["Please use {t} {v} for this transaction.",
             "The {t} of the customer is {v}.",
             "My {t} is {v}, can you check it?",
             "Contact us regarding {t} ({v}) today.",
             "Her {t}, {v}, was verified yesterday by our staff.",
             "We received your request for {t}: {v}. Thanks."],
}


def around(rng, group, kind, value, titles, want):
    title = rng.choice(titles)
    key = re.sub(r"\W+", "_", title.lower()).strip("_")
    for how, frames in FRAMES.items():
        text = rng.choice(frames).format(v="\0", t=title, k=key)
        named = "id_bare" if how == "bare" and group == "id" else group
        if how == "bare" and group == "id_plain":
            continue  # such a number is nothing without its title
        yield Shown(named, kind, how, text.replace("\0", value),
                    text.index("\0"), len(value), want)


# ---- ids -------------------------------------------------------------------

# no ids of anybody, or not of one country
NO_IDS = ("iban", "esr", "postleitzahl", "isbn", "nace", "banknote", "eic",
          "postcode", "postnummer", "vatin", "atin", "tin2")
RENAMED = {"gb": "uk", "us_rtn": "us_aba_routing", "es_dni": "es_nif"}


def modules():
    sys.path.append("/usr/lib/python3/dist-packages")  # Debian's
    try:
        from stdnum.util import get_number_modules
        return list(get_number_modules())
    except ImportError:
        return []
    finally:
        sys.path.pop()


def kind_of(module):
    name = module.__name__[len("stdnum."):].replace(".", "_")
    head, _, tail = name.partition("_")
    name = RENAMED.get(head, head) + ("_" + tail if tail else "")
    return RENAMED.get(name, name)


def titles_of(module):
    """"NAME (long name, what it is of)" as three titles."""
    line = module.__doc__.strip().split("\n")[0].rstrip(".)")
    head, _, rest = line.partition("(")
    parts = [head] + rest.split(",")
    return [x.strip() for x in parts if 2 < len(x.strip()) < 50] or [head]


def another(rng, module, good):
    """Half of its digits are others, and it is valid."""
    for _ in range(4000):
        value = "".join(rng.choice(DIGITS) if ch.isdigit() and
                        rng.random() < 0.5 else ch for ch in good)
        if value != good and module.is_valid(value):
            return value
    return good


def checked(rng, module, value):
    """Most of what is one digit off is refused."""
    off = [off_by_one(rng, value) for _ in range(40)]
    return sum(not module.is_valid(x) for x in off) > 30


def ids(rng, n, known):
    for module in modules():
        kind = kind_of(module)
        if kind not in known or kind.endswith(NO_IDS):
            continue
        shown = re.findall(r"(?:validate|compact|format)\('([^']+)'\)",
                           module.__doc__)
        good = [x for x in shown if module.is_valid(x)]
        if not good or not any(ch.isdigit() for ch in good[0]):
            continue
        base = module.compact(good[0])
        group = "id" if checked(rng, module, base) else "id_plain"
        for _ in range(n):
            value = another(rng, module, base)
            forms = {value, getattr(module, "format", str)(value)}
            for form in sorted(forms):
                yield from around(rng, group, kind, form, titles_of(module),
                                  True)
            bad = off_by_one(rng, value)
            if group == "id" and not module.is_valid(bad):
                yield from around(rng, group, kind, bad, titles_of(module),
                                  False)


# ---- cards -----------------------------------------------------------------

ISSUERS = [  # (prefixes, lengths)
    ("4", (13, 16, 19)), ("51 52 53 54 55 2221 2300 2650 2719 2720", (16,)),
    ("34 37", (15,)), ("6011 644 645 649 65", (16, 19)),
    ("300 301 305 309 36 38 39", (14,)), ("36 3095", (16,)),
    ("3528 3540 3589", (16,)), ("1800 2131", (15,)),
    ("62", (16, 17, 18, 19)), ("81", (16,)),
    ("5018 5020 5038 5893 6304 6759 6761 6762 6763",
     (12, 13, 14, 15, 16, 17, 18, 19)), ("50 56 57 58 61 66 67 69", (16,)),
    ("2200 2202 2204", (16, 19)), ("9792 65", (16,)),
    ("60 6521 6522 81 82 508", (16,)), ("606282 637095 637568 637612", (16,)),
    ("431274 438935 451416 504175 627780 636297 509000 650031", (16,)),
    ("506099 507865 650002", (16, 19)), ("5019 4571", (16,)),
    ("6304 6706 6771 6709 6334 6767", (16,)),
    ("4903 4905 4911 564182 633110 6333", (16,)),
    ("9860 8600 5614 9704 9112 6050 6041 637 638 639", (16,)),
]
SIZES = {12: (4, 4, 4), 13: (4, 4, 5), 14: (4, 6, 4), 15: (4, 6, 5),
         16: (4, 4, 4, 4), 17: (4, 4, 4, 4, 1), 18: (4, 4, 4, 4, 2),
         19: (4, 4, 4, 4, 3)}
CARD = ["Card number", "Credit card", "credit card number", "CC", "PAN",
        "card_no", "Payment card", "CreditCardNumber", "card", "Debit card",
        "Card No.", "cc_number", "Kreditkartennummer", "carte bancaire",
        "tarjeta de credito"]
CARD_FRAMES = [
    "cc={v};", "<pan>{v}</pan>", "\"cardNumber\":\"{v}\",\"cvv\":\"123\"",
    "row|{v}|12/27", "{v},12,2027,123", "pay {v} exp 12/27 cvv 123",
    "INFO charged card {v} amount=12.00", "card={v}&cvv=1", "('{v}', 'x')",
    "Karte:{v}", "\u30ab\u30fc\u30c9\u756a\u53f7{v}", "\u5361\u53f7\uff1a{v}"]
SCRIPTS = ["\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669",
           "\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19",
           "\u0966\u0967\u0968\u0969\u096a\u096b\u096c\u096d\u096e\u096f"]


def card(rng, prefixes, length):
    body = rng.choice(prefixes.split())
    body += numeric(rng, length - 1 - len(body))
    return body + luhn_digit(body)


def cards(rng, n):
    for prefixes, lengths in ISSUERS:
        for length in lengths * n:
            value = card(rng, prefixes, length)
            sizes = SIZES[length]
            for form in (value, cut(value, sizes, " "), cut(value, sizes, "-"),
                         value.translate(str.maketrans(DIGITS,
                                                       rng.choice(SCRIPTS)))):
                yield from around(rng, "card", "card", form, CARD, True)
                text = rng.choice(CARD_FRAMES).format(v="\0")
                yield Shown("card", "card", "code", text.replace("\0", form),
                            text.index("\0"), len(form), True)
            bad = off_by_one(rng, value)
            for form in (bad, cut(bad, sizes, " ")):
                yield from around(rng, "card", "card", form, CARD, False)


# ---- coins -----------------------------------------------------------------

COIN = ["Bitcoin address", "wallet", "Wallet address", "address",
        "crypto wallet", "deposit address"]
PLAIN = "00 05 6f c4 30 32 1e 4c 1cb8 41".split()  # versions
CHAINS = "cosmos osmo terra juno bnb erd one inj kava sei thor celestia".split()


def coins(rng, n):
    for _ in range(n):
        made = []
        for version in PLAIN:
            made.append(chain.base58check(version, rng.randbytes(20)))
        for hrp in ("bc", "tb", "ltc", "bcrt"):
            made.append(chain.witness(hrp, 0, rng.randbytes(20)))
            made.append(chain.witness(hrp, 1, rng.randbytes(32)))
            made.append(made[-1].upper())
        for hrp in CHAINS:
            key = rng.randbytes(32 if hrp == "erd" else 20)
            made.append(chain.bech32(hrp, chain.five_bits(key), 1))
        for value in made:
            yield from around(rng, "crypto", "coin", value, COIN, True)
            at = rng.randrange(6, len(value))
            other = "q" if value[at].lower() != "q" else "p"
            bad = value[:at] + (other.upper() if value.isupper() else other)
            yield from around(rng, "crypto", "coin", bad + value[at + 1:],
                              COIN, False)


def suites(rng, n, known):
    yield from ids(rng, n, known)
    yield from cards(rng, n)
    yield from coins(rng, n)
