"""Where results go: a folder, a file, or stdout. A file appears whole or not at all."""

from __future__ import annotations

import contextlib
import os
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from extractor.cli.arguments import UsageError
from extractor.cli.failure import Failed, one_document, stdout_full
from extractor.errors import OutputError
from extractor.export import SUFFIXES, render, suffix_of
from extractor.export.base import Layout

if TYPE_CHECKING:
    from extractor.types.record import ExtractionFile


Fail = Callable[[int, Failed], None]


class Sink(Protocol):
    """Takes each document's result in turn; ``at`` is its place among the names of the command line."""

    def take(self, at: int, file: ExtractionFile) -> None:
        """Writes the result or keeps it. Raises ``OutputError`` where it can't be written."""

    def finish(self, fail: Fail) -> str | None:
        """Writes what was kept; returns the words that tell the user where results lie.

        ``fail`` hears of each document that no format could be made of; the others are written.
        """


def make_sink(names: Sequence[str], output: str | None, format: str | None, layout: Layout) -> Sink:
    """The sink that the command line asks for. Raises ``UsageError`` where its parts don't go together."""
    if names.count("-") > 1:
        raise UsageError("标准输入只能用一次 / stdin can be read only once")
    if output is None or output == "-":
        return _stdout(len(names), format or "table", layout)
    if not output.strip():
        raise UsageError("-o 后面要有文件夹或文件名 / -o needs the name of a folder or a file")
    path, whole = Path(output), Layout(cut=False)
    if not path.is_dir():
        keep_sources([path], names)
    suffix = path.suffix.lower()
    if path.is_dir() or output.endswith(("/", os.sep)) or suffix not in SUFFIXES:
        _check_folder(path, output)
        return Folder(path, names, format or "json", whole)
    chosen = format or SUFFIXES[suffix]
    if suffix_of(chosen) != suffix:
        raise UsageError(
            f"{path}: 后缀与 --format {chosen} 不符，请改其一 / the suffix is not that of --format {chosen}: change one"
        )
    if chosen == "json" and len(names) > 1:
        raise UsageError("多份文件的json请用 -o 文件夹 / several documents as json need a folder: -o DIR")
    return Gathered(path, chosen, whole)


def _check_folder(path: Path, output: str) -> None:
    """Raises ``UsageError`` where ``path`` can't be meant as a folder."""
    known = " ".join(SUFFIXES)
    if path.exists() and not path.is_dir():
        raise UsageError(
            f"{path}: 已有同名文件，请给文件夹，或以 {known} 结尾的文件名 / this is a file: "
            f"name a folder, or a file that ends in {known}"
        )
    if path.suffix and not path.is_dir() and not output.endswith(("/", os.sep)):
        raise UsageError(
            f"{path}: 不认识后缀 {path.suffix}，文件名请以 {known} 结尾，文件夹请在末尾加 / 号 / "
            f"unknown suffix {path.suffix}: end a file's name in {known}, a folder's in /"
        )


def _stdout(count: int, format: str, layout: Layout) -> Sink:
    if format == "json" and count > 1:
        raise UsageError(
            "多份文件的json请用 -o 文件夹，或用jsonl / several documents as json need -o DIR, or use jsonl"
        )
    if suffix_of(format) == ".xlsx" and sys.stdout.isatty():
        raise UsageError(f"{format}请用 -o 写入文件 / {format} is for a file: -o FILE.xlsx")
    return Streamed(format, layout) if format in ("table", "jsonl") else Gathered(None, format, layout)


class Folder:
    """One file for each document, in a folder that is made if need be."""

    def __init__(self, folder: Path, names: Sequence[str], format: str, layout: Layout) -> None:
        self._paths = [folder / (stem + suffix_of(format)) for stem in stems(names)]
        self._folder, self._format, self._layout, self._written = folder, format, layout, 0
        keep_sources(self._paths, names)

    def take(self, at: int, file: ExtractionFile) -> None:
        write_whole(self._paths[at], render(self._format, [file], self._layout))
        self._written += 1

    def finish(self, fail: Fail) -> str | None:
        return f"已写入 {self._written} 个文件 / written: {self._folder}{os.sep}" if self._written else None


class Gathered:
    """All documents in one file, written at the end; ``path`` None is stdout."""

    def __init__(self, path: Path | None, format: str, layout: Layout) -> None:
        self._path, self._format, self._layout = path, format, layout
        self._files: dict[int, ExtractionFile] = {}

    def take(self, at: int, file: ExtractionFile) -> None:
        self._files[at] = file

    def finish(self, fail: Fail) -> str | None:
        if not self._files:
            return None
        try:
            data = render(self._format, list(self._files.values()), self._layout)
        except Exception:  # some document's own: the others are still wanted
            sound = {at: file for at, file in self._files.items() if self._renders(at, file, fail)}
            if not sound:
                return None
            if len(sound) == len(self._files):  # none of them alone
                raise
            data = render(self._format, list(sound.values()), self._layout)
        if self._path is None:
            to_stdout(data)
            return None
        write_whole(self._path, data)
        return f"已写入 / written: {self._path}"

    def _renders(self, at: int, file: ExtractionFile, fail: Fail) -> bool:
        try:
            with one_document():
                render(self._format, [file], self._layout)
        except Failed as error:
            fail(at, error)
            return False
        return True


class Streamed:
    """Each document's part goes to stdout as soon as it is there."""

    def __init__(self, format: str, layout: Layout) -> None:
        self._format, self._layout = format, layout

    def take(self, at: int, file: ExtractionFile) -> None:
        to_stdout(render(self._format, [file], self._layout))

    def finish(self, fail: Fail) -> str | None:
        return None


def stems(names: Sequence[str]) -> list[str]:
    """A file name without its suffix for each source; where two agree, both keep their whole names.

    Two files of one whole name (from two folders) are numbered from the second on.
    """
    whole = ["stdin" if name == "-" else Path(name).name for name in names]
    counts = Counter(Path(name).stem.casefold() for name in whole)
    chosen = [name if counts[Path(name).stem.casefold()] > 1 else Path(name).stem for name in whole]
    taken: set[str] = set()
    for at, name in enumerate(chosen):
        free, number = name, 2
        while free.casefold() in taken:
            free, number = f"{name}.{number}", number + 1
        taken.add(free.casefold())
        chosen[at] = free
    return chosen


def write_whole(path: Path, data: bytes) -> None:
    """Writes under a temporary name beside ``path`` and renames, so that no half of a file is ever seen.

    Makes the folders above. Raises ``OutputError``; then nothing is left behind.
    """
    try:
        path = path.resolve()
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not path.is_file():  # a device or a pipe can't be renamed over
            path.write_bytes(data)
            return
        draft = path.with_name(f".{path.name[-80:]}.{os.getpid()}.part")
        try:
            draft.write_bytes(data)
            os.replace(draft, path)
        except BaseException:
            with contextlib.suppress(OSError):
                draft.unlink()
            raise
    except OSError as error:
        raise OutputError(f"{path}: 写不了，请检查路径、权限和空间 / can't write: {error.strerror}") from error


def to_stdout(data: bytes) -> None:
    """Raises ``StdoutError`` where it takes nothing more."""
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise stdout_full(error) from error


def keep_sources(paths: Sequence[Path], names: Sequence[str]) -> None:
    """Raises ``UsageError`` where writing one of ``paths`` would overwrite one of the files ``names``."""
    sources = {Path(name).resolve() for name in names if name != "-"}
    for path in paths:
        if path.resolve() in sources:
            raise UsageError(
                f"{path}: 结果会盖掉原文件，请换个位置 / this would overwrite the source: choose another place"
            )
