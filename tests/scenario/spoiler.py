"""A relay between a client and a server on loopback that spoils what it
carries, for tests: spoiler.py LISTEN TO FAULT [AMOUNT [TIMES]]

  delay MS     every piece arrives that much later, both ways, in order
  cut N        after N bytes of the server the connection is reset
  truncate N   after N bytes of the server it is closed in good order
  garbage N    after N bytes of the server noise follows instead of its own
  stall N      after N bytes of the server nothing comes any more
  close        it is closed as soon as it stands
  mute         it stands, and nothing is ever carried
  none         nothing is spoilt

TIMES: only that many connections are spoilt, the first ones; the others are
carried as they are. Bytes are counted over each connection. One line a
connection on standard output: "connection NUMBER spoilt|whole".
"""
import asyncio
import random
import socket
import struct
import sys

LISTEN, TO, FAULT = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
AMOUNT = int(sys.argv[4]) if len(sys.argv) > 4 else 0
TIMES = int(sys.argv[5]) if len(sys.argv) > 5 else 1 << 30
count = 0


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


async def carry_late(reader, writer):
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
        pieces.put_nowait((loop.time() + AMOUNT / 1000, data))
    pieces.put_nowait((loop.time() + AMOUNT / 1000, b""))
    await task


async def spoil(reader, writer, back):
    """The server's bytes: AMOUNT of them, then the fault."""
    left = AMOUNT
    noise = random.Random(7)
    while data := await reader.read(65536):
        writer.write(data[:left])
        await writer.drain()
        if len(data) <= left:
            left -= len(data)
            continue
        if FAULT == "cut":
            reset(writer)
            reset(back)
        elif FAULT == "truncate":
            writer.close()
            back.close()
        elif FAULT == "garbage":
            for _ in range(4):
                writer.write(noise.randbytes(65536))
                await writer.drain()
            await forever()
        elif FAULT == "stall":
            await forever()
        return
    writer.write_eof()


async def serve(reader, writer):
    global count
    count += 1
    spoilt = FAULT != "none" and count <= TIMES
    print("connection", count, "spoilt" if spoilt else "whole", flush=True)
    if spoilt and FAULT == "close":
        writer.close()
        return
    if spoilt and FAULT == "mute":
        await forever()
    try:
        to_reader, to_writer = await asyncio.open_connection("127.0.0.1", TO)
    except OSError:  # the server is gone: so is this
        writer.close()
        return
    if spoilt and FAULT == "delay":
        ways = carry_late(reader, to_writer), carry_late(to_reader, writer)
    elif spoilt:
        ways = carry(reader, to_writer), spoil(to_reader, writer, to_writer)
    else:
        ways = carry(reader, to_writer), carry(to_reader, writer)
    try:
        await asyncio.gather(*ways)
    except OSError:
        pass
    finally:
        for w in (writer, to_writer):
            w.close()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", LISTEN)
    async with server:
        await server.serve_forever()


try:
    asyncio.run(main())
except KeyboardInterrupt:
    pass
