"""Trees that hold nothing: what is found there is a false alarm."""
import os
import shutil
import subprocess
import sysconfig
import tempfile
from collections import Counter

ROOMS = ["common", "agent", "master", "web", "packaging", "Makefile"]


def history(top, folder):
    """What was ever written in rooms that hold no examples, as patches."""
    path = os.path.join(folder, "history.patch")
    with open(path, "wb") as f:
        subprocess.run(["git", "-C", top, "log", "-p", "--format=%H%n%B",
                        "--", *ROOMS], stdout=f, check=False)
    return path


def python(folder):
    """The standard library, without what was installed beside it, and without
    the private keys that its tests use: they are what they look like."""
    to = os.path.join(folder, "python")
    shutil.copytree(sysconfig.get_paths()["stdlib"], to, symlinks=True,
                    ignore=shutil.ignore_patterns(
                        "site-packages", "dist-packages", "__pycache__",
                        "certdata"))
    return to


def node():
    for d in ("/usr/share/nodejs", "/usr/lib/node_modules",
              "/usr/local/lib/node_modules"):
        if os.path.isdir(d):
            return d
    return None


TEST_DATA = "well-known test or example value"


def kind(group):
    return "id" if group.startswith("id_") or group == "bank" else group


def measure(top, scan, groups):
    out = []
    with tempfile.TemporaryDirectory() as tmp:
        places = [("documentation", "/usr/share/doc"),
                  ("headers", "/usr/include"),
                  ("python", python(tmp)),
                  ("node", node()), ("git history", history(top, tmp))]
        for name, path in places:
            if path is None or not os.path.exists(path):
                continue
            found, totals = scan(path)
            mib = max(totals["bytes"] / 2 ** 20, 0.001)
            rates = Counter({"card": 0, "id": 0, "secret": 0})
            marked = 0
            for f in found:
                k = kind(groups.get(f["type"], ""))
                if k not in rates:
                    continue
                if TEST_DATA in f.get("reasons", []):
                    marked += 1  # said to be what it is
                else:
                    rates[k] += 1
            out.append({"name": name, "mib": mib,
                        "rates": {k: n / mib for k, n in rates.items()},
                        "marked": marked,
                        "types": Counter(f["type"] for f in found)
                        .most_common(25)})
    return out
