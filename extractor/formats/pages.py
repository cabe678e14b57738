"""A PDF's pages for the eye: their sizes, and images of them. Nothing here reads words."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image, ImageChops

from extractor.errors import ReadError
from extractor.formats.pdf_open import open_pdf
from extractor.formats.pdf_page import Handle
from extractor.types.document import Page

_MOST_PIXELS = 40_000_000  # of one image: a poster of two metres at scale 3 would take gigabytes
_A4 = (595.276, 841.89)
_COMPRESSION = 1  # of zlib: level 6 takes five times as long for a fifth fewer bytes


class Pages:
    """An open PDF. Close it, or use it in a ``with`` statement. Not for use from several threads."""

    def __init__(self, source: str | Path | bytes, *, password: str | None = None) -> None:
        """Raises ``ReadError``: ``encrypted`` or ``damaged``."""
        data = source if isinstance(source, bytes) else Path(source).read_bytes()
        self._opened = open_pdf(data, password)
        self._document: Handle = self._opened.__enter__()

    def __len__(self) -> int:
        return len(self._document)

    def __enter__(self) -> Pages:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._opened.__exit__(None, None, None)

    def sizes(self) -> tuple[Page, ...]:
        """Numbers from 1, width and height in points as shown (rotation and crop box heeded)."""
        return tuple(Page(index + 1, *self._size(index)) for index in range(len(self._document)))

    def _size(self, index: int) -> tuple[float, float]:
        try:
            width, height = self._document.get_page_size(index)  # a hundred times as fast as loading the page
        except pdfium.PdfiumError:
            return _A4  # a damaged page must not hide the others
        return round(width, 3), round(height, 3)

    def render(self, number: int, scale: float) -> bytes:
        """A PNG of page ``number`` (from 1), ``scale`` pixels to the point; less where the image would be too big.

        Raises ``ReadError`` (``damaged``) where the page can't be loaded, ``IndexError`` where there is none.
        """
        if not 1 <= number <= len(self._document):
            raise IndexError(number)
        with self._page(number) as page:
            width, height = page.get_size()
            fitting = (_MOST_PIXELS / max(width * height, 1.0)) ** 0.5
            image = page.render(scale=min(scale, fitting)).to_pil()
        out = io.BytesIO()
        _without_colour(image).save(out, "PNG", compress_level=_COMPRESSION)
        return out.getvalue()

    @contextmanager
    def _page(self, number: int) -> Iterator[Handle]:
        try:
            page = self._document[number - 1]
        except pdfium.PdfiumError as error:
            raise ReadError(
                "damaged", f"PDF第{number}页已损坏，请重新获取 / page {number} of the PDF is damaged: get it again"
            ) from error
        try:
            yield page
        finally:
            page.close()


def _without_colour(image: Image.Image) -> Image.Image:
    """One channel in place of three where they are the same: half the time and half the bytes."""
    if image.mode != "RGB":
        return image
    red, green, blue = image.split()
    same = ImageChops.difference(red, green).getbbox() is None and ImageChops.difference(red, blue).getbbox() is None
    return red if same else image


def page_sizes(source: str | Path | bytes, password: str | None = None) -> tuple[Page, ...]:
    """The pages of a PDF file or its bytes. Raises as ``Pages``."""
    with Pages(source, password=password) as pages:
        return pages.sizes()


def render_page(source: str | Path | bytes, number: int, scale: float = 1.0, password: str | None = None) -> bytes:
    """A PNG of one page; to show several, keep a ``Pages`` open. Raises as ``Pages`` and its ``render``."""
    with Pages(source, password=password) as pages:
        return pages.render(number, scale)
