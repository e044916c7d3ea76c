"""A stored message as it was when it left: without what the receiving side and mailing lists added to its head.

A sensor at the sender's door sees none of that, and a judge that knows the collector by it knows nothing.  What is
taken off, and why:

- the line `From ` of an mbox, and what a delivery, a reader's program or a filter notes (Delivered-To, Status, X-Spam-...);
- every Received line.  On the wire there are none, or those of the sender's own network, and which of the stored ones
  these are cannot be told.  What spammers forged into them is lost, too;
- results of checks made on arrival (Authentication-Results, ARC-..., X-MS-Exchange-...).  DKIM-Signature stays;
- of mail that came through a discussion list, what the list added: List-..., Precedence, Sender, Errors-To, a Reply-To
  that is the list's own.  A newsletter's List-Unsubscribe stays: the sender wrote it.  Tags in subjects ("[ILUG]") and
  lists' footers stay, too: answers carry them when they leave;
- a Message-ID that the collector or a list's server gave to a message that came without one: sendmail names itself in it.

Return-Path is written anew as the first header, because it stands for the envelope's sender: what it was; of list mail, the
author's address in From, since the list's would differ from it.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import re

# Hosts of the collectors' own (names as the corpus has them, some made up), and those of lists that they read.
COLLECTORS = ("slashnull.org", "netnoteinc.com", "taint.org", "jmason.org", "zzzzason.org", "webnote.net")
LIST_HOSTS = ("xent.com", "ssz.com", "tuatha.org", "lerctr.org", "pro-ns.net", "minder.net")

RECEIVING = re.compile(
    rb"(?:received|x-received|return-path|old-return-path|x-return-path|delivered-to|x-delivered-to|delivery-date|x-original-to"
    rb"|(?:x-)?envelope-(?:to|from|info)|x-apparently-to|x-rcpt-to|x-mail-from|x-from-line|x-mdaemon-deliver-to|x-mdrcpt-to"
    rb"|x-mdremoteip|x-pmg-\w+|status|x-status|x-keywords|x-uidl?|x-imapbase?|x-sieve|x-evolution-source|x-evolution|x-pmflags"
    rb"|x-mozilla-\S+|x-gmail-\S+|x-gm-\S+|x-google-smtp-source|lines|content-length|x-expiredinmiddle|x-rmd-text"
    rb"|x-authentication-warning|x-mime-autoconverted|x-spam|x-spam-.*|x-pyzor|x-spamcop-\S+|x-spampal|x-bogosity|x-rspamd-\S+"
    rb"|x-mailscanner\S*|x-\S+-mailscanner|x-virus-scanned|x-virus-status|x-scanned-by|x-rav-antivirus|x-antivirus"
    rb"|authentication-results(?:-original)?|received-spf|arc-\S+|x-ms-exchange-\S+|x-microsoft-antispam\S*|x-forefront-\S+"
    rb"|x-eop\S*|x-sid-\S+|x-sender-ip|x-store-info|x-incoming\S+|x-ms-publictraffictype|x-ms-userlastlogontime"
    rb"|x-ms-office365-\S+|x-ms-traffictypediagnostic|x-ms-trafficdiagnostic|x-message-(?:info|delivery)|x-ovh-\S+|x-gnd-\S+)$", re.I)

LIST_MARKS = (b"list-id", b"list-post", b"x-beenthere", b"x-mailman-version", b"mailing-list", b"x-mailing-list")
LIST_ADDED = re.compile(
    rb"(?:list-\S+|mailing-list|x-mailing-list|precedence|sender|errors-to|x-beenthere|x-mailman-\S+|x-loop|x-original-date"
    rb"|x-e?groups-\S+|x-yahoo-\S+|x-list-\S+|x-ml-\S+|x-precedence-ref|x-acceptable-languages|x-unsubscription-info"
    rb"|old-subject|resent-\S+|x-listprocessor\S*|x-sympa\S*|x-archive\S*)$", re.I)

FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:")
ADDRESS = re.compile(rb"[^\s<>\",;:()\[\]]+@[^\s<>\",;:()\[\]]+")


def split(message):
    """Its header fields, each (lower name, its lines), and what is behind them.  A line that is none keeps its place."""
    fields, place = [], 0
    if message.startswith(b"From ") or message.startswith(b">From "):
        place = message.find(b"\n") + 1 or len(message)
        fields.append((b"from ", message[:place]))
    while place < len(message):
        end = message.find(b"\n", place) + 1 or len(message)
        line = message[place:end]
        if not line.strip(b"\r\n"):
            return fields, message[place:]
        named = FIELD.match(line)
        if line[:1] in b" \t" and fields:
            fields[-1] = fields[-1][0], fields[-1][1] + line
        else:
            fields.append((named[1].lower() if named else b"", line))
        place = end
    return fields, b""


def address(line):
    """The last address in a header, the one behind a display name; b"" when there is none."""
    found = ADDRESS.findall(line.split(b":", 1)[-1])
    return found[-1].strip(b"'.").lower() if found else b""


def host_of(one_address):
    return one_address.rsplit(b"@", 1)[-1].decode("latin-1")


def under(host, domains):
    return any(host == domain or host.endswith("." + domain) for domain in domains)


def envelope_sender(first, from_list):
    """The envelope's sender, from the first header of each name; None when nothing says it, b"" for <>."""
    author, path, mbox = address(first.get(b"from", b"")), first.get(b"return-path"), first.get(b"from ")
    if from_list and author:
        return author
    sender = None if path is None else address(path)
    if sender is None or (under(host_of(sender), COLLECTORS) and not under(host_of(author), COLLECTORS)):
        words = (mbox or b"").split()
        if len(words) > 1 and b"@" in words[1]:
            sender = words[1].strip(b"<>").lower()
    return sender


def is_given_on_the_way(message_id, author):
    """Whether the collector or a list's server made this Message-ID."""
    host, home = host_of(address(message_id)), host_of(author)
    return any(under(host, group) and not under(home, group) for group in (COLLECTORS, LIST_HOSTS))


def as_sent(message):
    """The message as it left its sender, lines ended as they were stored."""
    fields, rest = split(message)
    first = {}
    for name, line in fields:
        first.setdefault(name, line)
    from_list = any(mark in first for mark in LIST_MARKS)
    author = address(first.get(b"from", b""))
    own = {address(first[mark]) for mark in (b"list-post", b"x-beenthere", b"mailing-list", b"x-mailing-list") if mark in first}
    own |= {address(first.get(b"to", b"")), address(first.get(b"cc", b""))} if from_list else set()
    kept = []
    for name, line in fields:
        taken = name == b"from " or RECEIVING.match(name) or (from_list and LIST_ADDED.match(name))
        if name == b"message-id" and is_given_on_the_way(line, author):
            taken = True
        if name == b"reply-to" and from_list and address(line) in own - {b"", author}:
            taken = True
        if not taken:
            kept.append(line)
    sender = envelope_sender(first, from_list)
    line_end = b"\r\n" if b"\r\n" in b"".join(kept[:1]) else b"\n"
    path = [] if sender is None else [b"Return-Path: <" + sender + b">" + line_end]
    return b"".join(path + kept) + rest
