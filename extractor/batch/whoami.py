"""Names of executions: telling the living from the dead, where that can be told."""

from __future__ import annotations

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
    return "".join(each if each.isalnum() else "_" for each in socket.gethostname())


def _started(pid: int) -> str:
    """Clock ticks since the system came up, in hexadecimal; ``0`` where there is no such process."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return "0"
    return f"{int(stat.rpartition(')')[2].split()[19]):x}"
