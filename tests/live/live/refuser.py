#!/usr/bin/python3
"""A receiving server that knows nobody: refuser.py ADDRESS PORT.  It says "ready" when it listens.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import socketserver
import sys

REPLIES = {b"EHLO": b"250 mx.dest.example", b"HELO": b"250 mx.dest.example", b"MAIL": b"250 2.1.0 Ok",
           b"RCPT": b"550 5.1.1 User unknown in virtual mailbox table", b"RSET": b"250 2.0.0 Ok",
           b"QUIT": b"221 2.0.0 Bye"}


class Dialogue(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(b"220 mx.dest.example ESMTP\r\n")
        for line in self.rfile:
            verb = line[:4].upper()
            self.wfile.write(REPLIES.get(verb, b"502 5.5.2 Not here") + b"\r\n")
            if verb == b"QUIT":
                return


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


with Server((sys.argv[1], int(sys.argv[2])), Dialogue) as server:
    print("ready", flush=True)
    server.serve_forever()
