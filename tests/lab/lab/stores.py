"""What the receivers stored: the bytes that came, below the trace header that the receiver put on top.

A server's mailbox is its own record too. It tells the size of what a sending Postfix or Exim made of a message.
"""
import glob
import os
import re

from . import letters

# How each receiver names the message in its final reply.
NAMES = [re.compile(p) for p in (r"queued as (\S+)", r"OK id=(\S+)", r"^<\S+> (\S+?)(?::R\d+)? Saved$",
                                 r"^([0-9a-f]{8}) Message accepted")]


class Stores:
    def __init__(self, world, extra=None):
        self.folders = [s.home + "/mail/box/new" for s in world.servers] + getattr(extra, "mail_folders", [])

    def files(self):
        return [p for folder in self.folders for p in glob.glob(folder + "/*")]

    def empty(self):
        for path in self.files():
            os.unlink(path)

    def find(self, reply):
        """What is known of the message that was accepted with this reply, or None."""
        for pattern in NAMES:
            m = pattern.search(reply["text"])
            if not m:
                continue
            name = m.group(1).encode()
            for path in self.files():
                with open(path, "rb") as f:
                    came = below_trace(f.read(), name)
                if came is not None:
                    return letters.known(came, True, "the message as the receiver stored it")
        return None


def below_trace(stored, name):
    """The message without the header fields that the receiver named `name` put above it. Only the receiver's own
    header counts: a report that came back holds the same name further down."""
    head = stored.split(b"\n\n", 1)[0] + b"\n"
    for m in re.finditer(rb"(?m)^Received:.*\n(?:[ \t].*\n)*", head):
        if re.search(rb"\bid " + re.escape(name) + rb"\b", m.group(0)):
            return stored[m.end():]
    return None
