#!/usr/bin/env python3
"""Which of these processes, or their children, listen?  sockets.py PID...

Prints a line for each listening TCP, UDP or named unix socket that one of them
holds and exits 1 when there is any."""
import os
import sys


def tree(pid):
    yield pid
    try:
        kids = open("/proc/%d/task/%d/children" % (pid, pid)).read().split()
    except OSError:
        return
    for kid in kids:
        yield from tree(int(kid))


def listening():
    """inode -> what it is"""
    found = {}
    for proto, state in (("tcp", "0A"), ("tcp6", "0A"), ("udp", "07"), ("udp6", "07")):
        for line in open("/proc/net/" + proto).readlines()[1:]:
            f = line.split()
            if f[3] == state:
                found[f[9]] = "%s %s" % (proto, f[1])
    for line in open("/proc/net/unix").readlines()[1:]:
        f = line.split()
        if int(f[3], 16) & 0x10000:
            found[f[6]] = "unix " + (f[7] if len(f) > 7 else "")
    return found


def main():
    inodes, bad = listening(), 0
    for root in sys.argv[1:]:
        for pid in tree(int(root)):
            try:
                fds = os.listdir("/proc/%d/fd" % pid)
            except OSError:
                continue
            for fd in fds:
                try:
                    link = os.readlink("/proc/%d/fd/%s" % (pid, fd))
                except OSError:
                    continue
                if link.startswith("socket:[") and link[8:-1] in inodes:
                    print("pid %d listens: %s" % (pid, inodes[link[8:-1]]))
                    bad = 1
    return bad


sys.exit(main())
