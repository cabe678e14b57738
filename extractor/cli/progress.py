"""How far a run over many files is: a bar on a terminal, else a line a file. On stderr, like all notes."""

from __future__ import annotations

import shutil
from pathlib import PurePath
from typing import TextIO

from extractor.export.table import clip

_BAR = 20


class Progress:
    """Says nothing for a single file, and nothing but failures when quiet."""

    def __init__(self, total: int, stream: TextIO, *, quiet: bool) -> None:
        self._total, self._stream, self._quiet = total, stream, quiet
        self._bar = stream.isatty() and total > 1 and not quiet
        self._done = 0

    def start(self, name: str) -> None:
        """Shows which file is being read."""
        if self._bar:
            full = _BAR * self._done // self._total
            words = f"[{'#' * full}{'.' * (_BAR - full)}] {self._done}/{self._total} {PurePath(name).name}"
            self._stream.write("\r\x1b[K" + clip(words, shutil.get_terminal_size().columns - 1))
            self._stream.flush()

    def done(self, name: str, outcome: str | None = None) -> None:
        """Counts the file and, where there is no bar, says what came of it, if there is anything to say."""
        self._done += 1
        if outcome and self._total > 1 and not self._bar and not self._quiet:
            self._stream.write(f"[{self._done}/{self._total}] {name}: {outcome}\n")

    def say(self, line: str, *, always: bool = False) -> None:
        """A line of its own, above the bar; dropped when quiet unless it must be seen."""
        if always or not self._quiet:
            self._stream.write(("\r\x1b[K" if self._bar else "") + line + "\n")

    def clear(self) -> None:
        """Takes the bar away, before something else is printed or at the end."""
        if self._bar:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
