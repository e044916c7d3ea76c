"""Cases of the protocol's corners: extensions, AUTH, refused TLS, and commands hidden in bodies."""
import base64

from .cases import BSD, MX, QUIT, UNI, WEB, WEB2, case, plan, step
from .letters import plain

STRICT_NEWLINES, NO_CERTIFICATE, TRUSTING = "203.0.113.22", "203.0.113.23", "203.0.113.24"


def base64_of(text):
    return base64.b64encode(text.encode()).decode()


def talk(*lines, **more):
    return {"do": "talk", "lines": list(lines), **more}


def smuggle(key, end, to, inner_to):
    """A message with another one in its body."""
    inner = f"{key}-inner@uni.example"
    return {**step("smuggle", key, [to]), "end": end,
            "inner": {"from": inner, "to": [inner_to], "message": plain(f"{key}-inner", inner, inner_to, "A secret")}}


@case("SMTP smuggling: commands in the body behind LF . LF, LF . CR LF and CR LF . LF; Postfix as Debian 12 sets it up takes "
      "them, told otherwise it refuses; Exim and OpenSMTPD", stray=True)
def smuggling(c):
    for n, end in enumerate(("\n.\n", "\n.\r\n", "\r\n.\n")):
        c.smtplib(plan(WEB, MX, smuggle(f"hide{n}", end, "ann@dest.example", "bob@dest.example"), QUIT))
        c.smtplib(plan(WEB, UNI, smuggle(f"hide{n}u", end, "prof@uni.example", "dean@uni.example"), QUIT))
    c.smtplib(plan(WEB, STRICT_NEWLINES, smuggle("hide4", "\n.\n", "ann@dest.example", "bob@dest.example")),
              plan(WEB, MX, smuggle("hide5", "\r.\r", "ann@dest.example", "bob@dest.example"), QUIT),
              plan(WEB, MX, smuggle("hide6", "\n.\n", "ann@dest.example", "nobody@dest.example"), QUIT))
    c.smtplib(plan(WEB2, BSD, smuggle("hide7", "\n.\n", "kim@bsd.example", "lee@bsd.example"), QUIT, local_port=41003))
    c.ports[WEB2] = 41003


@case("a password is guessed: 120 refused AUTH on port 587 in fifteen connections without a mail, in every form (PLAIN and LOGIN "
      "with and without initial response, CRAM-MD5, =, *, an unknown one), then one that is right, and a mail")
def auth_guessing(c):
    def tries(n):
        word = base64_of(f"\0alice\0guess{n}")
        user, secret = base64_of("alice"), base64_of(f"guess{n}")
        return [talk("AUTH PLAIN " + word, name="auth"), talk("AUTH PLAIN", word, name="auth"),
                talk("AUTH LOGIN", user, secret, name="auth"), talk("AUTH LOGIN " + user, secret, name="auth"),
                {"do": "cram", "user": "alice", "word": f"guess{n}"}, talk("AUTH PLAIN =", word, name="auth"),
                talk("AUTH LOGIN", "*", name="auth"), talk("AUTH NTLM", name="auth")]
    c.smtplib(*(plan(WEB, UNI, *tries(n), QUIT, port=587) for n in range(15)))
    c.smtplib(plan(WEB, UNI, *tries(15)[:5], {"do": "cram", "user": "alice", "word": "correct-horse"},
                   step("send", "guessed", ["prof@uni.example"]), QUIT, port=587))


@case("extensions and other verbs: SIZE, BODY, DSN parameters, XCLIENT and XFORWARD, VRFY, EXPN, HELP, NOOP, unknown ones, wrong "
      "order, lower case; Postfix, Exim and OpenSMTPD", stray=True)
def extensions(c):
    dsn = {"options": ["SIZE=900", "BODY=8BITMIME", "RET=HDRS", "ENVID=QQ+3D314159"],
           "rcpt_options": ["NOTIFY=SUCCESS,DELAY", "ORCPT=rfc822;ann+40dest.example"]}
    odd = ("noop", "NOOP a string", "vrfy ann@dest.example", "EXPN staff", "help", "FOO bar", "RCPT TO:<ann@dest.example>",
           "data", "ETRN dest.example", "rset")
    c.smtplib(plan(WEB, MX, talk(*odd, name="odd"), step("send", "dsn1", ["ann@dest.example", "bob@dest.example"], **dsn), QUIT),
              plan(WEB, UNI, talk(*odd[:7], name="odd"),
                   step("send", "size1", ["prof@uni.example"], options=["SIZE=900", "BODY=8BITMIME"]), QUIT),
              plan(WEB, TRUSTING, talk("XFORWARD NAME=far.example ADDR=192.0.2.9 PROTO=ESMTP", "XCLIENT NAME=near.example",
                                       "EHLO near.example", name="odd"),
                   step("send", "x1", ["ann@dest.example", "nobody@dest.example"]), QUIT))
    c.smtplib(plan(WEB2, BSD, talk("noop", "HELP", "VRFY kim@bsd.example", "FOO", name="odd"),
                   step("send", "dsn2", ["kim@bsd.example", "no@bsd.example"], options=["RET=FULL", "ENVID=abc"],
                        rcpt_options=["NOTIFY=NEVER"]), QUIT, local_port=41004))
    c.ports[WEB2] = 41004


@case("STARTTLS is offered and refused with 454, for want of a certificate; the client goes on in the clear")
def starttls_refused(c):
    c.smtplib(plan(WEB, NO_CERTIFICATE, talk("STARTTLS"), step("send", "clear1", ["ann@dest.example"]),
                   step("send", "clear2", ["nobody@dest.example"]), QUIT))
