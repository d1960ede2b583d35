#!/usr/bin/env python3
"""The files below a folder become objects of the container "cards" of an
OpenStack Swift, each behind the name of its folder.  swift_fill.py SITE FOLDER"""
import os, sys, time, urllib.error, urllib.request
site, top = sys.argv[1:]
def ask(method, url, head, body=None):
    for n in range(60):
        try:
            return urllib.request.urlopen(urllib.request.Request(
                url, data=body, headers=head, method=method), timeout=20)
        except urllib.error.URLError:
            if n == 59: raise
            time.sleep(0.25)
r = ask("GET", site + "/auth/v1.0",
        {"X-Auth-User": "test:tester", "X-Auth-Key": "testing"})
head = {"X-Auth-Token": r.headers["X-Auth-Token"]}
root = r.headers["X-Storage-Url"] + "/cards"
ask("PUT", root, head)
for at, _, names in os.walk(top):
    for name in names:
        with open(os.path.join(at, name), "rb") as f:
            ask("PUT", f"{root}/{os.path.basename(at)}/{name}", head, f.read())
