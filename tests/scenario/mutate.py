#!/usr/bin/env python3
"""Mutants of samples.  mutate.py SEED COUNT OUT SAMPLE...

COUNT files into OUT, made of the samples in turn: bits flipped, bytes changed,
cut, spliced with another sample, lengths and numbers replaced, blocks repeated
and taken out. Members of zips and what gzip packed are changed within as well,
since changes of packed bytes rarely reach who reads what they unpack to. A
mutant depends on SEED, the name of its sample and its number, and on nothing
else."""
import gzip
import io
import os
import random
import re
import sys
import zipfile

MOST = 1 << 20  # no mutant grows beyond that by much
NUMBERS = [0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff,
           0x80000000, 0xfffffff0, 0xffffffff]
WORDS = [b"0", b"-1", b"1", b"65536", b"2147483647", b"4294967295",
         b"18446744073709551615", b"9" * 40, b"1e308"]


def flip(r, b, others):
    for _ in range(r.choice([1, 2, 8, 64])):
        b[r.randrange(len(b))] ^= 1 << r.randrange(8)


def change(r, b, others):
    for _ in range(r.choice([1, 4, 32])):
        b[r.randrange(len(b))] = r.randrange(256)


def cut(r, b, others):
    del b[r.randrange(len(b)):]


def take_out(r, b, others):
    at = r.randrange(len(b))
    del b[at:at + r.choice([1, 2, 4, 16, 512, 4096])]


def repeat(r, b, others):
    at, n = r.randrange(len(b)), r.choice([1, 4, 16, 64, 512, 4096])
    block = bytes(b[at:at + n])
    times = min(r.choice([1, 2, 100, 10000]), max(1, (MOST - len(b)) // len(block)))
    b[at:at] = block * times


def splice(r, b, others):
    other = r.choice(others)
    at, to = r.randrange(len(b)), r.randrange(len(other))
    n = r.choice([8, 64, 512, 1 << 20])
    b[at:at + r.choice([0, n])] = other[to:to + n]


def length(r, b, others):
    """A number of some width and order, where one may stand"""
    for _ in range(r.choice([1, 1, 2, 8])):
        n = r.choice([1, 2, 4, 4, 8])
        at = r.randrange(len(b))
        at -= r.choice([0, at % n])
        order = r.choice(["little", "big"])
        old = int.from_bytes(b[at:at + n], order)
        new = r.choice(NUMBERS + [old + 1, old - 1, old * 2, len(b), at])
        b[at:at + n] = (new % (1 << 8 * n)).to_bytes(n, order)


def digits(r, b, others):
    """A number that is written in digits"""
    found = list(re.finditer(rb"\d+", bytes(b)))
    if not found:
        return length(r, b, others)
    m = r.choice(found)
    b[m.start():m.end()] = r.choice(WORDS)


WAYS = [flip, change, cut, take_out, repeat, splice, length, length, digits]


def plainly(r, data, others):
    b = bytearray(data)
    for _ in range(r.choice([1, 1, 1, 2, 4])):
        if not b:
            break
        r.choice(WAYS)(r, b, others)
    return bytes(b)


def in_zip(r, data):
    """One member is changed, the rest is as it was"""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as z:
            members = [(i.filename, z.read(i)) for i in z.infolist()]
    except Exception:
        return None
    full = [i for i, (_, text) in enumerate(members) if text]
    if not full:
        return None
    hurt = r.choice(full)
    # what is largest says most
    if r.random() < .5:
        hurt = max(full, key=lambda i: len(members[i][1]))
    out = io.BytesIO()
    texts = [members[i][1] for i in full]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for i, (name, text) in enumerate(members):
            z.writestr(zipfile.ZipInfo(name), plainly(r, text, texts) if i == hurt else text,
                       zipfile.ZIP_DEFLATED)
    return out.getvalue()


def in_gzip(r, data, others):
    try:
        return gzip.compress(plainly(r, gzip.decompress(data), others), 1, mtime=0)
    except Exception:
        return None


def mutant(r, data, others):
    out = None
    if data[:2] == b"PK" and r.random() < .6:
        out = in_zip(r, data)
    elif data[:2] == b"\x1f\x8b" and r.random() < .5:
        out = in_gzip(r, data, others)
    return plainly(r, data, others) if out is None else out


def main():
    seed, count, out, paths = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4:]
    samples = [open(p, "rb").read() for p in paths]
    for i in range(count):
        k = i % len(samples)
        name = os.path.basename(paths[k])
        r = random.Random("%s %s %d" % (seed, name, i))
        with open(os.path.join(out, "%05d-%s" % (i, name)), "wb") as f:
            f.write(mutant(r, samples[k], samples))


main()
