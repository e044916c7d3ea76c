"""The processes of a sensor as the kernel shows them, and what a root may do to one of them.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import array
import collections
import ctypes
import itertools
import os
import platform
import re
import time

from .bench import check, run

PTRACE_GETREGS, PTRACE_SETREGS, PTRACE_ATTACH, PTRACE_DETACH, PTRACE_SINGLESTEP = 12, 13, 16, 17, 9
SYSTEM_CALL = b"\x0f\x05"
MMAP = 9
RAX, RCX, RDX, RSI, RDI, ORIG_RAX, RIP, R10, R8, R9 = 10, 11, 12, 13, 14, 15, 16, 7, 9, 8  # sys/user.h
REGISTERS = 27


def children(pid):
    """Its children, by the names that the sensor gives them."""
    found = {}
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as list_of:
        for child in list_of.read().split():
            try:
                with open(f"/proc/{child}/comm", encoding="ascii") as comm:
                    found[comm.read().strip().removeprefix("ms-")] = int(child)
            except (FileNotFoundError, ProcessLookupError):  # it ended in between
                continue
    return found


def status(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as text:
        return dict(line.rstrip("\n").split(":\t", 1) for line in text)


def processor_ticks(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as text:
        return sum(map(int, text.read().rpartition(")")[2].split()[11:13]))


def wait_until_idle(pids, seconds=6):
    """Until none of them has had anything to do for a while; no longer than the seconds, whatever they do."""
    pids, end, before = list(pids), time.monotonic() + seconds, None
    while (now := sum(map(processor_ticks, pids))) != before and time.monotonic() < end:
        before = now
        time.sleep(1)


def is_there(pid):
    """Neither gone, nor a zombie that its parent has not looked at yet."""
    try:
        return status(pid)["State"][0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def limit(pid, name):
    with open(f"/proc/{pid}/limits", encoding="ascii") as text:
        return next(line[len(name):].split()[0] for line in text if line.startswith(name))


def table_of_sockets(place, pid):
    """inode: kind, of all sockets in the sensor's network."""
    kinds = {}
    for kind, column in (("packet", 8), ("unix", 6), ("tcp", 9), ("netlink", 9)):
        text = run(*place.inside("sensor", "cat", f"/proc/net/{kind}"))
        for line in text.splitlines()[1:]:
            kinds[line.split()[column]] = kind
    check(os.path.exists(f"/proc/{pid}"), f"{pid} has ended")
    return kinds


def descriptors(place, pid):
    """What a process has open: kind: how many."""
    kinds, count = table_of_sockets(place, pid), collections.Counter()
    for number in os.listdir(f"/proc/{pid}/fd"):
        target = os.readlink(f"/proc/{pid}/fd/{number}")
        made = re.fullmatch(r"socket:\[(\d+)\]", target)
        if made:
            target = kinds.get(made[1], "a socket of no known kind")
        count[re.sub(r"(pipe|anon_inode):\[?(\w+)\]?", lambda found: found[1] if found[1] == "pipe" else found[2],
                     re.sub(r"/proc/\d+/", "/proc/PID/", target))] += 1
    return dict(count)


def waiting_bytes(place):
    """How much the fullest socket between processes in the sensor's network holds."""
    return max(int(line.split()[2]) for line in run(*place.inside("sensor", "ss", "-Hxna")).splitlines())


LOOKED_AT_MAX = 1 << 30  # a mapping that is larger is a sanitizer's
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
HELD = 1 << 62  # a page's entry is at least this when it is in memory (bit 63), or swapped out (62)


def held_pages(pagemap, first, last):
    """What the process has touched of a mapping, as runs of pages; most of what is reserved it never does."""
    pagemap.seek(first // PAGE_BYTES * 8)
    entries = array.array("Q", pagemap.read((last - first) // PAGE_BYTES * 8))
    for held, run_of in itertools.groupby(entries, lambda entry: entry >= HELD):
        length = PAGE_BYTES * sum(1 for _ in run_of)
        if held:
            yield first, length
        first += length


def find_in_memory(pid, needles):
    """Which of them stand in what the process may write, or nobody but it can see."""
    found = set()
    with open(f"/proc/{pid}/maps", encoding="ascii") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory, \
            open(f"/proc/{pid}/pagemap", "rb", 0) as pagemap:
        for line in maps:
            first, last = (int(end, 16) for end in line.split()[0].split("-"))
            if not line.split()[1].startswith("rw") or last - first > LOOKED_AT_MAX:
                continue
            for at, length in held_pages(pagemap, first, last):
                memory.seek(at)
                try:
                    held = memory.read(length)
                except OSError:  # a ring
                    continue
                found |= {needle for needle in needles if needle in held}
    return found


# --- as a debugger ----------------------------------------------------------------------------------------------------

def can_inject():
    return platform.machine() == "x86_64"


class Traced:
    """Holds a process, and has it make system calls of ours."""

    def __init__(self, pid):
        self.pid, self.libc = pid, ctypes.CDLL(None, use_errno=True)
        self.libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p]
        self.libc.ptrace.restype = ctypes.c_long

    def trace(self, request, data=None):
        if self.libc.ptrace(request, self.pid, None, data) != 0:
            raise OSError(ctypes.get_errno(), f"ptrace {request}")

    def __enter__(self):
        self.trace(PTRACE_ATTACH)
        os.waitpid(self.pid, 0x40000000)  # __WALL
        return self

    def __exit__(self, *_):
        try:
            self.trace(PTRACE_DETACH)
        except OSError:
            pass  # it was killed meanwhile

    def place_of_system_call(self):
        """In some code of its own."""
        with open(f"/proc/{self.pid}/maps", encoding="ascii") as maps, open(f"/proc/{self.pid}/mem", "rb") as memory:
            for line in maps:
                first, last = (int(end, 16) for end in line.split()[0].split("-"))
                if line.split()[1] != "r-xp" or "libc" not in line:
                    continue
                memory.seek(first)
                at = memory.read(last - first).find(SYSTEM_CALL)
                if at >= 0:
                    return first + at
        raise ValueError("no system call in the C library")

    def call(self, number, *arguments):
        """Its result, as the process would see it."""
        before = (ctypes.c_ulonglong * REGISTERS)()
        self.trace(PTRACE_GETREGS, ctypes.addressof(before))
        ours = (ctypes.c_ulonglong * REGISTERS)(*before)
        ours[RAX], ours[ORIG_RAX], ours[RIP] = number, 2**64 - 1, self.place_of_system_call()
        for register, argument in zip((RDI, RSI, RDX, R10, R8, R9), arguments):
            ours[register] = argument % 2**64
        self.trace(PTRACE_SETREGS, ctypes.addressof(ours))
        self.trace(PTRACE_SINGLESTEP)
        _, how = os.waitpid(self.pid, 0x40000000)
        check(os.WIFSTOPPED(how), f"the process ended in its system call: {how}")
        self.trace(PTRACE_GETREGS, ctypes.addressof(ours))
        result = ctypes.c_longlong(ours[RAX]).value
        self.trace(PTRACE_SETREGS, ctypes.addressof(before))
        return result


def take_memory(pid, size):
    """Has the process take so many bytes.  The address, or a negative errno."""
    with Traced(pid) as process:
        read, write, private, anonymous = 1, 2, 2, 0x20
        return process.call(MMAP, 0, size, read | write, private | anonymous, -1, 0)
