#!/usr/bin/env python3
"""The container "cards" of an OpenStack Swift is emptied and deleted; somebody
else may be at it.  swift_empty.py SITE"""
import sys, urllib.error, urllib.request
def ask(method, url, head):
    try:
        return urllib.request.urlopen(urllib.request.Request(
            url, headers=head, method=method), timeout=20)
    except urllib.error.HTTPError as e:
        if e.code != 404: raise
        return e
r = ask("GET", sys.argv[1] + "/auth/v1.0",
        {"X-Auth-User": "test:tester", "X-Auth-Key": "testing"})
head = {"X-Auth-Token": r.headers["X-Auth-Token"]}
root = r.headers["X-Storage-Url"] + "/cards"
r = ask("GET", root, head)
for name in r.read().decode().split() if r.status == 200 else ():
    ask("DELETE", root + "/" + name, head)
print(ask("DELETE", root, head).status)
