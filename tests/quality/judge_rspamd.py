"""rspamd of Debian without a network: its own configuration in a temporary folder, one worker behind a socket in that folder.

Off is what asks others (DNS, its servers, Redis) or remembers: see OFF; so are its statistics and fuzzy hashes, which begin
empty.  No name server answers.  Where this user may (root), it has no network at all.  It is asked as its own client asks it,
with the envelope's sender; as in SpamAssassin's case, nothing is known of the connection.  Its library for many expressions is
waited for, because it makes it quicker.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import http.client
import json
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time

import judges

OFF = ("antivirus", "arc", "asn", "aws_s3", "bayes_expiry", "bimi", "clickhouse", "clustering", "dcc", "dkim", "dkim_signing", "dmarc",
       "elastic", "external_relay", "external_services", "fuzzy_check", "greylist", "hfilter", "history_redis", "http_headers", "metadata_exporter",
       "metric_exporter", "milter_headers", "mx_check", "neural", "p0f", "ratelimit", "rbl", "replies", "reputation", "rspamd_update",
       "spamtrap", "spf", "surbl", "url_redirector")
START_SECONDS = 300
NOTE = "Debian's configuration without a network and without memory; off: " + ", ".join(OFF)
LOCAL = {
    "options.inc": 'filters = "chartable,regexp";\ndns { nameserver = ["127.0.0.1:9"]; timeout = 0.01s; retransmits = 1; }\n'
                   "task_timeout = 60s;\n",
    "worker-normal.inc": 'bind_socket = "SOCKET mode=0666";\ncount = 1;\n',
    "worker-controller.inc": "count = 0;\nenabled = false;\n",
    "worker-proxy.inc": "count = 0;\nenabled = false;\n",
    "redis.conf": "",
}


def write_configuration(folder):
    """What stands in local.d; all the rest is Debian's."""
    local = folder / "local.d"
    local.mkdir()
    (folder / "db").mkdir()
    for name, text in LOCAL.items():
        (local / name).write_text(text.replace("SOCKET", str(folder / "worker.sock")))
    for module in OFF:
        (local / f"{module}.conf").write_text("enabled = false;\n")
    (local / "statistic.conf").write_text("")
    (folder / "rspamd.conf.local.override").write_text("classifier \"bayes\" { enabled = false; }\n")
    for path in [folder, *folder.rglob("*")]:
        os.chmod(path, 0o777 if path.is_dir() else 0o644)


def command(folder, level):
    (folder / "local.d" / "logging.inc").write_text(f'level = "{level}";\n')
    variables = [f"--var={name}={folder / place}" for name, place in (("LOCAL_CONFDIR", "."), ("DBDIR", "db"), ("RUNDIR", "."),
                                                                     ("LOGDIR", "."))]
    without_network = ["unshare", "--net"] if os.geteuid() == 0 and shutil.which("unshare") else []
    return [*without_network, "rspamd", "-f", "-i", "-c", "/etc/rspamd/rspamd.conf", *variables]


def workers(parent):
    """{process: its title} of what this process started."""
    found = {}
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text().rsplit(")", 1)[1].split()
                if int(stat[1]) == parent:
                    found[int(entry.name)] = (entry / "cmdline").read_bytes().decode(errors="replace")
            except (FileNotFoundError, ProcessLookupError):
                pass
    return found


def cpu_of(process):
    fields = pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Connection(http.client.HTTPConnection):
    """HTTP over a socket in the file system."""

    def __init__(self, path):
        super().__init__("localhost", timeout=90)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


def ask(path, message):
    connection = Connection(path)
    headers = {}
    if message.startswith(b"Return-Path: <"):
        headers["From"] = message[14:].split(b">", 1)[0].decode("latin-1")
    connection.request("POST", "/checkv2", body=message, headers=headers)
    answer = json.loads(connection.getresponse().read())
    connection.close()
    return answer


def answering(folder, process):
    """The worker's process, once it answers."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        time.sleep(0.2)
        worker = next((number for number, title in workers(process.pid).items() if "normal" in title), None)
        try:
            if worker is not None:
                ask(folder / "worker.sock", b"From: a@example.org\nSubject: ready?\n\nready?\n")
                return worker
        except (OSError, http.client.HTTPException):
            pass
    log = folder / "rspamd.log"
    said = (log if log.exists() else folder / "said").read_text(errors="replace")[-500:]
    raise judges.Absent(f"rspamd did not start (exit code {process.poll()}): {said}")


def expressions_compiled(folder, worker):
    """Waits until a worker has taken over what rspamd's helper compiled."""
    end, mark = time.monotonic() + START_SECONDS, f"#{worker}(normal)"
    while time.monotonic() < end:
        lines = (folder / "rspamd.log").read_text(errors="replace").splitlines()
        if any(mark in line and "full hyperscan database" in line for line in lines):
            return True
        time.sleep(0.5)
    return False


def stop(process):
    """It waits two minutes for its workers itself, and only then is its lock free for the next."""
    process.terminate()
    try:
        process.wait(150)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def ask_all(folder, worker, files):
    start = cpu_of(worker)
    results = {}
    for name in files:
        answer = ask(folder / "worker.sock", pathlib.Path(name).read_bytes())
        rules = {symbol: said["score"] for symbol, said in answer["symbols"].items() if said["score"]}
        results[name] = judges.Result(answer["score"], rules, None)
    return judges.Run(results, cpu_of(worker) - start, start, NOTE)


def judge(folders):
    """Started twice: to compile the expressions, told in its log; and, since that log takes time for each message, without."""
    if shutil.which("rspamd") is None:
        raise judges.Absent("rspamd is not installed; ./quickstart install lab does that")
    files = judges.files_of(folders)
    with tempfile.TemporaryDirectory() as name, open(pathlib.Path(name) / "said", "wb") as said:
        folder = pathlib.Path(name)
        write_configuration(folder)
        compiled = False
        for level in ("info", "error"):
            process = subprocess.Popen(command(folder, level), stdout=said, stderr=said)
            try:
                worker = answering(folder, process)
                if level == "info":
                    compiled = expressions_compiled(folder, worker)
                else:
                    return ask_all(folder, worker, files)._replace(note=NOTE if compiled else NOTE + "; Hyperscan was not ready")
            finally:
                stop(process)
    raise AssertionError("unreachable")
