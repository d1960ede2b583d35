#!/usr/bin/env python3
"""One question to core at run/admin.sock.  ask.py DATA OP [JSON]

Prints the time of asking (ms since 1970) and the answer's body; exit 0 when
its status is below 400."""
import json
import socket
import sys
import time

s = socket.socket(socket.AF_UNIX)
s.settimeout(20)
s.connect(sys.argv[1] + "/run/admin.sock")
args = json.loads(sys.argv[3]) if len(sys.argv) > 3 else {}
print(int(time.time() * 1000))
s.sendall(json.dumps({"op": sys.argv[2], "args": args}).encode() + b"\n")
text = b""
while not text.endswith(b"\n"):
    more = s.recv(65536)
    if not more:
        break
    text += more
answer = json.loads(text)
print(json.dumps(answer.get("body")))
sys.exit(0 if answer.get("status", 500) < 400 else 1)
