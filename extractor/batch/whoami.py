"""Names of executions: telling the living from the dead, where that can be told."""

from __future__ import annotations

import hashlib
import itertools
import os
import socket
from pathlib import Path

_numbers = itertools.count()


def my_name() -> str:
    """``host.pid.start-number``: no other execution has it, not even one that gets the same process id later."""
    return f"{_host()}.{os.getpid()}.{_started(os.getpid())}-{next(_numbers)}"


def is_dead(name: str) -> bool:
    """Whether an execution of this machine is gone. Those of other machines, and of systems without /proc, may live."""
    host, _, rest = name.rpartition(".")
    host, _, pid = host.rpartition(".")
    if host != _host() or not pid.isdecimal() or not Path("/proc/self/stat").exists():
        return False
    return _started(int(pid)) != rest.partition("-")[0]


def _host() -> str:
    """Of the machine and of the processes to be seen from here: containers and cloned machines may share a name."""
    name = "".join(each if each.isalnum() else "_" for each in socket.gethostname())
    return f"{name}-{hashlib.sha256(_machine()).hexdigest()[:8]}"


def _machine() -> bytes:
    try:
        machine = Path("/etc/machine-id").read_bytes().strip()
    except OSError:
        machine = b""
    try:
        seen = os.stat("/proc/self/ns/pid").st_ino  # of the host the same after each start
    except OSError:
        seen = 0
    return machine + b".%d" % seen


def _started(pid: int) -> str:
    """Clock ticks since the system came up, in hexadecimal; ``0`` where there is no such process."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return "0"
    return f"{int(stat.rpartition(')')[2].split()[19]):x}"
