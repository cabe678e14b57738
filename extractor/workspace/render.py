"""Page images by a process of their own: a PDF that brings pdfium down costs one image, never the server."""

from __future__ import annotations

import threading
from collections import OrderedDict
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from extractor.child import Child, ChildDied
from extractor.errors import ReadError
from extractor.store.parsed import write_whole
from extractor.types.document import Page
from extractor.workspace.errors import NotFound

SCALES = (1.0, 1.5, 2.0, 3.0)
_OPEN = 8  # PDFs kept open
_OPEN_BYTES = 300_000_000
_SIZES_KEPT = 64


def main(connection: Connection[Any, Any]) -> None:
    """The process: ``(path, page number or None for the sizes, scale)`` → ``(True, answer)`` or ``(False, error)``."""
    from extractor.formats.pages import Pages

    opened: OrderedDict[str, tuple[Pages, int]] = OrderedDict()
    while True:
        path, number, scale = connection.recv()
        try:
            if path not in opened:
                opened[path] = (Pages(path), Path(path).stat().st_size)
            opened.move_to_end(path)
            pages = opened[path][0]
            connection.send((True, pages.sizes() if number is None else pages.render(number, scale)))
        except (ReadError, IndexError, OSError) as error:
            connection.send((False, error))
        while len(opened) > _OPEN or (len(opened) > 1 and sum(size for _, size in opened.values()) > _OPEN_BYTES):
            opened.popitem(last=False)[1][0].close()


class Renderer:
    """Images are kept in ``folder`` as ``<sha256>/<page>@<scale>.png``, at most ``most`` bytes, the oldest go first.

    All methods may be called from any thread; one page is rendered at a time. A page that takes longer than
    ``patience`` seconds is given up.
    """

    def __init__(self, folder: Path, *, most: int = 512_000_000, patience: float = 30.0) -> None:
        self._images = ImageCache(folder, most)
        self._patience = patience
        self._child: Child | None = None
        self._turn = threading.Lock()
        self._sizes: OrderedDict[str, tuple[Page, ...]] = OrderedDict()

    def start(self) -> None:
        """So that the first page need not wait for the process."""
        with self._turn:
            self._process()

    def stop(self) -> None:
        with self._turn:
            if self._child is not None:
                self._child.kill()
                self._child = None

    def sizes(self, path: Path, sha256: str) -> tuple[Page, ...]:
        """Raises ``ReadError`` where the PDF can't be opened."""
        if sha256 not in self._sizes:
            self._sizes[sha256] = self._ask(path, None, 0.0)
            while len(self._sizes) > _SIZES_KEPT:
                self._sizes.popitem(last=False)
        return self._sizes[sha256]

    def image(self, path: Path, sha256: str, number: int, scale: float) -> bytes:
        """A PNG. Raises ``NotFound`` (no such page or scale) and ``ReadError`` (the page can't be drawn)."""
        if scale not in SCALES:
            raise NotFound("not_found", "没有这个缩放比例 / no such scale")
        name = f"{number}@{scale:g}.png"
        found = self._images.get(sha256, name)
        if found is None:
            found = self._ask(path, number, scale)
            self._images.put(sha256, name, found)
        return found

    def forget(self, sha256: str) -> None:
        self._sizes.pop(sha256, None)
        self._images.drop(sha256)

    def _ask(self, path: Path, number: int | None, scale: float) -> Any:  # noqa: ANN401 - bytes or pages
        with self._turn:
            try:
                answer = self._given((str(path), number, scale)).receive(self._patience)
            except ChildDied as error:
                self._end()
                raise _not_drawn(error.how) from error
            if answer is None:
                self._end()
                raise _not_drawn(f"{self._patience:g} s")
        good, value = answer
        if good:
            return value
        if isinstance(value, IndexError):
            raise NotFound("not_found", "没有这一页 / no such page")
        if isinstance(value, ReadError):
            raise value
        raise NotFound("not_found", "原文件不在了 / the file is gone")

    def _given(self, message: object) -> Child:
        """The process that has the message. One that died since the last page is no fault of this one's."""
        try:
            child = self._process()
            child.send(message)
        except ChildDied:
            self._end()
            child = self._process()
            child.send(message)
        return child

    def _process(self) -> Child:
        if self._child is None or not self._child.alive:
            self._child = Child("pages", main)
        return self._child

    def _end(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child = None


def _not_drawn(how: str) -> ReadError:
    return ReadError("damaged", f"这一页无法显示（{how}） / the page can't be shown ({how})")


class ImageCache:
    """Files below a folder, the least recently used deleted where they come to more than ``most`` bytes."""

    def __init__(self, folder: Path, most: int) -> None:
        self._folder = folder
        self._most = most
        self._lock = threading.Lock()
        self._total: int | None = None  # counted when first needed: the folder may hold thousands of files

    def get(self, sha256: str, name: str) -> bytes | None:
        path = self._folder / sha256 / name
        try:
            data = path.read_bytes()
            path.touch()  # used now
        except OSError:
            return None
        return data

    def put(self, sha256: str, name: str, data: bytes) -> None:
        write_whole(self._folder / sha256 / name, data)
        with self._lock:
            self._total = sum(size for _, size, _ in self._files()) if self._total is None else self._total + len(data)
            if self._total > self._most:
                self._make_room()

    def drop(self, sha256: str) -> None:
        folder = self._folder / sha256
        for path in folder.glob("*"):
            path.unlink(missing_ok=True)
        if folder.exists():
            folder.rmdir()
        with self._lock:
            self._total = None

    def _make_room(self) -> None:
        """To four fifths, so that not every image has to look through the folder again."""
        files = sorted(self._files())
        total = sum(size for _, size, _ in files)
        for _, size, path in files:
            if total <= self._most * 0.8:
                break
            path.unlink(missing_ok=True)
            total -= size
        self._total = total

    def _files(self) -> list[tuple[float, int, Path]]:
        found = []
        for path in self._folder.glob("*/*.png"):
            try:
                status = path.stat()
            except OSError:
                continue
            found.append((status.st_mtime, status.st_size, path))
        return found
