#!/usr/bin/env python3
"""A peer of the agent port that need not be honest.  peer.py HOST:PORT [options]

  --cert PEM --key PEM   client certificate
  --tls12                offer TLS 1.2 only
  --alpn WORD            default trawl/1; "" offers none
  --send HEX             application bytes to send after the handshake
  --wait SECONDS         how long to listen for an answer (default 5)

Prints one line: handshake=ok|refused sent=N received=N end=closed|open
seconds=S. The bytes received are never printed."""
import argparse
import socket
import ssl
import time


def context(a):
    c = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    c.check_hostname = False
    c.verify_mode = ssl.CERT_NONE
    c.minimum_version = ssl.TLSVersion.TLSv1_2 if a.tls12 else ssl.TLSVersion.TLSv1_3
    c.maximum_version = ssl.TLSVersion.TLSv1_2 if a.tls12 else ssl.TLSVersion.TLSv1_3
    if a.alpn:
        c.set_alpn_protocols([a.alpn])
    if a.cert:
        c.load_cert_chain(a.cert, a.key)
    return c


def listen(s, seconds):
    got, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        s.settimeout(max(0.01, end - time.monotonic()))
        try:
            data = s.recv(65536)
        except (TimeoutError, socket.timeout):
            break
        except (ssl.SSLError, OSError):
            return got, "closed"
        if not data:
            return got, "closed"
        got += len(data)
    return got, "open"


def main():
    p = argparse.ArgumentParser()
    p.add_argument("address")
    p.add_argument("--cert")
    p.add_argument("--key")
    p.add_argument("--tls12", action="store_true")
    p.add_argument("--alpn", default="trawl/1")
    p.add_argument("--send", default="")
    p.add_argument("--wait", type=float, default=5)
    a = p.parse_args()
    host, port = a.address.rsplit(":", 1)
    start, shake, sent, got, end = time.monotonic(), "refused", 0, 0, "closed"
    try:
        raw = socket.create_connection((host, int(port)), timeout=a.wait)
        s = context(a).wrap_socket(raw)
        shake = "ok"
        if a.send:
            s.sendall(bytes.fromhex(a.send))
            sent = len(a.send) // 2
        got, end = listen(s, a.wait)
    except (ssl.SSLError, OSError):
        pass
    print("handshake=%s sent=%d received=%d end=%s seconds=%.1f" %
          (shake, sent, got, end, time.monotonic() - start))


main()
