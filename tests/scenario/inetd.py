#!/usr/bin/env python3
"""A super-server on loopback: inetd.py PORT COMMAND...

Starts the command for each connection with it as standard input and output,
as inetd does for servers that cannot be told to listen on one address alone.
Ends with its children on SIGTERM.
"""
import os
import signal
import socket
import subprocess
import sys

children = []


def end(*_):
    for child in children:
        child.kill()
    os._exit(0)


def main():
    port, command = int(sys.argv[1]), sys.argv[2:]
    signal.signal(signal.SIGTERM, end)
    with socket.create_server(("127.0.0.1", port)) as server:
        while True:
            peer, _ = server.accept()
            children[:] = [c for c in children if c.poll() is None]
            with peer:
                children.append(subprocess.Popen(command, stdin=peer, stdout=peer))


main()
