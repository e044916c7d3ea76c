"""Messages for the clients to send, and what is known of each before it is sent."""
import base64
import email.header
import email.utils
import hashlib
import re
import time

WORDS = ("the order we spoke of is ready and will leave the store on Friday morning please tell us whether the "
         "small boxes are enough or you would rather have the large ones again our driver can also take back "
         "the empty crates from last time with best wishes from all of us here").split()


def paragraph(seed, count):
    """Plain text that is the same every time for the same seed."""
    words = [WORDS[hashlib.sha1(f"{seed}/{n}".encode()).digest()[0] % len(WORDS)] for n in range(count)]
    lines = [" ".join(words[i:i + 11]) for i in range(0, count, 11)]
    return "\r\n".join(lines).capitalize() + ".\r\n"


def signature(domain, seed):
    """The text of a DKIM signature: well-formed, and of a key that does not exist."""
    def blob(n, tag):
        raw = b"".join(hashlib.sha256(f"{seed}{tag}{i}".encode()).digest() for i in range(n))
        return base64.b64encode(raw).decode()
    b = blob(4, "b")
    return ("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=%s; s=mail2026;\r\n"
            "\th=from:to:subject:date:message-id; bh=%s;\r\n\tb=%s\r\n\t %s\r\n"
            % (domain, blob(1, "h"), b[:70], b[70:]))


def plain(key, sender, to, subject, words=60, dkim=False, body=None, date=None):
    domain = sender.split("@")[1]
    head = [signature(domain, key)] if dkim else []
    head += [f"Date: {email.utils.formatdate(date or time.time())}\r\n", f"From: {sender}\r\n", f"To: {to}\r\n",
             f"Subject: {subject}\r\n", f"Message-ID: <{key}@{domain}>\r\n", "MIME-Version: 1.0\r\n",
             "Content-Type: text/plain; charset=utf-8\r\n"]
    return ("".join(head) + "\r\n" + (body if body is not None else paragraph(key, words))).encode()


def on_the_wire(message):
    """The bytes as an SMTP client sends them: CRLF line ends, dots doubled, without the final dot's line."""
    message = re.sub(rb"\r?\n", b"\r\n", message)
    if not message.endswith(b"\r\n"):
        message += b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", message)


def known(message, verbatim, source):
    """What the truth may say of a message. verbatim: its client adds and changes nothing."""
    head = re.split(rb"\r?\n\r?\n", message, maxsplit=1)[0].decode()
    head = re.sub(r"\r?\n[ \t]+", " ", head)

    def header(name):
        m = re.search(rf"(?im)^{name}:[ \t]*(.*?)\r?$", head)
        return m.group(1) if m else None
    sender, subject = header("From"), header("Subject")
    if subject:
        subject = str(email.header.make_header(email.header.decode_header(subject)))
    return {"message_id": header("Message-ID"), "subject": subject,
            "from_domain": sender.rsplit("@", 1)[1].rstrip("> ").lower() if sender and "@" in sender else None,
            "body_bytes": len(on_the_wire(message)) if verbatim else None, "source": source}
