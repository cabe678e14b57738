"""Page images and sizes of PDFs."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen.canvas import Canvas

from extractor.errors import ReadError
from extractor.formats import read_document
from extractor.formats.pages import Pages, page_sizes, render_page

CORPUS = sorted((Path(__file__).parents[2] / "corpus" / "pdf").glob("*.pdf"))


def drawn(*sizes: tuple[float, float], colour: bool = False) -> bytes:
    """Pages with a filled box of 20 × 10 points, 30 from the left and 40 from the top."""
    out = io.BytesIO()
    canvas = Canvas(out)
    for width, height in sizes:
        canvas.setPageSize((width, height))
        canvas.setFillColorRGB(1 if colour else 0, 0, 0)
        canvas.rect(30, height - 50, 20, 10, stroke=0, fill=1)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def image(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_sizes_are_those_the_reader_tells(path: Path) -> None:
    told = page_sizes(path)
    read = read_document(path).pages
    assert [page.number for page in told] == [page.number for page in read]
    for one, other in zip(told, read, strict=True):
        assert (one.width, one.height) == pytest.approx((other.width, other.height), abs=0.01)


def test_a_point_lies_where_the_offsets_say() -> None:
    shown = image(render_page(drawn((200, 300)), 1, 2.0))
    assert shown.size == (400, 600)
    assert [shown.getpixel(at) for at in ((62, 82), (98, 98), (58, 90), (90, 78))] == [0, 0, 255, 255]


def test_colour_stays_where_there_is_some() -> None:
    assert image(render_page(drawn((200, 300)), 1)).mode == "L"
    red = image(render_page(drawn((200, 300), colour=True), 1))
    assert red.mode == "RGB"
    assert red.getpixel((40, 45)) == (255, 0, 0)


def test_rotation_is_heeded() -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(drawn((200, 300), (200, 300)))))
    writer.pages[1].rotate(90)
    out = io.BytesIO()
    writer.write(out)
    with Pages(out.getvalue()) as pages:
        assert [(page.width, page.height) for page in pages.sizes()] == [(200, 300), (300, 200)]
        assert image(pages.render(2, 1.0)).size == (300, 200)


def test_a_poster_is_drawn_smaller_rather_than_bring_the_machine_down() -> None:
    width, height = image(render_page(drawn((14_000, 14_000)), 1, 3.0)).size
    assert 30_000_000 < width * height <= 41_000_000


@pytest.mark.parametrize("number", [0, -1, 3])
def test_there_is_no_such_page(number: int) -> None:
    with pytest.raises(IndexError):
        render_page(drawn((200, 300), (200, 300)), number)


def test_a_locked_pdf_needs_its_password(tmp_path: Path) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(drawn((200, 300)))))
    writer.encrypt("secret", algorithm="AES-256")
    path = tmp_path / "locked.pdf"
    writer.write(path)
    with pytest.raises(ReadError) as told:
        page_sizes(path)
    assert told.value.code == "encrypted"
    assert len(page_sizes(path, "secret")) == 1
    assert image(render_page(path, 1, password="secret")).size == (200, 300)
