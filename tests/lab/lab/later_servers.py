"""Servers of the cases about what comes later (cases_later.py): those that accept and report afterwards, a mailbox provider, and
customers who forward, answer and run a list. Each set begins and ends with its case, as those of extras.py do.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import time

from . import net, transcript
from .exim import Exim
from .extras import EXTRAS, Extra
from .postfix import Postfix

AWAY, FACULTY, QUIET, BOX, BIGMAIL = ("203.0.113.%d" % n for n in range(40, 45))
STRANGERS = ["203.0.113.%d" % n for n in range(45, 49)]
FORWARD, ANSWERS, LISTS = "198.51.100.23", "198.51.100.24", "198.51.100.25"


def listener(address, options=""):
    return f"{address}:25 inet n - n - - smtpd -v -o syslog_name={address},25 {options}\n"


class Further(Extra):
    """Postfix and Exim instances that a case adds to the world. inner: those that are only spoken to behind the link."""
    inner = ()

    def __init__(self):
        super().__init__()
        self.servers, self.start_time = self.make(), time.time()
        self.mail_folders = [s.home + "/mail/box/new" for s in self.servers]

    def start(self):
        for server in self.servers:
            server.start()

    def stop(self):
        for server in self.servers:
            server.stop()
        super().stop()

    def logs(self):
        out = {}
        for server in self.servers:
            name = os.path.basename(server.home)
            with open(server.log, errors="replace") as f:
                out[name + ("-mainlog" if isinstance(server, Exim) else "-maillog")] = f.read()
        return out

    def dialogues(self):
        """Those that pass the link: the other ones have both ends on one side of it."""
        from .produce import log_seconds
        exim, postfix = log_seconds(self.start_time)
        for server in self.servers:
            is_exim = isinstance(server, Exim)
            with open(server.debug if is_exim else server.log, errors="replace") as f:
                found = (transcript.exim if is_exim else transcript.postfix)(f.read(), exim if is_exim else postfix)
            for d in found:
                if d.client_ip.split(".")[:3] != d.server_ip.split(".")[:3] and not d.client_ip.startswith("127."):
                    yield d


# --- those that accept everything, and report later --------------------------------------------------

AWAY_MAIN = """myhostname = mx.away.example
inet_interfaces = 203.0.113.40
inet_protocols = ipv4
smtp_bind_address = 203.0.113.40
relay_domains = away.example
transport_maps = inline:{{ {{ away.example = smtp:[203.0.113.43]:25 }}, {{ shop.example = smtp:[198.51.100.20]:25 }} }}
smtpd_relay_restrictions = reject_unauth_destination
smtpd_recipient_restrictions = permit
smtp_host_lookup = native
always_bcc = archive@box.invalid
virtual_mailbox_domains = box.invalid
virtual_mailbox_maps = static:box/
virtual_mailbox_base = {home}/mail
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
delay_warning_time = 2s
maximal_queue_lifetime = 9s
bounce_queue_lifetime = 60s
enable_long_queue_ids = no
"""

BOX_MAIN = """myhostname = box.away.example
inet_interfaces = 203.0.113.43
inet_protocols = ipv4
smtp_bind_address = 203.0.113.43
virtual_mailbox_domains = away.example faculty.example quiet.example
virtual_mailbox_maps = regexp:{home}/conf/users.regexp
virtual_mailbox_base = {home}/mail
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
header_checks = regexp:{home}/conf/header.regexp
smtpd_relay_restrictions = reject_unauth_destination
smtpd_recipient_restrictions = check_recipient_access hash:{home}/conf/recipients, permit
transport_maps = inline:{{ {{ shop.example = smtp:[198.51.100.20]:25 }} }}
smtp_host_lookup = native
enable_long_queue_ids = no
"""
BOX_FILES = {"users.regexp": "/^(ann|bob|cy|full|slow|user[0-9]+)@/ box/\n",
             "header.regexp": "/^Subject:.*refused content/ REJECT 5.7.1 Message rejected as spam by content filter\n"}
BOX_MAPS = {"recipients": "".join(f"full@{d}.example 552 5.2.2 Mailbox is full\nslow@{d}.example 450 4.2.1 Mailbox is busy\n"
                                  for d in ("away", "faculty", "quiet"))}

REPORTING_EXIM = """primary_hostname = mx.{name}.example
local_interfaces = {ip}
daemon_smtp_ports = 25
tls_advertise_hosts =
dsn_advertise_hosts = *
acl_smtp_rcpt = at_rcpt
{more}
begin acl
at_rcpt:
  accept domains = {name}.example
  deny message = 5.7.1 Relaying denied
begin routers
holiday:
  driver = accept
  domains = {name}.example
  local_parts = holiday
  senders = ! :
  transport = holiday
  unseen
keep:
  driver = accept
  domains = {name}.example
  local_parts = holiday
  transport = box
copy:
  driver = accept
  domains = {name}.example
  transport = box
  unseen
out:
  driver = manualroute
  route_list = {name}.example 203.0.113.43 byname ; shop.example 198.51.100.20 byname
  transport = out
begin transports
out:
  driver = smtp
  interface = {ip}
  hosts_try_chunking =
  allow_localhost
box:
  driver = appendfile
  directory = {{home}}/mail/box
  maildir_format
  create_directory
  user = Debian-exim
holiday:
  driver = autoreply
  user = Debian-exim
  from = "Prof. Holiday <holiday@{name}.example>"
  to = $sender_address
  subject = "Away: $h_subject:"
  headers = "Auto-Submitted: auto-replied\\nIn-Reply-To: $h_message-id:"
  text = "I am away until Monday.\\n"
begin retry
* * F,1h,3s
"""


class Reporting(Further):
    """away.example and faculty.example take everything and pass it to `box`, behind them, which does not; quiet.example's
    reports have no copy of what they tell of."""
    inner = (BOX,)
    programs = ("exim",)

    def make(self):
        self.away = Postfix("away", net.INTERNET, AWAY_MAIN, listener(AWAY))
        self.faculty = Exim("faculty", net.INTERNET, REPORTING_EXIM.format(name="faculty", ip=FACULTY, more=""))
        self.quiet = Exim("quiet", net.INTERNET, REPORTING_EXIM.format(name="quiet", ip=QUIET,
                                                                       more="bounce_return_message = false"))
        self.box = Postfix("box", net.INTERNET, BOX_MAIN, listener(BOX), BOX_MAPS, BOX_FILES)
        return [self.away, self.faculty, self.quiet, self.box]


# --- a mailbox provider, and customers who pass on, answer, and run a list -----------------------------

BIGMAIL_MAIN = """myhostname = mx.bigmail.example
inet_interfaces = 203.0.113.44
inet_protocols = ipv4
virtual_mailbox_domains = bigmail.example
virtual_mailbox_maps = regexp:{home}/conf/users.regexp
virtual_mailbox_base = {home}/mail
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
header_checks = regexp:{home}/conf/header.regexp
smtpd_relay_restrictions = reject_unauth_destination
smtpd_recipient_restrictions = permit
smtpd_error_sleep_time = 0
smtpd_soft_error_limit = 1000
smtpd_hard_error_limit = 1000
enable_long_queue_ids = no
"""
BIGMAIL_FILES = {"users.regexp": "/^(anna|bert|reader[0-9]+|real[0-9]+)@bigmail\\.example$/ box/\n",
                 "header.regexp": "/^Subject:.*(pills|lottery)/ REJECT 5.7.1 Message refused: it looks like spam to us\n"
                                  "/^From:.*@bank\\.example/ REJECT 5.7.26 Unauthenticated mail from bank.example is not "
                                  "accepted due to the domain's DMARC policy\n"}

CUSTOMER_MAIN = """myhostname = mail.{name}.example
inet_interfaces = {ip}, 127.0.0.1
inet_protocols = ipv4
smtp_bind_address = {ip}
sender_dependent_default_transport_maps =
transport_maps = regexp:{{home}}/conf/transport.regexp
default_transport = smtp:[203.0.113.10]:25
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
smtpd_recipient_restrictions = permit
smtpd_client_event_limit_exceptions =
smtp_host_lookup = native
smtp_connection_cache_destinations = static:all
smtp_connection_cache_time_limit = 2s
default_destination_concurrency_limit = 2
initial_destination_concurrency = 2
enable_long_queue_ids = no
"""
TO_BIGMAIL = "/@bigmail\\.example$/ smtp:[203.0.113.44]:25\n"

FORWARD_MAIN = """virtual_alias_domains = forward.example
virtual_alias_maps = regexp:{home}/conf/forward.regexp
sender_canonical_maps = tcp:127.0.0.1:10001
sender_canonical_classes = envelope_sender
recipient_canonical_maps = tcp:127.0.0.1:10002
recipient_canonical_classes = envelope_recipient
"""
NO_SRS = ("bank.example", "dest.example")


def bigmail():
    return Postfix("bigmail", net.INTERNET, BIGMAIL_MAIN, listener(BIGMAIL), files=BIGMAIL_FILES)


class Forwarder(Further):
    """forward.example passes all mail on to bigmail.example, with senders rewritten by postsrsd but for NO_SRS."""
    programs = ("postsrsd",)

    def make(self):
        files = {"forward.regexp": "/^(anna|bert|gina)@forward\\.example$/ $1@bigmail.example\n",
                 "transport.regexp": TO_BIGMAIL}
        self.forward = Postfix("forward", net.CUSTOMER, CUSTOMER_MAIN.format(name="forward", ip=FORWARD) + FORWARD_MAIN,
                               listener(FORWARD), files=files)
        return [self.forward, bigmail()]

    def start(self):
        secret = self.write("secret", "a secret of the lab\n")
        self.run(net.CUSTOMER, "postsrsd", "-4", "-s" + secret, "-dforward.example", *("-X" + d for d in NO_SRS))
        net.wait_for("127.0.0.1", 10001, namespace=net.CUSTOMER)
        super().start()


ANSWERS_MAIN = """relay_domains = answers.example
relay_transport = lmtp:inet:127.0.0.1:24
"""
DOVECOT = """base_dir = {home}/base
state_dir = {home}/state
log_path = {home}/dovecot.log
protocols = lmtp
listen = 127.0.0.1
ssl = no
hostname = mail.answers.example
postmaster_address = postmaster@answers.example
submission_host = 127.0.0.1:25
first_valid_uid = 1
mail_location = maildir:{home}/mail/%n
service lmtp {{
  process_limit = 1
  inet_listener lmtp {{
    port = 24
  }}
}}
passdb {{
  driver = passwd-file
  args = username_format=%n {home}/users
}}
userdb {{
  driver = passwd-file
  args = username_format=%n {home}/users
}}
protocol lmtp {{
  mail_plugins = sieve
}}
plugin {{
  sieve = file:{home}/vacation.sieve
}}
"""
VACATION = 'require "vacation";\nvacation :days 7 :subject "Away until Monday" "I am away and will answer next week.";\n'


class Autoresponder(Further):
    """answers.example keeps mail with Dovecot, whose Sieve answers for absent@ without a sender, for office@ in its name."""
    inner = ("127.0.0.1",)
    programs = ("dovecot-lmtpd", "dovecot-sieve")

    def make(self):
        self.answers = Postfix("answers", net.CUSTOMER, CUSTOMER_MAIN.format(name="answers", ip=ANSWERS) + ANSWERS_MAIN,
                               listener(ANSWERS) + "127.0.0.1:25 inet n - n - - smtpd\nlmtp unix - - n - - lmtp\n",
                               files={"transport.regexp": TO_BIGMAIL})
        return [self.answers, bigmail()]

    def start(self):
        for folder in ("mail", "state"):
            os.makedirs(f"{self.home}/{folder}")
            os.chmod(f"{self.home}/{folder}", 0o777)
        os.chmod(self.home, 0o777)  # Sieve compiles its script beside it
        self.write("vacation.sieve", VACATION)
        own = "userdb_sieve_vacation_send_from_recipient=yes"
        self.write("users", "".join(f"{user}:{{PLAIN}}x:65534:65534::{self.home}/mail/{user}::{more}\n"
                                    for user, more in (("absent", ""), ("office", own))))
        # Its Message-IDs have the machine's name.
        self.run(net.CUSTOMER, "unshare", "--uts", "sh", "-c", "hostname mail.answers.example; exec \"$@\"", "-", "dovecot",
                 "-F", "-c", self.write("conf", DOVECOT.format(home=self.home)))
        net.wait_for("127.0.0.1", 24, namespace=net.CUSTOMER)
        super().start()


LISTS_MAIN = """relay_domains = lists.example
mlmmj_destination_recipient_limit = 1
"""
LISTS_MASTER = """127.0.0.1:25 inet n - n - - smtpd
mlmmj unix - n n - - pipe flags=ORhu user=nobody argv=/usr/bin/mlmmj-receive -F -L {home}/lists/$nexthop
"""
LIST_FOLDERS = ("incoming", "queue", "queue/discarded", "archive", "text", "subconf", "unsubconf", "bounce", "control",
                "moderation", "subscribers.d", "digesters.d", "requeue", "nomailsubs.d")


class MailingList(Further):
    """news@lists.example, run by mlmmj: sixty members at bigmail.example, twelve of whom have left without a word."""
    programs = ("mlmmj",)
    inner = ("127.0.0.1",)

    def make(self):
        files = {"transport.regexp": "/^news(\\+.*)?@lists\\.example$/ mlmmj:news\n" + TO_BIGMAIL}
        self.lists = Postfix("lists", net.CUSTOMER, CUSTOMER_MAIN.format(name="lists", ip=LISTS) + LISTS_MAIN,
                             listener(LISTS) + LISTS_MASTER, files=files)
        self.make_list(self.lists.home + "/lists/news")
        return [self.lists, bigmail()]

    def make_list(self, home):
        for folder in LIST_FOLDERS:
            os.makedirs(f"{home}/{folder}")
        members = [f"{'reader' if n % 5 else 'left'}{n}@bigmail.example" for n in range(60)]
        texts = {"index": "", "control/listaddress": "news@lists.example\n", "control/owner": "owner@lists.example\n",
                 "control/customheaders": "List-Id: News of the club <news.lists.example>\nPrecedence: list\n"
                                          "List-Unsubscribe: <mailto:news+unsubscribe@lists.example>\n",
                 "control/relayhost": "127.0.0.1\n"}
        texts.update({f"subscribers.d/{letter}": "".join(m + "\n" for m in members if m[0] == letter) for letter in "lr"})
        for name, text in texts.items():
            with open(f"{home}/{name}", "w") as f:
                f.write(text)
        net.sh("chown", "-R", "nobody", os.path.dirname(home))


EXTRAS.update(reporting=Reporting, forwarder=Forwarder, autoresponder=Autoresponder, list=MailingList)
