"""A test's frame: what it needs, its time limit, its folder, the end of everything it started, and its verdict.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import contextlib
import importlib.util
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

CANNOT_RUN = 77
CLEANUP_SECONDS = 15
TOOLS = {"postfix": "postfix", "redis-server": "redis-server", "redis-cli": "redis-server", "ip": "iproute2",
         "tc": "iproute2", "setpriv": "util-linux"}


class Failed(Exception):
    """A check that did not hold."""


class TimeUp(BaseException):
    """The whole test took too long; not an Exception, so that nobody catches it on the way."""


def check(holds, what):
    if not holds:
        raise Failed(what)


PATIENCE = 60  # seconds, for what takes one or two where nothing else runs


def wait_for(what, ready, seconds):
    """The first true value of ready(); Failed when there is none in time."""
    end = time.monotonic() + seconds
    while True:
        value = ready()
        if value:
            return value
        if time.monotonic() > end:
            raise Failed(f"not within {seconds} s: {what() if callable(what) else what}")
        time.sleep(0.02)


def run(*command, **options):
    """A command that must succeed; its output as text."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=30, **options)
    check(done.returncode == 0, f"{' '.join(command)}: {done.stdout.strip()}")
    return done.stdout


def why_not_here():
    """What keeps the test from running on this machine at all, or None."""
    if os.geteuid() != 0:
        return "needs root, for network namespaces"
    name = f"mslive-{os.getpid()}-try"
    done = subprocess.run(["ip", "netns", "add", name], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        return "no network namespaces here: " + done.stderr.strip()
    subprocess.run(["ip", "netns", "del", name], check=False)
    return None


def missing_packages():
    os.environ["PATH"] = os.environ.get("PATH", "") + ":/usr/local/sbin:/usr/sbin:/sbin"
    packages = {package for tool, package in TOOLS.items() if not shutil.which(tool)}
    if importlib.util.find_spec("jsonschema") is None:
        packages.add("python3-jsonschema")
    return sorted(packages)


def remove_old_folders():
    """Those of tests that were killed before they could clean up."""
    for path in pathlib.Path(tempfile.gettempdir()).glob("mailspan-live-*-*"):
        if not os.path.exists("/proc/" + path.name.split("-")[2]):
            shutil.rmtree(path, ignore_errors=True)


@contextlib.contextmanager
def folder():
    """A folder of the test's own that the servers' users can walk into; gone at the end."""
    remove_old_folders()
    path = pathlib.Path(tempfile.mkdtemp(prefix=f"mailspan-live-{os.getpid()}-"))
    path.chmod(0o755)
    try:
        yield path
    finally:
        for _ in range(20):  # what a server that was killed just now had open
            shutil.rmtree(path, ignore_errors=True)
            if not path.exists():
                break
            time.sleep(0.1)


def time_up(_signal, _frame):
    raise TimeUp


def told_to_end(signum, _frame):
    sys.exit(128 + signum)


def main(test, seconds):
    """Runs test(program, folder, stack): what is entered on stack ends in any case.  The exit code."""
    if len(sys.argv) < 2:
        print(f"usage: {sys.argv[0]} PROGRAM     the mailspan to test", file=sys.stderr)
        return 2
    missing = missing_packages()
    if missing:
        print("not installed: " + " ".join(missing) + "; ./quickstart test installs all that is needed")
        return 1
    reason = why_not_here()
    if reason is not None:
        print("skipped: " + reason)
        return CANNOT_RUN
    signal.signal(signal.SIGALRM, time_up)
    signal.signal(signal.SIGTERM, told_to_end)
    signal.signal(signal.SIGHUP, told_to_end)
    started = time.monotonic()
    signal.alarm(seconds)
    try:
        with contextlib.ExitStack() as stack:
            stack.callback(signal.alarm, 0)
            home = stack.enter_context(folder())
            stack.callback(signal.alarm, CLEANUP_SECONDS)  # the ending has a limit, too
            test(pathlib.Path(sys.argv[1]).resolve(), home, stack)
    except Failed as failure:
        print(f"FAILED after {time.monotonic() - started:.1f} s: {failure}")
        return 1
    except TimeUp:
        print(f"FAILED: not done after {time.monotonic() - started:.1f} s")
        return 1
    print(f"passed in {time.monotonic() - started:.1f} s")
    return 0
