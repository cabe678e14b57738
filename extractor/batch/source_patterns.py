"""Patterns for paths: ``*``, ``?``, ``[…]``, and ``**`` for any number of folders."""

from __future__ import annotations

import fnmatch
import os
import re
from dataclasses import dataclass

States = frozenset[int]

_MAGIC = re.compile(r"[*?\[]")
_ANY_FOLDERS = "**"


def is_pattern(path: str) -> bool:
    """Whether it may be meant as one: a file may be called 通知[1].docx."""
    return _MAGIC.search(path) is not None


@dataclass(frozen=True, slots=True)
class Pattern:
    """A path that is walked once, part by part: a state is a part that the next name may match. Names with a dot in
    front are matched by parts that have it too.
    """

    parts: tuple[str, ...]
    rules: tuple[re.Pattern[str], ...]

    @property
    def start(self) -> States:
        return self._onward({0})

    def matched(self, states: States) -> bool:
        """Whether the path up to here matches as a whole."""
        return len(self.parts) in states

    def after(self, states: States, name: str) -> States:
        """The states below or at ``name``; none where it leads nowhere."""
        met: set[int] = set()
        for at in states:
            if at == len(self.parts) or (name.startswith(".") and not self.parts[at].startswith(".")):
                continue
            if self.parts[at] == _ANY_FOLDERS:
                met.add(at)
            elif name == self.parts[at] or self.rules[at].match(name):
                met.add(at + 1)
        return self._onward(met)

    def _onward(self, states: set[int]) -> States:
        """``**`` may also be no folder at all."""
        for at in sorted(states):
            while at < len(self.parts) and self.parts[at] == _ANY_FOLDERS:
                at += 1
                states.add(at)
        return frozenset(states)


def split_pattern(path: str) -> tuple[str, Pattern]:
    """The folder that it starts from, with its separator, and the pattern of what lies below."""
    parts = re.split(r"[\\/]+" if os.sep == "\\" else "/+", path)
    first = next(at for at, part in enumerate(parts) if is_pattern(part))
    below = tuple(part for part in parts[first:] if part)
    flags = re.IGNORECASE if os.name == "nt" else re.NOFLAG
    rules = tuple(re.compile(fnmatch.translate(part), flags) for part in below)
    return "".join(f"{part}/" for part in parts[:first]), Pattern(below, rules)
