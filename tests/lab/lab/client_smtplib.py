#!/usr/bin/python3
"""Carries out a plan (JSON on standard input) with Python's smtplib, and prints what it saw, a JSON line a step.

Run inside the customers' namespace by the lab. The lines are this client's log.
"""
import base64
import hmac
import json
import os
import re
import signal
import smtplib
import socket
import ssl
import sys
import time


def say(**what):
    print(json.dumps(what, default=lambda b: b.decode("utf-8", "replace")), flush=True)


def connect(plan):
    kind = smtplib.SMTP_SSL if plan.get("tls") == "implicit" else smtplib.SMTP
    more = {"context": ssl._create_unverified_context()} if kind is smtplib.SMTP_SSL else {}
    client = kind(local_hostname=plan["helo"], timeout=plan.get("timeout", 30), source_address=(plan["local"], plan.get("local_port", 0)), **more)
    client._host = plan.get("sni", plan["server"][0])
    try:
        code, text = client.connect(*plan["server"])
    except (smtplib.SMTPServerDisconnected, OSError) as error:
        say(step="no greeting", error=str(error))
        return None
    say(step="connect", local=client.sock.getsockname()[:2], server_port=plan["server"][1], code=code, text=text)
    if code != 220:
        client.close()
        return None
    if plan.get("until") == "greeting":
        go(client, plan.get("reset"))
        return None
    say(step="ehlo", code=client.ehlo()[0])
    if plan.get("tls") == "starttls":
        say(step="starttls", code=client.starttls(context=ssl._create_unverified_context())[0])
        client.ehlo()
    if "login" in plan:
        try:
            say(step="auth", code=client.login(*plan["login"])[0])
        except smtplib.SMTPAuthenticationError as error:
            say(step="auth", code=error.smtp_code, text=error.smtp_error)
    return client


def talk(client, step):
    """Lines as they are, each with its answer."""
    for line in step["lines"]:
        client.send((line + "\r\n").encode())
        code, text = client.getreply()
        say(step=step.get("name", line.split(" ")[0].lower()), line=line, code=code, text=text)


def cram(client, step):
    code, challenge = client.docmd("AUTH CRAM-MD5")
    if code == 334:
        digest = hmac.new(step["word"].encode(), base64.b64decode(challenge), "md5").hexdigest()
        code = client.docmd(base64.b64encode(f"{step['user']} {digest}".encode()).decode())[0]
    say(step="auth", how="CRAM-MD5", code=code)


def smuggle(client, step):
    """Another message in the body of the first, behind something that some servers take for its end; all in one write.
    The answers are those to the body and, if there are more, to the commands in it."""
    envelope(client, step)
    say(step="data", code=client.docmd("DATA")[0])
    inner = step["inner"]
    commands = f"MAIL FROM:<{inner['from']}>\r\nRCPT TO:<{inner['to'][0]}>\r\nDATA\r\n".encode()
    client.send(body(step) + step["end"].encode() + commands + body(inner) + b".\r\n")
    names, said = iter(("body", "mail", "rcpt", "data", "body")), b""
    client.sock.settimeout(1.5)
    try:
        while more := client.sock.recv(4096):
            said += more
    except socket.timeout:
        pass
    client.sock.settimeout(30)
    for line in re.findall(rb"(?m)^\d{3} .*$", said):
        say(step=next(names, "more"), sender=inner["from"], code=int(line[:3]), text=line[4:].strip())


def ask(command, **what):
    """A command and its answer in the log; None when the server went instead of answering."""
    try:
        code, text = command()
    except smtplib.SMTPServerDisconnected:
        say(**what, code=None)
        raise
    say(**what, code=code, text=text)
    return code


def envelope(client, step):
    code = ask(lambda: client.mail(step["from"], step.get("options", [])), step="mail", sender=step["from"])
    taken = 0
    if code // 100 == 2 or step.get("stubborn"):
        for to in step["to"]:
            taken += ask(lambda: client.rcpt(to, step.get("rcpt_options", [])), step="rcpt", to=to) // 100 == 2
    return taken


def body(step):
    return base64.b64decode(step["message"])


def send(client, step):
    if not envelope(client, step) and not step.get("stubborn"):
        client.rset()
        say(step="rset")
        return
    time.sleep(step.get("pause", 0))
    try:
        code, text = client.data(body(step))
        say(step="data", code=code, text=text)
    except smtplib.SMTPDataError as error:
        say(step="data", code=error.smtp_code, text=error.smtp_error)


def bdat(client, step):
    """Chunks as RFC 3030 has them. smtplib has no command for them, but it sends what it is told."""
    envelope(client, step)
    rest = body(step)
    while rest:
        chunk, rest = rest[:step["chunk"]], rest[step["chunk"]:]
        client.send(b"BDAT %d%s\r\n" % (len(chunk), b"" if rest else b" LAST") + chunk)
        code, text = client.getreply()
        say(step="bdat", size=len(chunk), code=code, text=text)


def go(client, reset):
    if reset:
        client.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    client.close()
    say(step="gone")


def leave(client, step):
    """Goes behind the answer to EHLO, MAIL, RCPT or DATA, in the body, or behind the final dot without its answer."""
    states = ("ehlo", "mail", "rcpt", "data", "body", "dot")
    far, text = states.index(step["at"]), body(step)
    if far >= 1:
        ask(lambda: client.mail(step["from"]), step="mail", sender=step["from"])
    if far >= 2:
        ask(lambda: client.rcpt(step["to"][0]), step="rcpt", to=step["to"][0])
    if far >= 3:
        ask(lambda: client.docmd("DATA"), step="data")
    if far >= 4:
        client.send(text[:len(text) // 2] if far == 4 else text + b".\r\n")
    time.sleep(0.3)
    go(client, step["reset"])


def impatient(plan):
    """A client that takes whatever it hears for an answer, and does not wait for a line's end."""
    step = plan["steps"][0]
    with socket.create_connection(plan["server"], 10, (plan["local"], 0)) as sock:
        say(step="connect", local=sock.getsockname()[:2], code=int(sock.recv(4096)[:3]))
        text = re.sub(rb"(?m)^\.", b"..", body(step)).decode() + "."
        asked = [("helo", "HELO " + plan["helo"]), ("mail", f"MAIL FROM:<{step['from']}>"),
                 *(("rcpt", f"RCPT TO:<{to}>") for to in step["to"]), ("data", "DATA"), ("body", text), ("quit", "QUIT")]
        for name, line in asked:
            sock.sendall(line.encode() + b"\r\n")
            say(step=name, code=int(sock.recv(4096)[:3]))


def half(client, step):
    """Stops in the middle of a body and goes: closes, resets, or is killed."""
    envelope(client, step)
    say(step="data", code=client.docmd("DATA")[0])
    text = body(step)
    client.send(text[:len(text) // 2])
    time.sleep(0.2)
    if step.get("die"):
        os.kill(os.getpid(), signal.SIGKILL)
    go(client, step.get("reset"))


def pipeline(client, step):
    """The whole envelope in one write, whatever will be said of it, then the answers one by one."""
    mail = " ".join([f"MAIL FROM:<{step['from']}>", *step.get("options", [])])
    lines = [mail] + [" ".join([f"RCPT TO:<{to}>", *step.get("rcpt_options", [])]) for to in step["to"]] + ["DATA"]
    client.send("".join(line + "\r\n" for line in lines))
    code = 0
    for line in lines:
        code, text = client.getreply()
        say(step=line.split()[0].lower(), line=line, sender=step["from"], code=code, text=text)
    if code == 354:
        client.send(re.sub(rb"(?m)^\.", b"..", body(step)) + b".\r\n")
        code, text = client.getreply()
        say(step="body", code=code, text=text)


STEPS = {"send": send, "bdat": bdat, "half": half, "pipeline": pipeline, "envelope": envelope,
         "leave": leave, "talk": talk, "cram": cram, "smuggle": smuggle}


def main():
    for plan in json.load(sys.stdin):
        if plan.get("impatient"):
            impatient(plan)
            continue
        try:
            client = connect(plan)
        except smtplib.SMTPServerDisconnected as error:
            say(step="ehlo", error=str(error))
            continue
        if client is None:
            continue
        for step in plan["steps"]:
            try:
                if step["do"] in STEPS:
                    STEPS[step["do"]](client, step)
                elif step["do"] == "sleep":
                    time.sleep(step["seconds"])
                else:
                    say(step=step["do"], code=client.docmd(step["do"].upper())[0])
            except smtplib.SMTPServerDisconnected as error:
                say(step=step["do"], error=str(error))
                break
        client.close()


main()
