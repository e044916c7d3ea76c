"""What the lab needs on the machine: unpacked Exim and OpenSMTPD, their users, a certificate.

Debian's mail servers exclude each other as packages. Postfix is installed; the two others are
unpacked below the work folder and run from there.
"""
import glob
import os
import pwd
import shutil
import subprocess

WORK = os.environ.get("MAILSPAN_LAB_WORK", "/var/tmp/mailspan-lab")
EXIM = WORK + "/root-exim4-daemon-light/usr/sbin/exim4"
EXIM_ETC = WORK + "/exim-etc"
OPENSMTPD_ROOT = WORK + "/root-opensmtpd"
CERT, KEY = WORK + "/tls/cert.pem", WORK + "/tls/key.pem"
TOOLS = ("postfix", "postgrey", "swaks", "msmtp", "tcpdump", "dumpcap", "tshark", "ethtool", "ip", "ss", "openssl",
         "nginx", "tinyproxy", "microsocks", "haproxy", "dropbear", "dovecot", "dnsmasq", "redis-server", "curl", "ssh",
         "sslsplit")

OTHERS = ("nginx-light", "redis-server", "dropbear-bin", "dovecot-pop3d", "dovecot-imapd", "python3-pyftpdlib", "dnsmasq-base",
          "tinyproxy-bin", "microsocks")  # packages of lab/others.py
EXTRAS = ("dovecot-lmtpd", "python3-aiosmtpd", "nginx-light", "libnginx-mod-mail", "sslsplit")  # of lab/extras.py


def missing_tools():
    path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    return [t for t in TOOLS if not shutil.which(t, path=path)]


def unpack(package):
    root = f"{WORK}/root-{package}"
    if os.path.isdir(root):
        return
    os.makedirs(WORK + "/deb", exist_ok=True)
    if not glob.glob(f"{WORK}/deb/{package}_*.deb"):
        subprocess.run(["apt-get", "-q", "download", package], cwd=WORK + "/deb", check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    subprocess.run(["dpkg", "-x", glob.glob(f"{WORK}/deb/{package}_*.deb")[0], root], check=True)


def user(name):
    try:
        pwd.getpwnam(name)
    except KeyError:
        subprocess.run(["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent",
                        "--shell", "/usr/sbin/nologin", name], check=True)


def certificate():
    if os.path.exists(CERT):
        return
    os.makedirs(os.path.dirname(CERT), exist_ok=True)
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "7300", "-subj",
                    "/CN=mx.dest.example", "-addext", "subjectAltName=DNS:mx.dest.example,DNS:mx.uni.example",
                    "-keyout", KEY, "-out", CERT], check=True, stderr=subprocess.DEVNULL)
    os.chmod(KEY, 0o644)  # a throw-away key that Exim's and Postfix's users must both read


def trust_configurations():
    """The list of configurations that Exim keeps its rights for; see exim.py."""
    os.makedirs(EXIM_ETC + "/exim4", exist_ok=True)
    with open(EXIM_ETC + "/exim4/trusted_configs", "w") as f:
        f.write(WORK + "/run/\n")


def versions():
    """The programs' versions, for the notes beside the captures."""
    def package(name):
        return subprocess.run(["dpkg-query", "-W", "-f=${Version}", name], stdout=subprocess.PIPE, text=True).stdout

    def unpacked(name):
        found = glob.glob(f"{WORK}/deb/{name}_*.deb")
        return os.path.basename(found[0]).split("_")[1].replace("%3a", ":") if found else "?"

    have = {name: package(name) for name in ("postfix", "swaks", "msmtp", "postgrey", "curl", "haproxy", "postsrsd", "mlmmj", "dovecot-sieve", *OTHERS, *EXTRAS)}
    have["exim"] = unpacked("exim4-daemon-light")
    have["opensmtpd"] = unpacked("opensmtpd")
    have["python smtplib"] = package("python3")
    return have


def everything():
    gone = missing_tools()
    if gone:
        raise SystemExit("not installed: %s\nRun ./quickstart install lab." % ", ".join(gone))
    os.makedirs(WORK, exist_ok=True)
    for package in ("exim4-daemon-light", "opensmtpd"):
        unpack(package)
    for name in ("Debian-exim", "opensmtpd", "opensmtpq"):
        user(name)
    certificate()
    trust_configurations()
