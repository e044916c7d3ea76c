#!/usr/bin/python3
"""Holds smtpgen and impair to what they claim, with tshark as the independent reader.

usage: check_generator.py SMTPGEN IMPAIR      exit codes: 0 fine, 1 a claim is false, or tshark is missing
"""

import collections
import email
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

MESSAGES = 300
CHECKSUMS = ["-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE"]
REPLY = re.compile(rb"(?:[0-9]{3}-[^\n]*\n)*([0-9]{3}) [^\n]*\n")

failures = []


def claim(what, expected, found):
    print(f"{'ok  ' if expected == found else 'FAIL'} {what}: {found}" + ("" if expected == found else f", not {expected}"))
    if expected != found:
        failures.append(what)


def tshark(capture, *fields, display=None):
    command = ["tshark", "-n", "-r", str(capture), *CHECKSUMS, "-T", "fields", "-E", "occurrence=a"]
    if display:
        command += ["-Y", display]
    for field in fields:
        command += ["-e", field]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    return [line.split("\t") for line in output.splitlines()]


def generate(smtpgen, capture, truth, *options):
    subprocess.run([smtpgen, "--messages", str(MESSAGES), "--out", str(capture), "--truth", str(truth), *options],
                   check=True, stderr=subprocess.DEVNULL)


def read_truth(path):
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    return ([line for line in lines if line["type"] == "message"], [line for line in lines if line["type"] == "dialogue"])


def streams(capture):
    """Both directions of each connection as bytes; the order of the file is the order of the bytes."""
    found = collections.defaultdict(lambda: [b"", b""])
    names = {}
    fields = ("tcp.stream", "ip.src", "ipv6.src", "tcp.srcport", "tcp.dstport", "tcp.payload")
    for stream, v4, v6, source_port, target_port, payload in tshark(capture, *fields):
        from_server = source_port == "25"
        found[stream][from_server] += bytes.fromhex(payload)
        if not from_server:
            names[stream] = (v4 or v6, int(source_port))
    return {names[stream]: both for stream, both in found.items()}


def decide(codes, final):
    if final is not None and final < 300:
        return "delivered"
    deciding = [final] if final is not None else codes
    return "bounced" if any(code >= 500 for code in deciding) else "deferred"


def path_of(line):
    return line[line.index(b"<") + 1:line.index(b">")].decode()


class Reader:
    """A plain reading of one SMTP connection without losses: commands beside their replies."""

    def __init__(self, client, server):
        self.client = client
        self.replies = iter([int(code) for code in REPLY.findall(server)])
        self.messages = []
        self.open = None
        greeting = next(self.replies)
        if greeting >= 400:
            self.messages.append({"stage": "greeting", "outcome": decide([greeting], None), "sender": None, "to": [],
                                  "codes": [], "body": None})
        try:
            while self.client:
                self.command()
        except StopIteration:
            pass
        self.close(None)

    def line(self):
        line, _, self.client = self.client.partition(b"\r\n")
        return line

    def close(self, final, stage=None):
        if self.open:
            message, self.open = self.open, None
            message["outcome"] = "aborted"
            if final is not None or stage == "mail":
                message["outcome"] = decide([message["mail"]], final)
            elif message["codes"] and min(message["codes"]) >= 400:
                message["outcome"] = decide(message["codes"], None)
            self.messages.append(message)

    def command(self):
        line = self.line()
        verb = line.split(b" ")[0].upper()
        if verb in (b"MAIL", b"RSET", b"QUIT"):
            self.close(None, "mail" if self.open and self.open["mail"] >= 400 else None)
        if verb == b"BDAT":
            self.chunk(int(line.split(b" ")[1]), line.endswith(b"LAST"))
            return
        code = next(self.replies)
        if verb == b"MAIL":
            self.open = {"mail": code, "sender": path_of(line), "to": [], "codes": [], "body": None}
        elif verb == b"RCPT":
            self.open["to"].append(path_of(line))
            self.open["codes"].append(code)
        elif verb == b"DATA" and code == 354:
            body, end, self.client = self.client.partition(b"\r\n.\r\n")
            self.open["body"] = body + (b"\r\n" if end else b"")
            self.close(next(self.replies))
        elif verb == b"DATA" and min(self.open["codes"]) < 400:
            self.close(code)

    def chunk(self, size, last):
        self.open["body"] = (self.open["body"] or b"") + self.client[:size]
        self.client = self.client[size:]
        code = next(self.replies)
        if last:
            self.close(code)


def compare(messages, connections):
    """Every message of the truth against what was read from the packets."""
    differences = defects = 0
    expected = collections.defaultdict(list)
    for message in sorted(messages, key=lambda m: m["ordinal"]):
        expected[message["client_ip"], message["client_port"]].append(message)
    for name, (client, server) in connections.items():
        read = Reader(client, server).messages
        differences += abs(len(read) - len(expected[name]))
        for truth, found in zip(expected[name], read):
            same = (truth["outcome"] == found["outcome"]
                    and [r["code"] for r in truth["recipients"]] == found["codes"]
                    and [r["address"] for r in truth["recipients"]] == found["to"] and truth["sender"] == found["sender"]
                    and (truth["body_bytes"] or 0) == len(found["body"] or b"")
                    and (truth["message_id"] or "").encode() in (found["body"] or b""))
            if truth["outcome"] == "delivered":
                parts = list(email.message_from_bytes(found["body"].replace(b"\r\n..", b"\r\n.")).walk())
                decoded = [part.get_payload(decode=True) for part in parts]
                defects += sum(len(part.defects) for part in parts) + decoded.count(b"")
                defects += not re.search(r"[\w.+-]+@" + re.escape(truth["from_domain"]), parts[0]["From"])
            if not same:
                differences += 1
                print("     differs:", truth, {**found, "body": len(found["body"] or b"")})
    claim("messages whose outcome, sender, recipients, size or id differ", 0, differences)
    claim("defects that Python's mail parser finds in what was delivered", 0, defects)


def check_mail(smtpgen, folder):
    capture, truth = folder / "mail.pcap", folder / "mail.jsonl"
    generate(smtpgen, capture, truth, "--seed", "7", "--open", "50", "--bounce-share", "0.3")
    generate(smtpgen, folder / "again.pcap", folder / "again.jsonl", "--seed", "7", "--open", "50", "--bounce-share", "0.3")
    generate(smtpgen, folder / "other.pcap", folder / "other.jsonl", "--seed", "8", "--open", "50", "--bounce-share", "0")
    claim("same seed, same capture", True, capture.read_bytes() == (folder / "again.pcap").read_bytes())
    claim("same seed, same truth", True, truth.read_bytes() == (folder / "again.jsonl").read_bytes())
    claim("another seed, another capture", False, capture.read_bytes() == (folder / "other.pcap").read_bytes())

    messages, dialogues = read_truth(truth)
    claim("messages", MESSAGES, len(messages))
    claim("messages of the dialogues", MESSAGES, sum(dialogue["messages"] for dialogue in dialogues))
    frames = tshark(capture, "tcp.stream", "frame.time_epoch")
    claim("connections", len(dialogues), len({stream for stream, _ in frames}))
    claim("clock never goes back", True, all(a[1] <= b[1] for a, b in zip(frames, frames[1:])))
    claim("frames with a wrong checksum", 0,
          len(tshark(capture, "frame.number", display="tcp.checksum.status==0 || ip.checksum.status==0")))
    claim("frames that TCP analysis complains of", 0, len(tshark(capture, "frame.number", display="tcp.analysis.flags")))

    compare(messages, streams(capture))

    # tshark takes all that follows a refused DATA for a body, so its own reading counts only where nothing was refused;
    # and it misses the message behind a body whose final line is split over two segments, which is rare.
    rows = tshark(folder / "other.pcap", "smtp.req.command", display="smtp.req.command")
    commands = ",".join(row[0] for row in rows).split(",")
    print(f"     tshark's own SMTP reader: {commands.count('MAIL')} MAIL commands")
    claim("tshark's SMTP reader sees at least 99 in 100 messages", True,
          MESSAGES * 0.99 <= commands.count("MAIL") <= MESSAGES)


def judged_otherwise(folder, told, judged):
    """Which messages lost bytes, worked out anew: a dropped frame of the connection with payload, from MAIL to the last
    reply; and of broken connections, whether the FIN or RST is among the dropped."""
    lost = collections.defaultdict(list)
    dropped = set(told["dropped"])
    for number, v4, v6, source, target, length, fin, reset in tshark(
            folder / "mail.pcap", "frame.number", "ip.src", "ipv6.src", "tcp.srcport", "tcp.dstport", "tcp.len",
            "tcp.flags.fin", "tcp.flags.reset"):
        if int(number) in dropped and (int(length) > 0 or "1" in (fin, reset)):
            client = int(target) if source == "25" else int(source)
            lost[client].append((int(number), int(length) > 0))  # a client port is used once in a short capture
    differing = 0
    for message, line in zip(read_truth(folder / "mail.jsonl")[0], judged):
        first, last = message["frames"]
        mine = [bytes_lost for number, bytes_lost in lost[message["client_port"]] if first <= number <= last]
        differing += line["undamaged"] != (True not in mine) or line["end_seen"] != (False not in mine)
    return differing


def check_impair(impair, folder):
    spoiled = folder / "spoiled.pcap"

    def spoil(*options):
        return json.loads(subprocess.run([impair, *options, str(folder / "mail.pcap"), str(spoiled)], check=True,
                                         stdout=subprocess.PIPE, text=True).stdout)

    told = spoil("--retransmit", "0.02")
    claim("retransmission keeps all frames", told["frames_in"], told["frames_out"])
    claim("some frames are retransmitted", True, len(told["retransmitted"]) > 20)
    claim("wrong checksums after retransmission", 0,
          len(tshark(spoiled, "frame.number", display="tcp.checksum.status==0")))
    claim("bytes acknowledged before they are seen", 0,
          len(tshark(spoiled, "frame.number", display="tcp.analysis.ack_lost_segment")))

    told = spoil("--drop", "0.02", "--truth", str(folder / "mail.jsonl"), "--truth-damage", str(folder / "damage.jsonl"))
    claim("dropped frames are missing", told["frames_in"] - len(told["dropped"]), told["frames_out"])
    judged = [json.loads(line) for line in (folder / "damage.jsonl").read_text().splitlines()]
    claim("each message is judged", MESSAGES, len(judged))
    claim("undamaged messages", told["undamaged"], sum(line["undamaged"] for line in judged))
    claim("messages judged otherwise than by the payload in the dropped frames", 0, judged_otherwise(folder, told, judged))
    told = spoil("--double-vlan")
    claim("doubled frames", 2 * told["frames_in"], told["frames_out"])
    told = spoil("--late", "0.02", "--swap", "0.02", "--in-flow")
    claim("late frames do arrive", told["frames_in"], told["frames_out"])


def main():
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    if shutil.which("tshark") is None:
        print("tshark is not installed (apt-get install tshark): nothing was checked")
        return 1
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        check_mail(sys.argv[1], folder)
        check_impair(sys.argv[2], folder)
        generate(sys.argv[1], folder / "other.pcap", folder / "other.jsonl", "--nonmail")
        claim("traffic that is not mail: complaints of TCP analysis", 0,
              len(tshark(folder / "other.pcap", "frame.number", display="tcp.analysis.flags || tcp.checksum.status==0")))
        claim("traffic that is not mail: frames on port 25", 0,
              len(tshark(folder / "other.pcap", "frame.number", display="tcp.port==25")))
    print(f"{len(failures)} of the claims are false" if failures else "all claims hold")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
