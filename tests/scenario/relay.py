#!/usr/bin/env python3
"""Carries connections to a server on loopback and, once, holds one of them
back.  relay.py PORT SERVER_PORT BYTES FLAG

The first connection whose server sent BYTES gets no more of them: the file FLAG
appears, and it stays as it is until the server or its peer ends it. All others
are carried whole."""
import os
import socket
import sys
import threading

port, server, limit, flag = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
lock = threading.Lock()


def hold_back():
    with lock:
        if os.path.exists(flag):
            return False
        open(flag, "w").close()
        return True


def carry(src, dst, counted):
    sent = 0
    held = False
    try:
        while data := src.recv(65536):
            sent += len(data)
            held = held or (counted and sent > limit and hold_back())
            if not held:
                dst.sendall(data)
    except OSError:
        pass
    for s in (src, dst):
        try:
            s.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def serve(client):
    try:
        peer = socket.create_connection(("127.0.0.1", server), 5)
        peer.settimeout(None)
    except OSError:
        client.close()
        return
    threading.Thread(target=carry, args=(client, peer, False), daemon=True).start()
    carry(peer, client, True)
    peer.close()
    client.close()


listener = socket.create_server(("127.0.0.1", port))
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
