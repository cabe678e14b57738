"""What the parts of a batch hand each other: files found, work to do, what came of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Found:
    """A file of a source. ``path`` is shown and tells one file of a run from the next: ``2021/归档.zip!/通知.docx`` for
    a member of an archive. ``location``: where its bytes lie on disk. ``size`` in bytes, ``mtime`` in nanoseconds.

    Where it can't be got at (no permission, a bomb, a damaged archive) ``sha256`` is None and the error says why.
    """

    path: str
    location: str
    name: str
    size: int = 0
    mtime: int = 0
    sha256: str | None = None
    error_class: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """One content to work on. ``attempt`` counts from 1."""

    sha256: str
    location: str
    name: str
    size: int
    attempt: int = 1


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a task. ``data``: the contract's JSON on one line, without the line feed; empty where it failed.

    ``error_class`` is a ``ReadError``'s code, ``died``, ``timeout``, ``memory``, ``changed``, ``missing``, ``system`` (no
    space, say) or ``internal``; None where all went well. ``again``: another attempt may succeed. Times in milliseconds;
    ``parse_ms`` is None where the parsed document came from the cache. ``flags``: codes of what a person should look at,
    of the document itself. ``notice``: what the user should know, told once in the whole run.
    """

    sha256: str
    data: bytes = b""
    pages: int = 0
    characters: int = 0
    records: int = 0
    format: str | None = None
    ms: int = 0
    parse_ms: int | None = None
    flags: tuple[str, ...] = ()
    error_class: str | None = None
    error: str | None = None
    again: bool = False
    notice: str | None = None

    @property
    def ok(self) -> bool:
        return self.error_class is None


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a document's line lies: ``length`` bytes from ``offset`` of the shard (a file's name), its line feed not
    counted.
    """

    shard: str
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Counts:
    """Of one run. ``files`` = ``done + failed + duplicates + waiting + leased``; ``unreached`` of ``failed`` could not
    even be hashed. ``scanned`` false: more files may come. ``failures``: error class → files.
    """

    files: int
    waiting: int
    leased: int
    done: int
    failed: int
    duplicates: int
    pages: int
    records: int
    scanned: bool
    failures: dict[str, int]

    @property
    def ended(self) -> int:
        return self.done + self.failed + self.duplicates

    @property
    def left(self) -> int:
        return self.waiting + self.leased
