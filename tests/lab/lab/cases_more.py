"""The rest of the cases: refusals at every stage, extensions, encryption, retries and late bounces."""
import time

from .cases import BSD, MX, MX6, QUIT, UNI, UNI6, WEB, WEB2, case, plan, step
from .letters import paragraph, plain

REFUSES, LIMITED, TLS, SMALL, GREY, SLOW, STRICT, PICKY, NODATA, NOEND = (
    "203.0.113.%d" % n for n in (11, 12, 13, 14, 15, 16, 17, 18, 19, 21))
WEB6 = "2001:db8:10:10::25"
RSET = {"do": "rset"}


# --- refused before there was a message --------------------------------------------------------------

@case("554 instead of a greeting: Postfix and Exim refuse the client's address; smtplib, Postfix and Exim try")
def greeting_554(c):
    c.smtplib(plan(WEB, REFUSES), plan("198.51.100.12", UNI))
    c.postfix("greet1@shop.example", ["ann@dest.example"], plain("greet1", "greet1@shop.example", "ann@dest.example", "Hi"))


@case("421 instead of a greeting: Postfix's limit of connections per client, Exim's connect ACL")
def greeting_421(c):
    c.smtplib(plan(WEB, LIMITED, step("send", "first", ["ann@dest.example"]), QUIT), plan(WEB, LIMITED),
              plan(WEB, LIMITED), plan("198.51.100.13", UNI))


@case("refused at MAIL: 554 and 450 for the sender's domain, one command at a time and pipelined")
def mail_refused(c):
    bad, slow = {"domain": "bad-sender.example"}, {"domain": "slow-sender.example"}
    c.smtplib(plan(WEB, PICKY, step("envelope", "m1", ["ann@dest.example"], **bad), RSET,
                   step("envelope", "m2", ["ann@dest.example"], **slow), RSET,
                   step("send", "m3", ["ann@dest.example"]), QUIT),
              plan(WEB, PICKY, step("pipeline", "m4", ["ann@dest.example", "bob@dest.example"], **bad), QUIT),
              plan(WEB, PICKY, step("pipeline", "m5", ["ann@dest.example"], **slow), QUIT))


@case("refused at DATA, after accepted recipients, with 554 and 451")
def data_command_refused(c):
    c.smtplib(plan(WEB, NODATA, step("send", "d1", ["ann@dest.example", "bob@dest.example"], domain="bad-sender.example"),
                   RSET, step("send", "d2", ["ann@dest.example"], domain="slow-sender.example"), RSET,
                   step("send", "d3", ["ann@dest.example"]), QUIT),
              plan(WEB, NODATA, step("pipeline", "d4", ["ann@dest.example", "nobody@dest.example"],
                                     domain="bad-sender.example"), QUIT))


@case("451 and 554 from Postfix after the final dot (end-of-data restrictions)")
def data_451(c):
    c.smtplib(plan(WEB, NOEND, step("send", "e1", ["ann@dest.example"], domain="slow-sender.example"),
                   # Postfix keeps the transaction after this refusal: a MAIL without RSET gets 503.
                   step("send", "e4", ["bob@dest.example"]),
                   step("send", "e2", ["ann@dest.example", "nobody@dest.example"], domain="bad-sender.example"),
                   RSET, step("send", "e3", ["ann@dest.example"]), QUIT))


@case("552 too big: at MAIL with SIZE=, and after the data without it; Postfix and Exim")
def too_big(c):
    big = {"body": paragraph("big", 1500)}
    huge = {"body": paragraph("huge", 42000)}
    c.smtplib(plan(WEB, SMALL, step("send", "s1", ["ann@dest.example"], options=["SIZE=9000"], **big),
                   step("send", "s2", ["ann@dest.example"], **big), QUIT),
              plan(WEB, SMALL, step("pipeline", "s3", ["ann@dest.example"], **big), QUIT),
              plan(WEB, SMALL, step("pipeline", "s6", ["ann@dest.example"], options=["SIZE=9000"], **big), QUIT),
              plan(WEB, UNI, step("send", "s4", ["prof@uni.example"], options=["SIZE=900000"], **big),
                   step("send", "s5", ["prof@uni.example"], **huge), QUIT))


# --- refused recipients ------------------------------------------------------------------------------

@case("greylisting: 450 from Debian's postgrey, and the retry some seconds later is accepted; from Postfix and swaks")
def greylist_retry(c):
    letter = plain("grey", "grey@shop.example", "ann@dest.example", "Please wait", dkim=True)
    c.postfix("grey@shop.example", ["ann@dest.example"], letter)
    swaks = ("grey2@club.example", "bob@dest.example", plain("grey2", "grey2@club.example", "bob@dest.example", "Hi"))
    c.swaks(WEB, GREY, *swaks)
    time.sleep(3)
    c.swaks(WEB, GREY, *swaks)
    end = time.time() + 20
    while not c.world.shop.queue_empty() and time.time() < end:
        time.sleep(0.5)


@case("450 and 451 only: every recipient is put off; Postfix and Exim receiving")
def rcpt_450(c):
    c.smtplib(plan(WEB, MX, step("send", "t1", ["busy@dest.example"]), QUIT),
              plan(WEB, UNI, step("send", "t2", ["busy@uni.example"]), QUIT))


@case("no recipient accepted: 450 and 550 together, and a multi-line 554 from Exim")
def rcpt_none(c):
    c.smtplib(plan(WEB, MX, step("send", "n1", ["busy@dest.example", "nobody@dest.example"]), QUIT),
              plan(WEB, UNI, step("send", "n2", ["blocked@uni.example"]), QUIT))


@case("every recipient refused and DATA sent blindly: msmtp and a pipelining client, to Exim (503) and Postfix (554)")
def blind_data(c):
    for n, (server, domain) in enumerate(((UNI, "uni.example"), (MX, "dest.example"))):
        sender = f"blind{n}@club.example"
        c.msmtp(WEB2, server, sender, ["nobody@" + domain], plain(f"blind{n}", sender, "nobody@" + domain, "Hello"))
        c.smtplib(plan(WEB, server, step("pipeline", f"blind-p{n}", ["nobody@" + domain, "busy@" + domain]), QUIT))
        c.smtplib(plan(WEB, server, step("send", f"blind-s{n}", ["nobody@" + domain], stubborn=True), QUIT))


@case("too many errors: Postfix gives up with 421 in the middle of a transaction")
def errors_421(c):
    to = ["nobody%d@dest.example" % n for n in range(3)]
    c.smtplib(plan(WEB, STRICT, step("send", "x1", to), QUIT),
              plan(WEB, STRICT, step("send", "x2", ["ann@dest.example"] + to), QUIT))


# --- how it is sent ----------------------------------------------------------------------------------

@case("BDAT: Exim to Exim in several chunks, Python to Postfix and Exim in many; accepted, refused, and without recipients")
def bdat(c):
    c.exim("bdat1@bakery.example", ["prof@uni.example", "gone@uni.example"],
           plain("bdat1", "bdat1@bakery.example", "prof@uni.example", "In pieces", words=5000))
    c.exim("bdat2@bakery.example", ["ann@dest.example"], plain("bdat2", "bdat2@bakery.example", "ann@dest.example", "Small"))
    c.exim("bdat3@bakery.example", ["prof@uni.example"],
           plain("bdat3", "bdat3@bakery.example", "prof@uni.example", "Cheap pills", words=3000))
    c.smtplib(plan(WEB, MX, step("bdat", "chunks1", ["ann@dest.example"], words=900, chunk=700),
                   step("bdat", "chunks2", ["bob@dest.example"], words=100, chunk=100000), QUIT),
              plan(WEB, UNI, step("bdat", "chunks3", ["prof@uni.example"], words=900, chunk=1500),
                   step("bdat", "chunks4", ["prof@uni.example"], "Cheap pills", words=900, chunk=1500),
                   step("bdat", "chunks5", ["gone@uni.example"], words=300, chunk=1000), QUIT))


@case("pipelining and not: Postfix to Exim, to Postfix, and to a Postfix that does not offer it", format="pcapng")
def pipelining(c):
    for n, to in enumerate((["prof@uni.example", "gone@uni.example"], ["user1@dest.example", "user2@dest.example"],
                            ["user9@dest.example"])):
        sender = f"pipe{n}@shop.example"
        c.postfix(sender, to, plain(f"pipe{n}", sender, to[0], "Pipelines"))
        c.settle()
    c.smtplib(plan(WEB, SLOW, step("send", "slow", ["ann@dest.example", "nobody@dest.example"]), QUIT))


@case("Exim's early pipelining (PIPECONNECT): from the second connection on it sends EHLO and MAIL before the greeting")
def pipeconnect(c):
    for n in range(3):
        sender = f"early{n}@bakery.example"
        c.exim(sender, ["user%d@uni.example" % n] + (["gone@uni.example"] if n == 2 else []),
               plain(f"early{n}", sender, "user@uni.example", "Early"))


@case("Exim sends without CHUNKING: accepted, refused, put off, to Postfix and to Exim")
def exim_data(c):
    for n, (to, subject) in enumerate(((["plain1@dest.example", "plain-gone@dest.example", "plain2@dest.example"], "Bread"),
                                       (["plain1@uni.example", "plain-gone@uni.example"], "Rolls"),
                                       (["plain3@uni.example"], "Cheap pills"), (["plain-gone@uni.example"], "Cakes"))):
        sender = f"exdata{n}@bakery.example"
        c.exim(sender, to, plain(f"exdata{n}", sender, to[0], subject))


@case("several messages in one connection: Postfix's connection cache, Exim's queue run, and smtplib")
def reuse(c):
    for n in range(4):
        sender = f"reuse{n}@shop.example"
        to = [f"user{n}@dest.example"] + (["nobody@dest.example"] if n == 2 else [])
        c.postfix(sender, to, plain(f"reuse{n}", sender, to[0], f"Message {n}"))
    c.settle()
    for n in range(4):
        sender = f"queued{n}@bakery.example"
        c.exim(sender, [f"user{n}@dest.example"], plain(f"queued{n}", sender, "user@dest.example", f"Message {n}"), "-odq")
    c.world.bakery.run_queue()
    c.smtplib(plan(WEB, UNI, *(step("send", f"lib{n}", ["prof@uni.example"] if n != 3 else ["gone@uni.example"])
                               for n in range(6)), QUIT))


@case("transactions given up: RSET after RCPT, after MAIL, a second EHLO, QUIT after RCPT; then some that are carried through")
def rset_between(c):
    c.smtplib(plan(WEB, MX, step("envelope", "r1", ["ann@dest.example"]), RSET, step("envelope", "r2", []), RSET,
                   step("send", "r3", ["ann@dest.example"]), step("envelope", "r4", ["ann@dest.example"]), {"do": "ehlo me"},
                   step("send", "r5", ["bob@dest.example"]), step("envelope", "r6", ["ann@dest.example"]), QUIT),
              plan(WEB, UNI, step("envelope", "r7", ["gone@uni.example"]), RSET, step("send", "r8", ["prof@uni.example"]),
                   {"do": "noop"}, step("envelope", "r9", ["prof@uni.example"]), QUIT))


@case("the client goes without a word: in the middle of the body (closed, reset, killed), after RCPT, after the greeting")
def abrupt(c):
    c.smtplib(plan(WEB, MX, step("half", "half1", ["ann@dest.example"], words=800)),
              plan(WEB, UNI, step("half", "half2", ["prof@uni.example"], words=800, reset=True)),
              plan(WEB, MX, step("send", "whole", ["ann@dest.example"]), step("half", "half3", ["bob@dest.example"])),
              plan(WEB, MX))
    c.smtplib(plan(WEB, MX, step("half", "half4", ["cy@dest.example"], words=800, die=True)))
    sender = "drop@club.example"
    c.swaks(WEB, MX, sender, "ann@dest.example", plain("drop", sender, "ann@dest.example", "Gone"), "--drop-after", "RCPT")


@case("long messages: 48 KB with lines that begin with dots, very long lines, and an 8-bit body; to Postfix and Exim")
def bodies(c):
    dots = ".\r\n..\r\n.leading dot\r\n" + "".join(f".{n} " + paragraph(f"dots{n}", 30) for n in range(300)) + ".end\r\n"
    c.smtplib(plan(WEB, MX, step("send", "dots", ["ann@dest.example"], body=dots),
                   step("send", "wide", ["ann@dest.example"], body="x" * 990 + "\r\n" + "y" * 500 + "\r\n"), QUIT),
              plan(WEB, UNI, step("send", "dots2", ["prof@uni.example"], body=dots),
                   step("send", "bytes8", ["prof@uni.example"], body="Grüße aus Köln, żółć, 你好\r\n" * 20,
                        options=["BODY=8BITMIME"]),
                   step("send", "empty", ["prof@uni.example"], body=""), QUIT))


@case("offloads on: segments of up to 64 KB and unfinished checksums, as captured on the sending host", offloads=True)
def offloads(c):
    c.postfix("off1@shop.example", ["ann@dest.example", "nobody@dest.example"],
              plain("off1", "off1@shop.example", "ann@dest.example", "Large", words=9000))
    c.exim("off2@bakery.example", ["prof@uni.example"],
           plain("off2", "off2@bakery.example", "prof@uni.example", "Large", words=9000))
    c.smtplib(plan(WEB, UNI, step("send", "off3", ["prof@uni.example", "gone@uni.example"], words=9000), QUIT))


@case("a port of its own: Postfix listens on 2526; swaks, smtplib and Postfix send there")
def odd_port(c):
    sender = "odd@club.example"
    c.swaks(WEB, MX, sender, "ann@dest.example", plain("odd", sender, "ann@dest.example", "Elsewhere"), port=2526)
    c.smtplib(plan(WEB, MX, step("send", "odd2", ["nobody@dest.example", "bob@dest.example"]), QUIT, port=2526))
    c.postfix("odd3@shop.example", ["ann@dest.example"], plain("odd3", "odd3@shop.example", "ann@dest.example", "Elsewhere"))


@case("IPv6: Postfix, Exim, swaks and smtplib to Postfix and Exim; accepted, refused, put off", format="nano")
def ipv6(c):
    c.postfix("six1@shop.example", ["ann@dest.example", "nobody@dest.example"],
              plain("six1", "six1@shop.example", "ann@dest.example", "Six"))
    c.exim("six2@bakery.example", ["user22@uni.example"], plain("six2", "six2@bakery.example", "user22@uni.example", "Six"))
    c.swaks(WEB6, MX6, "six3@club.example", "busy@dest.example", plain("six3", "six3@club.example", "busy@dest.example", "Six"))
    c.smtplib(plan(WEB6, UNI6, step("send", "six4", ["prof@uni.example"], "Cheap pills"),
                   step("send", "six5", ["dean@uni.example"]), QUIT))


@case("OpenSMTPD receives from swaks, smtplib, Postfix and Exim")
def opensmtpd(c):
    sender = "bsd1@club.example"
    c.swaks(WEB, BSD, sender, "kim@bsd.example,no@bsd.example", plain("bsd1", sender, "kim@bsd.example", "Hello"),
            "--local-port", "41001")
    c.ports[WEB] = 41001
    c.smtplib(plan(WEB2, BSD, step("send", "bsd2", ["no@bsd.example"]), step("send", "bsd3", ["lee@bsd.example"]), QUIT,
                   local_port=41002))
    c.ports[WEB2] = 41002
    c.postfix("bsd4@shop.example", ["kim@bsd.example", "lee@bsd.example", "no@bsd.example"],
              plain("bsd4", "bsd4@shop.example", "kim@bsd.example", "Hello"))
    c.exim("bsd5@bakery.example", ["kim@bsd.example"], plain("bsd5", "bsd5@bakery.example", "kim@bsd.example", "Hello"))


# --- submission and encryption -----------------------------------------------------------------------

LOGIN = ("--auth-user", "alice", "--auth-password")


@case("AUTH on port 587 in clear: PLAIN and LOGIN accepted, refused with 535, and no AUTH at all; "
      "swaks, msmtp and smtplib to Exim")
def auth_587(c):
    for n, (how, word) in enumerate((("PLAIN", "correct-horse"), ("LOGIN", "correct-horse"), ("PLAIN", "wrong"))):
        sender = f"auth{n}@club.example"
        c.swaks(WEB, UNI, sender, "user1@uni.example", plain(f"auth{n}", sender, "user1@uni.example", "Submitted"),
                "--auth", how, *LOGIN, word, port=587)
    c.smtplib(plan(WEB, UNI, step("send", "auth5", ["prof@uni.example"]), QUIT, port=587, login=["alice", "correct-horse"]),
              plan(WEB, UNI, QUIT, port=587, login=["alice", "nonsense"]),
              plan(WEB, UNI, step("send", "auth6", ["someone@dest.example"]), QUIT, port=587))
    sender = "auth7@club.example"
    c.msmtp(WEB2, UNI, sender, ["user2@uni.example"], plain("auth7", sender, "user2@uni.example", "Submitted"), "--auth=plain",
            "--user=alice", "--passwordeval=echo correct-horse", port=587)


@case("submission by msmtp: 587 with STARTTLS and AUTH, 465 with TLS from the start, and a refused password inside TLS")
def msmtp_submission(c):
    tls = ("--tls=on", "--tls-certcheck=off", "--auth=plain", "--user=alice")
    for n, (port, word) in enumerate(((587, "correct-horse"), (465, "correct-horse"), (587, "wrong"))):
        sender = f"submit{n}@club.example"
        c.msmtp(WEB2, UNI, sender, ["user1@uni.example", "user2@uni.example"],
                plain(f"submit{n}", sender, "user1@uni.example", "Submitted"), *tls, "--passwordeval=echo " + word,
                "--tls-starttls=" + ("on" if port == 587 else "off"), port=port)


@case("STARTTLS: Postfix to Postfix, Exim to Postfix, swaks to Exim on 587, with refused recipients inside")
def starttls(c):
    c.postfix("tls1@shop.example", ["ann@dest.example", "nobody@dest.example"],
              plain("tls1", "tls1@shop.example", "ann@dest.example", "Sealed"))
    c.exim("tls2@bakery.example", ["user20@dest.example"],
           plain("tls2", "tls2@bakery.example", "user20@dest.example", "Sealed"))
    c.swaks(WEB, UNI, "tls3@club.example", "prof@uni.example", plain("tls3", "tls3@club.example", "prof@uni.example", "Sealed"),
            "-tls", "--auth", "PLAIN", *LOGIN, "correct-horse", port=587)
    c.smtplib(plan(WEB, TLS, step("send", "tls4", ["nobody@dest.example"]), step("send", "tls5", ["bob@dest.example"]), QUIT,
                   tls="starttls"))


@case("TLS from the first byte on port 465: swaks to Exim, smtplib to Postfix, accepted and refused")
def implicit_tls(c):
    c.swaks(WEB, UNI, "imp1@club.example", "prof@uni.example", plain("imp1", "imp1@club.example", "prof@uni.example", "Sealed"),
            "--tls-on-connect", "--auth", "PLAIN", *LOGIN, "correct-horse", port=465)
    c.smtplib(plan(WEB, TLS, step("send", "imp2", ["ann@dest.example", "nobody@dest.example"]),
                   step("send", "imp3", ["bob@dest.example"], "You won the lottery"), QUIT, port=465, tls="implicit"))


# --- late bounces ------------------------------------------------------------------------------------

@case("accepted, then bounced: the receivers' own reports come back to the customers' servers with a null sender", wait=1)
def dsn_back(c):
    c.postfix("late1@shop.example", ["late@dest.example"], plain("late1", "late1@shop.example", "late@dest.example", "Offer"))
    c.postfix("late2@shop.example", ["late@uni.example", "prof@uni.example"],
              plain("late2", "late2@shop.example", "late@uni.example", "Offer"))
    c.exim("late3@bakery.example", ["late@dest.example"], plain("late3", "late3@bakery.example", "late@dest.example", "Offer"))
    c.exim("late4@bakery.example", ["late@uni.example"], plain("late4", "late4@bakery.example", "late@uni.example", "Offer"))
    c.settle()
    time.sleep(1)
