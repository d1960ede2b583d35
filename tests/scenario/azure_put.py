"""Requests to Azure Storage on loopback that are signed with Shared Key, for
tests: what a scenario's account holds is put there by a signer of its own."""
import base64
import datetime
import hmac
import http.client
import sys
import threading
import urllib.parse


class Account:
    def __init__(self, name, key, *ports):
        self.name = name
        self.key = base64.b64decode(key)
        self.ports = dict(zip(("blob", "queue", "table"), map(int, ports)))
        self.local = threading.local()  # a connection of each thread

    def connection(self, service):
        c = getattr(self.local, service, None)
        if c is None:
            c = http.client.HTTPConnection("127.0.0.1", self.ports[service],
                                           timeout=20)
            setattr(self.local, service, c)
        return c

    def text(self, service, method, path, params, h, body):
        """What is signed."""
        place = f"/{self.name}{path}"
        kind = h.get("Content-Type", "")
        if service == "table":
            return "\n".join([method, "", kind, h["x-ms-date"], place])
        ms = "".join(f"{k.lower()}:{v}\n" for k, v in sorted(h.items())
                     if k.startswith("x-ms-"))
        query = "".join(f"\n{k}:{v}" for k, v in sorted(params.items()))
        return "\n".join([method, "", "", str(len(body)) if body else "", "",
                          kind, "", "", "", "", "", "", ms + place + query])

    def ask(self, service, method, path, params={}, head={}, body=b""):
        now = datetime.datetime.now(datetime.timezone.utc)
        h = {"x-ms-version": "2020-10-02",
             "x-ms-date": now.strftime("%a, %d %b %Y %H:%M:%S GMT"), **head}
        path = f"/{self.name}/" + path
        text = self.text(service, method, path, params, h, body)
        sig = hmac.new(self.key, text.encode(), "sha256").digest()
        h["Authorization"] = (f"SharedKey {self.name}:" +
                              base64.b64encode(sig).decode())
        query = "?" + urllib.parse.urlencode(params) if params else ""
        c = self.connection(service)
        c.request(method, path + query, body or None, h)
        r = c.getresponse()
        got = r.read()
        if r.status >= 300:
            sys.exit(f"{method} {path}: {r.status} {got[:300]}")
        return r
