"""Folders gone through name by name: each once, however links lead to it, and no file told twice."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from extractor.batch.source_base import Ignored, Trouble, trouble_of
from extractor.batch.source_names import HIDDEN, ignorable, labels
from extractor.batch.source_patterns import Pattern, States
from extractor.types.batch import Found

OWN = "本程序的工作目录 / a folder of this program's own"
REPEATED = "前面已读取 / read before"

File = tuple[str, str, str]
"""Path as shown, location on disk, name as shown."""

_Place = tuple[int, int]  # device and inode of a folder
_Trail = set[tuple[_Place, States]]


@dataclass(frozen=True, slots=True)
class Folder:
    """``path`` as shown and ``location`` on disk, both ready for a name to be put behind. ``states``: of the pattern
    that is followed, None where all in the folder is wanted.
    """

    path: str
    location: str
    states: States | None = None

    @property
    def shown(self) -> str:
        return self.path.rstrip("/") or self.path or "."

    def failed(self, trouble: Trouble) -> Found:
        return trouble.found(self.shown, self.location, self.shown.rpartition("/")[2])


@dataclass(frozen=True, slots=True)
class _Listing:
    """Names in order; ``odd`` ones are neither plain files nor folders. ``trouble``: why there may be more."""

    names: list[str]
    folders: set[str]
    odd: set[str]
    trouble: Trouble | None


class Folders:
    """What was told of folders so far. ``own`` ones are not gone into unless they are named themselves."""

    def __init__(self, own: Iterable[Path]) -> None:
        self._own = {_place(os.fspath(folder)) for folder in own if folder.is_dir()}
        self._whole: set[_Place] = set()  # all in them was told
        self._single: set[tuple[_Place, str]] = set()  # files told by themselves

    def repeated(self, location: str) -> bool:
        """Whether a file was told before; it counts as told from now on. Raises ``OSError``."""
        folder, name = os.path.split(location)
        place = _place(folder)
        if (place, name) in self._single or (place in self._whole and ignorable(name) is None):
            return True
        self._single.add((place, name))
        return False

    def walk(self, top: Folder, pattern: Pattern | None = None) -> Iterator[File | Found | Ignored]:
        """Files and folders in the order of their names. ``Found`` are those that can't be had."""
        trail: _Trail = set()
        stack = [self._entries(top, pattern, trail, named=True)]  # folders may lie deeper than calls can
        while stack:
            for entry in stack[-1]:
                if isinstance(entry, Folder):
                    stack.append(self._entries(entry, pattern, trail))
                    break
                yield entry
            else:
                stack.pop()

    def _entries(
        self, folder: Folder, pattern: Pattern | None, trail: _Trail, named: bool = False
    ) -> Iterator[File | Found | Ignored | Folder]:
        try:
            place = _place(folder.location)
        except OSError as error:
            yield folder.failed(trouble_of(error))
            return
        own = place in self._own and not named
        if own or place in self._whole:
            yield Ignored(folder.shown, OWN if own else REPEATED)
            return
        if folder.states is not None and (place, folder.states) in trail:
            return
        listing = _listing(folder.location)
        if listing.trouble is not None:
            yield folder.failed(listing.trouble)
        if pattern is not None and folder.states is not None:
            trail.add((place, folder.states))
            yield from self._matching(folder, folder.states, place, pattern, listing)
        else:
            if listing.trouble is None:
                self._whole.add(place)
            yield from self._all(folder, place, listing)

    def _all(self, folder: Folder, place: _Place, listing: _Listing) -> Iterator[File | Found | Ignored | Folder]:
        shown = labels(listing.names)
        for name in listing.names:
            label = shown.get(name, name)
            path = folder.path + label
            reason = ignorable(name)
            if reason is None and self._single and (place, name) in self._single:
                reason = REPEATED
            if reason is not None:
                yield Ignored(path, reason)
            elif name in listing.folders:
                yield Folder(f"{path}/", f"{folder.location}{name}/")
            elif name in listing.odd:
                yield _followed(path, folder.location + name, label)
            else:
                yield path, folder.location + name, label

    def _matching(
        self, folder: Folder, states: States, place: _Place, pattern: Pattern, listing: _Listing
    ) -> Iterator[File | Found | Ignored | Folder]:
        shown = labels(listing.names)
        for name in listing.names:
            after = pattern.after(states, name)
            if not after:
                continue
            whole, label = pattern.matched(after), shown.get(name, name)
            path, location = folder.path + label, folder.location + name
            reason = ignorable(name)
            if reason is not None and reason != HIDDEN:  # a hidden one was asked for, or it would not match
                if whole:
                    yield Ignored(path, reason)
                continue
            entry: File | Found | Folder = path, location, label
            if name in listing.folders:
                entry = Folder(f"{path}/", f"{location}/")
            elif name in listing.odd:
                entry = _followed(path, location, label)
            if isinstance(entry, Folder):
                yield Folder(entry.path, entry.location, None if whole else after)
            elif whole and (place, name) in self._single:
                yield Ignored(path, REPEATED)
            elif whole:
                self._single.add((place, name))
                yield entry


def _followed(path: str, location: str, label: str) -> File | Found | Folder:
    """What a link leads to."""
    try:
        mode = os.stat(location).st_mode
    except OSError as error:
        return trouble_of(error).found(path, location, label)
    if stat.S_ISDIR(mode):
        return Folder(f"{path}/", f"{location}/")
    return (path, location, label) if stat.S_ISREG(mode) else Trouble("not_a_file").found(path, location, label)


def _listing(location: str) -> _Listing:
    names: list[str] = []
    folders: set[str] = set()
    odd: set[str] = set()
    trouble = None
    try:
        with os.scandir(location) as entries:
            for entry in entries:
                names.append(entry.name)
                if entry.is_dir(follow_symlinks=False):
                    folders.add(entry.name)
                elif not entry.is_file(follow_symlinks=False):
                    odd.add(entry.name)
    except OSError as error:
        trouble = trouble_of(error)
    names.sort()
    return _Listing(names, folders, odd, trouble)


def _place(folder: str) -> _Place:
    found = os.stat(folder)
    return found.st_dev, found.st_ino
