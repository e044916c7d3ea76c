"""The servers of the lab: three receivers on the Internet's side, two senders on the customers'.

A listener that behaves in a way of its own has an address of its own (see the table in README.md).
"""
import os

from . import fetch, net
from .exim import Exim
from .opensmtpd import OpenSMTPD
from .postfix import Postfix

MX_MAIN = """myhostname = mx.dest.example
inet_interfaces = 203.0.113.10, [2001:db8:20::10]
smtp_bind_address = 203.0.113.10
smtp_bind_address6 = 2001:db8:20::10
virtual_mailbox_domains = dest.example
virtual_mailbox_maps = regexp:{home}/conf/users.regexp
virtual_mailbox_base = {home}/mail
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
transport_maps = hash:{home}/conf/transport
header_checks = regexp:{home}/conf/header.regexp
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
smtpd_recipient_restrictions = check_recipient_access hash:{home}/conf/recipients, permit
smtpd_client_event_limit_exceptions =
smtpd_client_message_rate_limit = 0
smtpd_error_sleep_time = 0
smtpd_soft_error_limit = 1000
smtpd_hard_error_limit = 1000
enable_long_queue_ids = no
"""

# address, port, and what differs there
MX_LISTENERS = [
    ("203.0.113.10", 25, ""), ("2001:db8:20::10", 25, ""), ("203.0.113.10", 2526, ""),
    ("203.0.113.11", 25, "-o smtpd_client_restrictions=reject -o smtpd_delay_reject=no"),
    ("203.0.113.12", 25, "-o smtpd_client_connection_rate_limit=1"),
    ("203.0.113.13", 25, "-o smtpd_tls_security_level=may"),
    ("2001:db8:20::13", 25, "-o smtpd_tls_security_level=may"),
    ("203.0.113.13", 465, "-o smtpd_tls_wrappermode=yes -o smtpd_tls_security_level=encrypt"),
    ("203.0.113.14", 25, "-o message_size_limit=4000"),
    ("203.0.113.15", 25, "-o smtpd_recipient_restrictions=check_recipient_access,hash:{home}/conf/recipients,"
                         "check_policy_service,inet:127.0.0.1:10023"),
    ("203.0.113.16", 25, "-o smtpd_discard_ehlo_keywords=pipelining,chunking"),
    ("203.0.113.17", 25, "-o smtpd_hard_error_limit=3 -o smtpd_soft_error_limit=2"),
    ("203.0.113.18", 25, "-o smtpd_sender_restrictions=check_sender_access,hash:{home}/conf/senders"
                         " -o smtpd_delay_reject=no"),
    ("203.0.113.19", 25, "-o smtpd_data_restrictions=check_sender_access,hash:{home}/conf/datasenders"),
    # Mail on ports of others; 8080 takes its time to greet.
    ("203.0.113.22", 26, ""), ("203.0.113.22", 80, ""),
    ("203.0.113.22", 8080, "-o smtpd_client_restrictions=sleep,3 -o smtpd_delay_reject=no"),
    ("203.0.113.22", 4465, "-o smtpd_tls_wrappermode=yes -o smtpd_tls_security_level=encrypt"),
    ("203.0.113.21", 25, "-o smtpd_end_of_data_restrictions=check_sender_access,hash:{home}/conf/datasenders"),
    ("203.0.113.22", 25, "-o smtpd_forbid_bare_newline=reject"),
    # A certificate that is not there: STARTTLS is offered, and refused with 454.
    ("203.0.113.23", 25, "-o smtpd_tls_security_level=may -o smtpd_tls_cert_file=/nonexistent"
                         " -o smtpd_tls_key_file=/nonexistent"),
    # Behind a load balancer.
    ("203.0.113.31", 25, "-o smtpd_upstream_proxy_protocol=haproxy -o smtpd_tls_security_level=may"),
    ("203.0.113.31", 10026, "-o smtpd_upstream_proxy_protocol=haproxy"),
    # Refuses the customer's address at the greeting: on a blocklist, and too busy.
    ("203.0.113.39", 25, "-o smtpd_client_restrictions=check_client_access,hash:{home}/conf/listed -o smtpd_delay_reject=no"),
    ("203.0.113.49", 25, "-o smtpd_client_restrictions=check_client_access,hash:{home}/conf/hurried -o smtpd_delay_reject=no"),
    ("203.0.113.25", 25, "-o smtpd_discard_ehlo_keywords=smtputf8"),
    ("203.0.113.24", 25, "-o smtpd_authorized_xclient_hosts=198.51.100.0/24"
                         " -o smtpd_authorized_xforward_hosts=198.51.100.0/24"),
]

# Postfix receiving: who exists, who is told to come later, who bounces after it was accepted.
MX_FILES = {
    "users.regexp": "/^(ann|bob|cy|late|busy|full|blocked|user[0-9]+|plain[0-9]|müller|анна|用户)@dest\\.example$/ box/\n",
    "header.regexp": "/^Subject:.*(lottery|pills|refused content)/ REJECT 5.7.1 Message content refused, see our policy\n"
 }
MX_MAPS = {
    "recipients": "busy@dest.example 450 4.2.1 Mailbox is busy, try again later\n"
                  "full@dest.example 552 5.2.2 Mailbox is full\n"
                  "blocked@dest.example 554 5.7.1 Service unavailable; client host is listed\n",
    "listed": "198.51.100.20 554 5.7.1 Service unavailable; Client host [198.51.100.20] blocked using zen.spamhaus.org; "
              "https://www.spamhaus.org/query/ip/198.51.100.20\n",
    "hurried": "198.51.100.20 421 4.3.2 Too many connections at the moment, please try again later\n",
    "senders": "bad-sender.example 554 5.7.1 Sender domain is not wanted here\n"
               "slow-sender.example 450 4.1.8 Sender domain cannot be verified now\n",
    "datasenders": "bad-sender.example 554 5.7.1 No data from you\n"
                   "slow-sender.example 451 4.7.1 Not now\n",
    "transport": "late@dest.example late:\n"
                 "shop.example smtp:[198.51.100.20]:25\n"
                 "bakery.example smtp:[198.51.100.30]:25\n",
}

UNI = """primary_hostname = mx.uni.example
local_interfaces = <; 203.0.113.20 ; 2001:db8:20::20
daemon_smtp_ports = 25 : 465 : 587
tls_on_connect_ports = 465
# STARTTLS is only offered on the submission port, so that port 25 is readable on the wire.
tls_advertise_hosts = ${{if eq{{$received_port}}{{587}}{{*}}}}
auth_advertise_hosts = ${{if or{{ {{eq{{$received_port}}{{587}}}} {{eq{{$received_port}}{{465}}}} }}{{*}}}}
message_size_limit = 200K
acl_smtp_connect = at_connect
acl_smtp_rcpt = at_rcpt
acl_smtp_data = at_data
smtp_accept_max_per_connection = 1000
begin acl
at_connect:
  deny hosts = 198.51.100.12
       message = 554 5.7.1 No mail is taken from your network
  defer hosts = 198.51.100.13
        message = 421 4.7.0 Too busy, come back later
  accept
at_rcpt:
  accept authenticated = *
  deny local_parts = blocked
       message = 554 5.7.1 This server does not take mail from your network:\\n\\
                 ask postmaster@uni.example, and\\nname the address you send from
  defer local_parts = busy
        message = 451 4.3.0 Try again later
  accept domains = uni.example
         verify = recipient
  deny domains = uni.example
       message = 5.1.1 No such user here
  deny message = 5.7.1 Relaying denied
at_data:
  deny condition = ${{if match{{$h_subject:}}{{lottery|pills|refused content}}}}
       message = 554 5.7.1 Your message looks like unsolicited mail
  defer condition = ${{if match{{$h_subject:}}{{try again with this}}}}
        message = 451 4.7.1 Your message was put off
  accept
begin routers
out:
  driver = manualroute
  domains = ! uni.example
  route_list = shop.example 198.51.100.20 byname ; bakery.example 198.51.100.30 byname ; dest.example 203.0.113.10 byname
  transport = out
late:
  driver = redirect
  domains = uni.example
  local_parts = late
  allow_fail
  data = ${{if eq{{$received_port}}{{0}}{{}}{{:fail: The mailbox is closed}}}}
  no_verify
box:
  driver = accept
  domains = uni.example
  local_parts = prof : dean : late : ^user[0-9]+\\$ : ^plain[0-9]\\$
  transport = box
begin transports
out:
  driver = smtp
  interface = <; 203.0.113.20 ; 2001:db8:20::20
  hosts_try_chunking =
  allow_localhost
box:
  driver = appendfile
  directory = {home}/mail/box
  maildir_format
  create_directory
  user = Debian-exim
begin retry
* * F,1h,3s
begin authenticators
cram:
  driver = cram_md5
  public_name = CRAM-MD5
  server_secret = ${{if eq{{$auth1}}{{alice}}{{correct-horse}}fail}}
  server_set_id = $auth1
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${{if and{{ {{eq{{$auth2}}{{alice}}}} {{eq{{$auth3}}{{correct-horse}}}} }}}}
  server_set_id = $auth2
login:
  driver = plaintext
  public_name = LOGIN
  server_prompts = Username:: : Password::
  server_condition = ${{if and{{ {{eq{{$auth1}}{{alice}}}} {{eq{{$auth2}}{{correct-horse}}}} }}}}
  server_set_id = $auth1
"""

BSD = """table users file:{home}/users
listen on 203.0.113.30 port 25 hostname mx.bsd.example
action keep maildir "{home}/mail/box" virtual <users>
match from any for domain "bsd.example" action keep
"""

SHOP_MAIN = """myhostname = mail.shop.example
inet_interfaces = 198.51.100.20, [2001:db8:10:20::25]
smtp_bind_address = 198.51.100.20
smtp_bind_address6 = 2001:db8:10:20::25
virtual_mailbox_domains = shop.example
virtual_mailbox_maps = regexp:{home}/conf/users.regexp
virtual_mailbox_base = {home}/mail
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
sender_dependent_default_transport_maps = regexp:{home}/conf/routes.regexp
default_transport = error:5.3.0 the lab has no route for this sender
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
smtpd_recipient_restrictions = permit
smtp_host_lookup = native
enable_long_queue_ids = no
"""

# Where Postfix sends what, and by which transport: by the sender's name, since a table that changes while
# Postfix runs is noticed late.
SHOP_ROUTES = """/^many/ smtp:[203.0.113.10]:25
/^(mixed|late1|off|pipe1)/ one:[203.0.113.10]:25
/^(late2|pipe0)/ one:[203.0.113.20]:25
/^pipe2/ one:[203.0.113.16]:25
/^greet/ one:[203.0.113.11]:25
/^grey/ one:[203.0.113.15]:25
/^listed/ one:[203.0.113.39]:25
/^hurried/ one:[203.0.113.49]:25
/^reuse/ cached:[203.0.113.10]:25
/^odd/ one:[203.0.113.10]:2526
/^six/ one:[2001:db8:20::10]:25
/^bsd/ one:[203.0.113.30]:25
/^tls/ tls:[203.0.113.13]:25
/^uni/ smtp:[203.0.113.20]:25
/^utf8-none/ one:[203.0.113.25]:25
/^lmtp/ lmtpc:inet:[203.0.113.38]:24
/^xf/ forward:[203.0.113.24]:25
/^strange/ one:[203.0.113.32]:25
/^away/ smtp:[203.0.113.40]:25
/^faculty/ smtp:[203.0.113.41]:25
/^quiet/ smtp:[203.0.113.42]:25
/./ smtp:[203.0.113.10]:25
"""

# "cached" keeps connections for the next message, "tls" wants STARTTLS, "one" is one message at a time.
SHOP_MASTER = """cached unix - - n - 1 smtp -o smtp_connection_cache_destinations=static:all
  -o smtp_connection_cache_time_limit=2s
tls unix - - n - 1 smtp -o smtp_tls_security_level=encrypt
one unix - - n - 1 smtp
lmtpc unix - - n - 1 lmtp -o lmtp_connection_cache_destinations=static:all
  -o lmtp_connection_cache_time_limit=2s -o lmtp_bind_address=198.51.100.20
forward unix - - n - 1 smtp -o smtp_send_xforward_command=yes
"""

BAKERY = """primary_hostname = mail.bakery.example
local_interfaces = <; 198.51.100.30 ; 2001:db8:10:30::25
daemon_smtp_ports = 25
tls_advertise_hosts =
acl_smtp_rcpt = at_rcpt
begin acl
at_rcpt:
  accept domains = bakery.example
  deny message = 5.7.1 Relaying denied
begin routers
out:
  driver = manualroute
  domains = ! bakery.example
  route_data = ${{lookup{{$local_part@$domain}}lsearch*@{{{home}/routes}}}} byname
  transport = ${{if match{{$local_part}}{{^plain}}{{plain}}{{out}}}}
  host_find_failed = defer
box:
  driver = accept
  domains = bakery.example
  transport = box
begin transports
out:
  driver = smtp
  port = 25
  interface = <; 198.51.100.30 ; 2001:db8:10:30::25
  hosts_try_chunking = *
  hosts_pipe_connect = *
  hosts_avoid_tls = !203.0.113.13 : *
  hosts_require_tls = 203.0.113.13
  connection_max_messages = 500
plain:
  driver = smtp
  interface = <; 198.51.100.30 ; 2001:db8:10:30::25
  hosts_try_chunking =
  hosts_avoid_tls = *
box:
  driver = appendfile
  directory = {home}/mail/box
  maildir_format
  create_directory
  user = Debian-exim
begin retry
* * F,1h,3s
"""


# Where Exim sends what; a recipient of its own can go elsewhere. Addresses of the lists are separated by ";".
ROUTES = """*@dest.example: 203.0.113.10
*@uni.example: 203.0.113.20
*@bsd.example: 203.0.113.30
*@six.example: <; 2001:db8:20::20
user20@dest.example: 203.0.113.13
user21@dest.example: <; 2001:db8:20::10
user22@uni.example: <; 2001:db8:20::20
"""


# A mailbox that turns out to be full after the message was accepted, as a delivery agent would say it.
MX_MASTER = """late unix - n n - - pipe user=nobody argv=/bin/sh -c {{echo "5.2.2 mailbox is full"; exit 77}}
"""


def listener(address, port, options):
    """One smtpd in master.cf; the log lines carry the address it listens at."""
    host = f"[{address}]" if ":" in address else address
    return f"{host}:{port} inet n - n - - smtpd -v -o syslog_name={address},{port} {options}\n"


class World:
    def __init__(self):
        listeners = "".join(listener(*l) for l in MX_LISTENERS)
        self.mx = Postfix("mx", net.INTERNET, MX_MAIN, MX_MASTER + listeners, MX_MAPS, MX_FILES)
        self.uni = Exim("uni", net.INTERNET, UNI)
        self.bsd = OpenSMTPD("bsd", net.INTERNET, BSD)
        self.shop = Postfix("shop", net.CUSTOMER, SHOP_MAIN,
                            SHOP_MASTER + listener("198.51.100.20", 25, "") + listener("2001:db8:10:20::25", 25, ""),
                            {}, {"users.regexp": "/@shop\\.example$/ box/\n", "routes.regexp": SHOP_ROUTES})
        self.bakery = Exim("bakery", net.CUSTOMER, BAKERY)
        with open(self.bakery.home + "/routes", "w") as f:
            f.write(ROUTES)
        os.chmod(self.bakery.home + "/routes", 0o644)
        self.servers = [self.mx, self.uni, self.bsd, self.shop, self.bakery]
        self.postgrey = None

    def start(self):
        for server in self.servers:
            server.start()
        self.postgrey = start_postgrey()

    def stop(self):
        for server in self.servers:
            server.stop()
        if self.postgrey:
            self.postgrey.terminate()
            self.postgrey.wait()


def start_postgrey():
    """Debian's own greylisting daemon, with a delay short enough to see the retry."""
    import shutil
    import subprocess
    home = fetch.WORK + "/run/postgrey"
    shutil.rmtree(home, ignore_errors=True)
    os.makedirs(home)
    shutil.chown(home, "postgrey", "postgrey")
    return subprocess.Popen(net.inside(net.INTERNET, "postgrey", "--inet=127.0.0.1:10023", "--delay=2", "--dbdir=" + home,
                                       "--hostname=mx.dest.example"), stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL)
