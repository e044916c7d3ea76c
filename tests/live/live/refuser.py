#!/usr/bin/python3
"""A receiving server that knows nobody but those who are named: refuser.py ADDRESS PORT [MAILBOX...].  It says "ready"
when it listens.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import socketserver
import sys

REPLIES = {b"EHLO": b"250 mx.dest.example", b"HELO": b"250 mx.dest.example", b"MAIL": b"250 2.1.0 Ok",
           b"RCPT": b"550 5.1.1 User unknown in virtual mailbox table", b"RSET": b"250 2.0.0 Ok",
           b"QUIT": b"221 2.0.0 Bye"}
KNOWN = [f"RCPT TO:<{mailbox}>".upper().encode() for mailbox in sys.argv[3:]]
if KNOWN:
    REPLIES[b"DATA"] = b"354 Go on"


class Dialogue(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(b"220 mx.dest.example ESMTP\r\n")
        for line in self.rfile:
            verb = line[:4].upper()
            taken = line.strip().upper() in KNOWN
            self.wfile.write((b"250 2.1.5 Ok" if taken else REPLIES.get(verb, b"502 5.5.2 Not here")) + b"\r\n")
            if verb == b"DATA" and KNOWN:
                self.take()
            if verb == b"QUIT":
                return

    def take(self):
        for line in self.rfile:
            if line == b".\r\n":
                self.wfile.write(b"250 2.0.0 Ok: queued\r\n")
                return


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


with Server((sys.argv[1], int(sys.argv[2])), Dialogue) as server:
    print("ready", flush=True)
    server.serve_forever()
