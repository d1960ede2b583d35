"""Relays between clients and servers on loopback that spoil what they carry,
for tests: spoiler.py TO:FAULT[:AMOUNT[:TIMES]]...

  delay:MS     every piece arrives that much later, both ways, in order
  slow:MS      from SIGUSR1 to SIGUSR1 each piece of the server waits so long
               before it goes on, one after the other
  cut:N        after N bytes of the server the connection is reset
  truncate:N   after N bytes of the server it is closed in good order
  end:N        after N bytes of the server it says that no more come, and goes on
               to listen: all that came can be read, however late (what waits to
               be read when a connection is reset is lost)
  garbage:N    after N bytes of the server noise follows instead of its own
  stall:N      after N bytes of the server nothing comes any more
  close        it is closed as soon as it stands
  mute         it stands, and nothing is ever carried
  none         nothing is spoilt

TO is the server's port. TIMES: only that many connections are spoilt, the first
ones; the others are carried as they are. Bytes are counted over each connection.
Standard output: "listening INDEX PORT" for each, in their order, then a line
"connection INDEX NUMBER spoilt|whole" for each connection.
"""
import asyncio
import os
import random
import signal
import socket
import struct
import sys

strained = False


def turn(*_):
    global strained
    strained = not strained


def reset(writer):
    s = writer.get_extra_info("socket")
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def forever():
    await asyncio.Event().wait()


async def carry(reader, writer):
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.write_eof()


async def carry_late(reader, writer, late):
    """Each piece has its own time of arrival; many are on their way."""
    loop = asyncio.get_running_loop()
    pieces = asyncio.Queue()

    async def deliver():
        while True:
            due, data = await pieces.get()
            await asyncio.sleep(max(0, due - loop.time()))
            if not data:
                writer.write_eof()
                return
            writer.write(data)
            await writer.drain()

    task = asyncio.create_task(deliver())
    while data := await reader.read(65536):
        pieces.put_nowait((loop.time() + late, data))
    pieces.put_nowait((loop.time() + late, b""))
    await task


async def carry_slowly(reader, writer, late):
    while data := await reader.read(65536):
        if strained:
            await asyncio.sleep(late)
        writer.write(data)
        await writer.drain()
    writer.write_eof()


async def spoil(reader, writer, back, fault, left):
    """The server's bytes: so many of them, then the fault."""
    noise = random.Random(7)
    while data := await reader.read(65536):
        writer.write(data[:left])
        await writer.drain()
        if len(data) <= left:
            left -= len(data)
            continue
        if fault == "cut":
            reset(writer)
            reset(back)
        elif fault == "truncate":
            writer.close()
            back.close()
        elif fault == "garbage":
            for _ in range(4):
                writer.write(noise.randbytes(65536))
                await writer.drain()
            await forever()
        elif fault == "end":
            writer.write_eof()
            await forever()
        elif fault == "stall":
            await forever()
        return
    writer.write_eof()


class Relay:
    def __init__(self, index, spec):
        parts = spec.split(":")
        self.index = index
        self.to = int(parts[0])
        self.fault = parts[1]
        self.amount = int(parts[2]) if len(parts) > 2 else 0
        self.times = int(parts[3]) if len(parts) > 3 else 1 << 30
        self.count = 0
        self.tasks = set()  # or nobody would hold them

    async def listen(self):
        server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        print("listening", self.index, port, flush=True)
        await server.serve_forever()

    async def serve(self, reader, writer):
        self.count += 1
        self.tasks.add(asyncio.current_task())
        fault = self.fault if self.count <= self.times else "none"
        print("connection", self.index, self.count,
              "whole" if fault == "none" else "spoilt", flush=True)
        try:
            await self.carry(reader, writer, fault)
        except OSError:
            pass
        finally:
            self.tasks.discard(asyncio.current_task())
            writer.close()

    async def carry(self, reader, writer, fault):
        if fault == "close":
            return
        if fault == "mute":
            await forever()
        far_reader, far_writer = await asyncio.open_connection(
            "127.0.0.1", self.to)
        there, back = (reader, far_writer), (far_reader, writer)
        if fault == "delay":
            late = self.amount / 1000
            ways = carry_late(*there, late), carry_late(*back, late)
        elif fault == "slow":
            ways = carry(*there), carry_slowly(*back, self.amount / 1000)
        elif fault == "none":
            ways = carry(*there), carry(*back)
        else:
            ways = carry(*there), spoil(*back, far_writer, fault, self.amount)
        try:
            await asyncio.gather(*ways)
        finally:
            far_writer.close()


async def main():
    relays = [Relay(i, spec) for i, spec in enumerate(sys.argv[1:])]
    await asyncio.gather(*(r.listen() for r in relays))


signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
signal.signal(signal.SIGUSR1, turn)
asyncio.run(main())
