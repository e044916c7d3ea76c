"""The servers' own logs as transcripts: for every connection its commands and replies, in order.

Postfix's smtpd (-v), Exim (-d) and OpenSMTPD (-T smtp) each log both halves of a conversation, and each
handles one command at a time: the reply that follows a command belongs to it, pipelined or not.
"""
import re


class Dialogue:
    """One connection as its server logged it. events: ("C", line) a command, ("S", code, [texts]) a reply (code None: it is none),
    ("TLS",) the handshake done, ("END", how) the connection over."""

    def __init__(self, time, order, client_ip, client_port, server_ip, server_port, source):
        self.time, self.order = time, order
        self.client_ip, self.client_port = client_ip, client_port
        self.server_ip, self.server_port = server_ip, server_port
        self.source = source
        self.events = []
        self.accepted = []  # what the server logged of messages that it took: dicts with id, message_id ...
        self.implicit_tls = False
        self._reply = None

    def command(self, line):
        self.events.append(("C", line))

    def reply(self, line):
        """One line of a reply; the reply is complete at the line without the hyphen."""
        code, more, text = int(line[:3]), line[3:4] == "-", line[4:]
        if self._reply is None:
            self._reply = ("S", code, [])
            self.events.append(self._reply)
        self._reply[2].append(text)
        if not more:
            self._reply = None

    def end(self, how):
        self.events.append(("END", how))


# --- Postfix -----------------------------------------------------------------------------------------

POSTFIX_LINE = re.compile(r"^(\w{3} +\d+ [\d:]{8}) \S+ ([0-9a-f.:]+),(\d+)/smtpd\[(\d+)\]: (.*)$")
POSTFIX_PEER = re.compile(r"([<>]) [^\s\[]*\[([0-9a-f.:]+)\]:(\d+): (.*)$")
POSTFIX_EVENT = re.compile(r"(connect from|disconnect from|SSL_accept error from|lost connection after .* from|"
                           r"timeout after .* from|(?:Anonymous |Untrusted |Trusted )?TLS connection established from) "
                           r"[^\s\[]*\[([0-9a-f.:]+)\]:(\d+)")


def postfix(text, year_order):
    """All connections in a piece of a Postfix maillog. year_order: a function from the log's time to seconds."""
    found, live = [], {}
    for order, line in enumerate(text.splitlines()):
        m = POSTFIX_LINE.match(line)
        if not m:
            continue
        when, server_ip, server_port, process, rest = m.groups()
        event = POSTFIX_EVENT.match(rest)
        if event:
            if event.group(1) == "connect from":
                d = Dialogue(year_order(when), order, event.group(2), int(event.group(3)), server_ip, int(server_port),
                             "postfix smtpd -v")
                d.implicit_tls = server_port in ("465", "4465")
                live[process] = d
                found.append(d)
            elif process in live:
                if "TLS connection" in event.group(1):
                    live[process].events.append(("TLS",))
                elif event.group(1) == "disconnect from":
                    live.pop(process).end("disconnect")
                else:
                    live[process].end(rest.split(" from ")[0])
            continue
        peer = POSTFIX_PEER.match(rest)
        if peer and process in live:  # one connection at a time; what XCLIENT says of the client changes its name here
            (live[process].command if peer.group(1) == "<" else live[process].reply)(peer.group(4))
    return found


# --- Exim --------------------------------------------------------------------------------------------

EXIM_LINE = re.compile(r"^(\d\d:\d\d:\d\d\.\d+) +(\d+) (.*)$")
EXIM_CONNECTION = re.compile(r"^  SMTP connection from (?:\S+ )?(?:\(\S+\) )?\[([^\]]+)\]:(\d+) I=\[([^\]]+)\]:(\d+) ")
EXIM_HANDLING = re.compile(r"handling incoming connection from .*\[([^\]]+)\]:(\d+)")


def exim(text, seconds):
    """All connections in a piece of the debugging output of an Exim daemon."""
    found, by_pid, by_client, more = [], {}, {}, set()
    for order, line in enumerate(text.splitlines()):
        m = EXIM_LINE.match(line)
        if not m:
            continue
        when, pid, rest = m.groups()
        came = EXIM_CONNECTION.match(rest)
        if came and "closed" not in rest and (came.group(1), came.group(2)) not in by_client:
            d = Dialogue(seconds(when), order, came.group(1), int(came.group(2)), came.group(3), int(came.group(4)),
                         "exim -d+receive")
            d.implicit_tls = d.server_port == 465
            by_client[came.group(1), came.group(2)] = d
            found.append(d)
            continue
        handling = EXIM_HANDLING.search(rest)
        if handling:
            by_pid[pid] = by_client.get((handling.group(1), handling.group(2)))
        d = by_pid.get(pid)
        if d is None:
            refused = re.match(r"SMTP>> (421 .*)", rest)
            if refused and found and not found[-1].events:
                found[-1].reply(refused.group(1))  # the daemon itself refuses before it forks
            continue
        _exim_line(d, pid, rest, more, by_pid)
    return found


def _exim_line(d, pid, rest, more, by_pid):
    if rest.startswith("SMTP<< "):
        d.command(rest[7:])
    elif rest == "SMTP>> 421 Lost incoming connection":
        d.end("lost connection")  # logged as said, to a client that is gone
    elif re.match(r"SMTP(\(\w+\))?>> \d{3}", rest):
        line = rest.split(">> ", 1)[1]
        d.reply(line)
        (more.add if line[3:4] == "-" else more.discard)(pid)
    elif pid in more and re.match(r" {5,}\d{3}[ -]", rest):
        line = rest.strip()
        d.reply(line)
        if line[3:4] != "-":
            more.discard(pid)
    elif rest == "TLS active":
        d.events.append(("TLS",))
    elif rest.startswith("  ") and " closed by QUIT" in rest:
        d.end("closed by QUIT")
    elif rest.startswith("  ") and re.search(r"unexpected disconnection|lost connection|closed by|closed after", rest):
        d.end(rest.strip().split("] ")[-1])
    elif "terminating with rc" in rest:
        by_pid.pop(pid, None)


# --- OpenSMTPD ---------------------------------------------------------------------------------------

def opensmtpd(text, start, address, port):
    """All connections in a piece of OpenSMTPD's trace. It knows neither times nor the client's port."""
    found, live, waiting, current = [], {}, {}, None
    for order, line in enumerate(text.splitlines()):
        m = re.match(r"smtp: (0x[0-9a-f]+): (.*)$", line)
        came = re.match(r"([0-9a-f]{16}) smtp (connected address=(\S+)|disconnected reason=(.*))", line)
        if m and m.group(2).startswith("connected to listener"):
            current = m.group(1)
        elif came and came.group(3):
            d = Dialogue(start, order, came.group(3), None, address, port, "opensmtpd -T smtp")
            live[current], waiting[came.group(1)] = d, d
            found.append(d)
        elif came:
            waiting.pop(came.group(1)).end("disconnected: " + came.group(4))
        elif m and m.group(1) in live and m.group(2)[:4] in ("<<< ", ">>> "):
            d = live[m.group(1)]
            (d.command if m.group(2)[0] == "<" else d.reply)(m.group(2)[4:])
    return found
