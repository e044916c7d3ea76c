"""The cases: each a function that has clients send something while the link is captured."""
from .letters import plain

SHOP = "198.51.100.20"
MX, UNI, BSD = "203.0.113.10", "203.0.113.20", "203.0.113.30"
MX6, UNI6 = "2001:db8:20::10", "2001:db8:20::20"
WEB, WEB2 = "198.51.100.10", "198.51.100.11"

CASES = {}


def case(about, **options):
    """Marks a case. about: what it shows. options: format, offloads, path (paths.py), seconds to wait for
    late bounces, others: servers of other protocols, and proxies, run as well, extra: a server of extras.py.
    name: the case's, where it is not the function's."""
    def mark(function):
        CASES[options.pop("name", function.__name__.replace("_", "-"))] = (function, about, options)
        return function
    return mark


def step(do, key, to, subject="Your order", sender=None, domain="club.example", **more):
    """One message of a smtplib plan, its envelope sender named after its key."""
    sender = sender or f"{key}@{domain}"
    fields = {k: more.pop(k) for k in ("words", "dkim", "body") if k in more}
    return {"do": do, "from": sender, "to": to, "message": plain(key, sender, (to or ["nobody"])[0], subject, **fields), **more}


def plan(local, server, *steps, port=25, **more):
    return {"local": local, "server": [server, port], "steps": list(steps), **more}


QUIT = {"do": "quit"}


# --- accepted ----------------------------------------------------------------------------------------

@case("one message to one recipient, accepted; swaks to Postfix, one command at a time")
def accepted_single(c):
    sender = "one@club.example"
    c.swaks(WEB, MX, sender, "ann@dest.example", plain("single", sender, "ann@dest.example", "Your order"))


@case("one message to thirty recipients, all accepted; Postfix to Postfix, pipelined, QUIT sent with the final dot")
def accepted_many(c):
    sender = "many@shop.example"
    to = [f"user{n}@dest.example" for n in range(30)]
    c.postfix(sender, to, plain("many", sender, "list@dest.example", "News of the week", words=200, dkim=True))


@case("550 5.1.1 at RCPT: the user is unknown. msmtp to Postfix")
def rcpt_550(c):
    sender = "lost@club.example"
    c.msmtp(WEB2, MX, sender, ["nobody@dest.example"], plain("lost", sender, "nobody@dest.example", "Hello"))


@case("several recipients with different fates in one transaction: 250, 550, 450, 552, 554; from Postfix and from smtplib")
def rcpt_mixed(c):
    to = ["ann@dest.example", "nobody@dest.example", "busy@dest.example", "full@dest.example", "bob@dest.example",
          "blocked@dest.example"]
    sender = "mixed@shop.example"
    c.postfix(sender, to, plain("mixed", sender, to[0], "To some of you"))
    c.settle()
    c.smtplib(plan(WEB, MX, step("send", "mixed2", list(reversed(to))), QUIT))


@case("refused after the data: 550 from Postfix's header checks, 554 and 451 from Exim's ACL")
def data_554(c):
    c.smtplib(plan(WEB, MX, step("send", "refused1", ["ann@dest.example", "bob@dest.example"], "You won the lottery"),
                   step("send", "after1", ["ann@dest.example"], "An ordinary one after it"), QUIT),
              plan(WEB, UNI, step("send", "refused2", ["prof@uni.example", "gone@uni.example"], "Cheap pills"),
                   step("send", "later2", ["dean@uni.example"], "Please try again with this"), QUIT))


from . import cases_detect, cases_later, cases_more, cases_paths, cases_protocol, cases_proxy, cases_servers, demo  # noqa: E402,F401  (they add to CASES)
