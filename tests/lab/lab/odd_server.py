#!/usr/bin/python3
"""A server of python3-aiosmtpd that says what servers in the field say and RFC 5321 does not know.

Run inside the Internet's namespace by extras.py. A recipient's or sender's local part chooses a reply (ODD); the HELO name
"close-at-mail", "reset-at-body" and the like has the server go there without a word; the address that it listens at chooses
the rest (PLACES). Each thing that it was told and that it said stands in its log, a JSON line each, in this order.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import asyncio
import json
import re
import socket
import struct
import sys
import time

from aiosmtpd.smtp import SMTP

DOMAIN = "odd.example"


class Raw(bytes):
    """Bytes to be said as they are, without a line's end behind them."""


ODD = {
    "code472": "472 4.7.2 Sender cannot be verified now",
    "code400": "400 no",
    "code599": "599 5.5.0 Something is not right",
    "bare550": "550",
    "nocode": "4.7.0 Try again later",
    "mixed": "550-5.7.1 Blocked by our policy\r\n550-5.7.26 and unauthenticated\r\n550 5.1.1 and there is no such user",
    "changes": "450-4.7.1 Come back later\r\n550 5.7.1 or better not at all",
    "newline": Raw(b"550 5.1.1 No such user\n"),
    "newlines": Raw(b"550-5.1.1 No such user\n550-5.1.1 in this house\n550 5.1.1 ask elsewhere\n"),
    "warns": Raw(b"warning: table is slow\r\n\r\n550 5.1.1 No such user\r\n"),
    "latin1": Raw("550 5.1.1 Empfänger unbekannt\r\n".encode("latin-1")),
}
NORMAL, NO_LINE_END, UNCLOSED, IDLE_421, GOES = PLACES = ["203.0.113.%d" % n for n in range(32, 37)]


class Handler:
    """What aiosmtpd asks before it answers."""

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        if server.place == UNCLOSED:
            await server.push(Raw(b"250-" + DOMAIN.encode() + b"\r\n250-SIZE\r\n"))
            await asyncio.sleep(0.3)
            server.go(False)
            return []
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):
        status = ODD.get(address.split("@")[0], "250 2.1.0 Sender ok")
        if status[:1] in ("2", b"2"):
            envelope.mail_from = address
        return status

    async def handle_RCPT(self, server, session, envelope, address, options):
        status = ODD.get(address.split("@")[0], "250 2.1.5 Recipient ok")
        if status[:1] in ("2", b"2"):
            envelope.rcpt_tos.append(address)
            if server.place == IDLE_421:
                asyncio.get_running_loop().create_task(server.tire())
        return status

    async def handle_DATA(self, server, session, envelope):
        to = envelope.rcpt_tos[0].split("@")[0]
        if to == "slow":  # time for the client to go
            await asyncio.sleep(1)
        after = re.match("after-(.*)", to)
        return ODD[after.group(1)] if after else "250 2.0.0 Queued as %s" % to


class OddServer(SMTP):
    def __init__(self):
        super().__init__(Handler(), hostname="mx." + DOMAIN, ident="ESMTP", timeout=60)
        self.stage = None  # where this connection is to end

    def note(self, event, **what):
        print(json.dumps({"at": time.time(), "client": self.peer, "server": self.sock, "event": event, **what}), flush=True)

    def connection_made(self, transport):
        self.peer = transport.get_extra_info("peername")[:2]
        self.sock = transport.get_extra_info("sockname")[:2]
        self.place = self.sock[0]
        self.note("connect")
        super().connection_made(transport)

    def connection_lost(self, error):
        self.note("end", how=str(error or "closed"))
        super().connection_lost(error)

    def go(self, reset):
        if reset:
            self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.transport.abort()
        else:
            self.transport.close()

    def leaves(self, stage):
        """True when this is where it ends: closed, or reset."""
        m = re.fullmatch(r"(close|reset)-at-(\w+)", self.session.host_name or "")
        if m is None or m.group(2) != stage:
            return False
        self.go(m.group(1) == "reset")
        return True

    async def tire(self):
        await asyncio.sleep(0.3)
        await self.push("421 4.4.2 Idle for too long, closing")
        self.go(False)

    async def push(self, status):
        if self.transport is None or self.transport.is_closing():
            return
        said = status if isinstance(status, bytes) else status.encode()
        said = said if isinstance(status, Raw) else said + b"\r\n"
        if self.place == NO_LINE_END and said.startswith(b"220 "):
            said = said[:-2]
        self.note("said", bytes=said.hex())
        self._writer.write(said)
        await self._writer.drain()
        if said.startswith(b"354"):
            self.leaves("go")

    async def _handle_client(self):
        if self.place == GOES and self.peer[1] % 10 in (1, 2):  # without a greeting: the client's port says how
            return self.go(self.peer[1] % 10 == 1)
        return await super()._handle_client()


def told(verb):
    """smtp_VERB of aiosmtpd, with a line in the log, and an end before it answers."""
    theirs = getattr(SMTP, "smtp_" + verb)

    async def method(self, arg):
        self.note("told", line=f"{verb} {arg}" if arg else verb)
        if verb in ("EHLO", "HELO"):
            self.session.host_name = arg
        if self.leaves(verb.lower()):
            return
        last = {"body": b"\r\n", "dot": b".\r\n"}.get((self.session.host_name or "").split("-at-")[-1])
        if verb == "DATA" and last:
            await self.push("354 Go ahead")
            while await self._reader.readuntil(b"\r\n") != last:
                pass
            self.leaves("dot" if last[0] == 46 else "body")
            return
        await theirs(self, arg)
    return method


for name in ("EHLO", "HELO", "MAIL", "RCPT", "DATA", "RSET", "NOOP", "QUIT"):
    setattr(OddServer, "smtp_" + name, told(name))


async def main():
    loop = asyncio.get_running_loop()
    servers = [await loop.create_server(OddServer, place, 25) for place in PLACES]
    await asyncio.gather(*(s.serve_forever() for s in servers))


if __name__ == "__main__":
    sys.stderr = open("/dev/null", "w")  # a client that is gone is no error here
    asyncio.run(main())
