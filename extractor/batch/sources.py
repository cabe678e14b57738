"""The files of a batch: folders, patterns, archives and lists, gone through lazily and in a stable order."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Final

from extractor.batch.archives import Outer, Unpacking, may_be_archive, open_archive
from extractor.batch.source_base import CHUNK, ErrorClass, Ignored, Known, Limits, Stopped, Trouble, trouble_of
from extractor.batch.source_folders import REPEATED, File, Folder, Folders
from extractor.batch.source_lists import STDIN, listed_paths
from extractor.batch.source_names import shown
from extractor.batch.source_patterns import is_pattern, split_pattern
from extractor.batch.spool import Spool
from extractor.types.batch import Found

__all__ = ["ErrorClass", "Ignored", "Known", "Limits", "find", "resolved"]

_EMPTY_FOLDER = "空文件夹 / an empty folder"
_EMPTY_LIST = "清单中没有路径 / no paths in the list"
_NO_MATCH = "没有匹配的文件，请检查通配符 / nothing matches: check the pattern"
_HEAD = 65_536  # bytes: most files are whole with them
_LIMITS: Final = Limits()


def _never() -> bool:
    return False


def resolved(source: str) -> str:
    """The source as it is found again from another folder; ``@-``, the list on stdin, stays."""
    if not _is_list(source):
        return _absolute(source)
    return source if source[1:] == STDIN else f"@{_absolute(source[1:])}"


def find(
    sources: Sequence[str],
    *,
    spool: Path,
    limits: Limits = _LIMITS,
    known: Callable[[str], Known | None] | None = None,
    stop: Callable[[], bool] = _never,
    skip: Iterable[Path] = (),
) -> Iterator[Found | Ignored]:
    """Every file of the sources, once: folders with all below, files, patterns (``**`` too), archives with all within
    (ZIP and TAR, told by content), ``@list`` of any of these (``@-`` from standard input).

    What can't be had comes with its error, never as an exception; only a spool that can't be written raises
    ``OutputError``. Members of archives are unpacked into ``spool``. A file that has the size and the time that
    ``known`` tells of its path is not read again. ``stop`` ends it wherever it is. The spool and the folders ``skip``
    are not gone into unless they are named themselves.
    """
    search = _Search(Spool(spool), Folders([spool, *skip]), limits, known, stop)
    try:
        for source in sources:
            yield from search.source(source)
    except Stopped:
        return


class _Search:
    def __init__(
        self,
        spool: Spool,
        folders: Folders,
        limits: Limits,
        known: Callable[[str], Known | None] | None,
        stop: Callable[[], bool],
    ) -> None:
        self._spool, self._folders, self._limits, self._known, self._stop = spool, folders, limits, known, stop

    def source(self, given: str) -> Iterator[Found | Ignored]:
        if _is_list(given):
            yield from self._list(given[1:])
        else:
            yield from self._one(given)

    def _list(self, given: str) -> Iterator[Found | Ignored]:
        base, path = os.path.dirname(given), f"@{shown(given)}"
        lines = listed_paths(given, base)
        met = False
        while True:
            try:
                line = next(lines, None)
            except (OSError, ValueError, Trouble) as error:
                yield _failed(error, path, _absolute(given))
                return
            if line is None:
                break
            met = True
            yield from self._one(os.path.join(base, line))
        if not met:
            yield Ignored(path, _EMPTY_LIST)

    def _one(self, given: str) -> Iterator[Found | Ignored]:
        path, location = shown(given), _absolute(given)
        try:
            mode = os.stat(location).st_mode
            repeated = stat.S_ISREG(mode) and self._folders.repeated(location)
        except (OSError, ValueError) as error:
            if is_pattern(given) and not _exists(location):
                yield from self._matching(given)
            else:
                yield _failed(error, path, location)
            return
        if stat.S_ISDIR(mode):
            yield from self._folder(path, location)
        elif not stat.S_ISREG(mode):
            yield _failed(Trouble("not_a_file"), path, location)
        elif repeated:
            yield Ignored(path, REPEATED)
        else:
            yield from self._file((path, location, shown(os.path.basename(location))))

    def _folder(self, path: str, location: str) -> Iterator[Found | Ignored]:
        top = Folder(_ahead(path), _ahead(location))
        met = False
        for entry in self._folders.walk(top):
            met = True
            yield from self._told(entry)
        if not met:
            yield Ignored(top.shown, _EMPTY_FOLDER)

    def _matching(self, given: str) -> Iterator[Found | Ignored]:
        base, pattern = split_pattern(given)
        location = _absolute(base or os.curdir)
        states = None if pattern.matched(pattern.start) else pattern.start
        met = False
        if os.path.isdir(location):
            for entry in self._folders.walk(Folder(shown(base), _ahead(location), states), pattern):
                met = True
                yield from self._told(entry)
        if not met:
            yield _failed(Trouble("missing", _NO_MATCH), shown(given), _absolute(given))

    def _told(self, entry: File | Found | Ignored) -> Iterator[Found | Ignored]:
        return self._file(entry) if isinstance(entry, tuple) else iter((entry,))

    def _file(self, file: File) -> Iterator[Found | Ignored]:
        """The file, or all that is in it where it is an archive."""
        path, location, name = file
        if self._stop():
            raise Stopped
        try:
            if self._known is not None and (found := _unchanged(file, self._known(path))) is not None:
                yield found
                return
            with open(location, "rb") as content:
                of = os.fstat(content.fileno())
                head = content.read(_HEAD)
                if may_be_archive(head):
                    archive = open_archive(content, self._limits, self._stop)
                    if archive is not None:
                        outer = Outer(path, location, name, of.st_size, of.st_mtime_ns)
                        yield from Unpacking(outer, self._spool, self._limits, self._known, self._stop).files(archive)
                        return
                    content.seek(len(head))
                size, sha256 = self._hashed(content, head)
        except (OSError, Trouble) as error:
            yield _failed(error, path, location)
        else:
            yield Found(path, location, name, size, of.st_mtime_ns, sha256)

    def _hashed(self, content: BinaryIO, head: bytes) -> tuple[int, str]:
        sha256, size = hashlib.sha256(head), len(head)
        while data := content.read(CHUNK):
            if self._stop():
                raise Stopped
            sha256.update(data)
            size += len(data)
        return size, sha256.hexdigest()


def _is_list(given: str) -> bool:
    """A file whose own name starts with @ is one, unless there is a list of the rest of its name."""
    listed = given[1:]
    return given.startswith("@") and (listed == STDIN or _exists(listed) or not _exists(given))


def _unchanged(file: File, known: Known | None) -> Found | None:
    """What is known of a file that lies where it lay and was not touched since. Raises ``OSError``."""
    path, location, name = file
    if known is None or known.location != location:
        return None
    of = os.stat(location)
    same = (of.st_size, of.st_mtime_ns) == (known.size, known.mtime)
    return Found(path, location, name, known.size, known.mtime, known.sha256) if same else None


def _failed(error: OSError | ValueError | Trouble, path: str, location: str) -> Found:
    trouble = error if isinstance(error, Trouble) else trouble_of(error)
    return trouble.found(path, location, path.rpartition("/")[2])


def _absolute(given: str) -> str:
    """Without taking .. away, which may lead elsewhere than it seems behind a link; nothing stays nothing."""
    if not given or ".." in re.split(r"[\\/]", given):
        return given and os.path.join(os.getcwd(), given)
    return os.path.abspath(given)


def _ahead(folder: str) -> str:
    return folder if folder.endswith("/") else f"{folder}/"


def _exists(path: str) -> bool:
    try:
        return os.path.lexists(path)
    except ValueError:  # a NUL
        return False
