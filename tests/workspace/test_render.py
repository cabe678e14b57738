"""Page images by the process of their own, and the folder that keeps them."""

from __future__ import annotations

import hashlib
import io
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image

from extractor.child import Child
from extractor.errors import ReadError
from extractor.formats.pages import page_sizes
from extractor.workspace.errors import NotFound
from extractor.workspace.render import ImageCache, Renderer
from tests.workspace.pdf_samples import marked, pages_pdf
from tests.workspace.samples import wait


@pytest.fixture
def renderer(tmp_path: Path) -> Iterator[Renderer]:
    renderer = Renderer(tmp_path / "pages")
    yield renderer
    renderer.stop()


@pytest.fixture
def pdf(tmp_path: Path) -> tuple[Path, str]:
    path = tmp_path / "a.pdf"
    path.write_bytes(pages_pdf(3))
    return path, hashlib.sha256(pages_pdf(3)).hexdigest()


def child(renderer: Renderer) -> int:
    assert renderer._child is not None
    return renderer._child.pid


def test_pages_have_the_size_asked_for(renderer: Renderer, pdf: tuple[Path, str]) -> None:
    assert renderer.sizes(*pdf) == page_sizes(pdf[0])
    for scale in (1.0, 1.5, 2.0, 3.0):
        shown = Image.open(io.BytesIO(renderer.image(*pdf, 3, scale)))
        assert shown.size == pytest.approx((595.3 * scale, 841.9 * scale), abs=2)


@pytest.mark.parametrize(("number", "scale"), [(0, 1.0), (4, 1.0), (1, 2.5), (1, 100.0)])
def test_what_is_not_there_is_said(renderer: Renderer, pdf: tuple[Path, str], number: int, scale: float) -> None:
    with pytest.raises(NotFound):
        renderer.image(*pdf, number, scale)
    assert renderer.image(*pdf, 1, 1.0)


def test_a_killed_process_costs_one_image(renderer: Renderer, pdf: tuple[Path, str]) -> None:
    renderer.start()
    first = child(renderer)
    os.kill(first, signal.SIGKILL)
    wait(lambda: not Path(f"/proc/{first}/exe").exists() or not renderer._child or not renderer._child.alive)
    assert renderer.image(*pdf, 1, 1.0)
    assert child(renderer) != first


def test_a_process_that_died_between_two_pages_costs_none(
    renderer: Renderer, pdf: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    renderer.start()
    first = renderer._child
    assert first is not None
    os.kill(first.pid, signal.SIGKILL)
    first._process.join(30)
    monkeypatch.setattr(Child, "alive", True)  # as long as the system has not said that it is gone
    assert renderer.image(*pdf, 1, 1.0)
    assert renderer._child is not first


def test_a_page_that_takes_too_long_is_given_up(tmp_path: Path, pdf: tuple[Path, str]) -> None:
    renderer = Renderer(tmp_path / "pages", patience=0.0)
    try:
        with pytest.raises(ReadError) as told:
            renderer.image(*pdf, 1, 3.0)
        assert told.value.code == "damaged"
    finally:
        renderer.stop()


def test_an_image_once_made_needs_no_process(renderer: Renderer, pdf: tuple[Path, str]) -> None:
    made = renderer.image(*pdf, 1, 1.0)
    renderer.stop()
    pdf[0].unlink()
    assert renderer.image(*pdf, 1, 1.0) == made
    renderer.forget(pdf[1])
    with pytest.raises(NotFound):
        renderer.image(*pdf, 1, 1.0)


def test_a_damaged_pdf_does_not_end_the_process(renderer: Renderer, pdf: tuple[Path, str], tmp_path: Path) -> None:
    bad = tmp_path / "bad.pdf"
    bad.write_bytes(b"%PDF-1.7\n" + bytes(1000) + b"%%EOF")
    renderer.start()
    before = child(renderer)
    with pytest.raises(ReadError):
        renderer.sizes(bad, "0" * 64)
    assert renderer.image(*pdf, 1, 1.0)
    assert child(renderer) == before


def test_many_threads_and_many_documents(renderer: Renderer, tmp_path: Path) -> None:
    """More documents than are kept open."""
    pdfs = []
    for number in range(12):
        data = marked(pages_pdf(3), str(number))
        path = tmp_path / f"{number}.pdf"
        path.write_bytes(data)
        pdfs.append((path, hashlib.sha256(data).hexdigest()))
    with ThreadPoolExecutor(8) as pool:
        images = list(pool.map(lambda pdf: renderer.image(*pdf, 2, 1.0), pdfs * 2))
    assert len({hashlib.sha256(image).hexdigest() for image in images}) == 1


def test_the_folder_stays_below_its_cap(tmp_path: Path) -> None:
    cache = ImageCache(tmp_path, most=10_000)
    for number in range(30):
        cache.put("a" * 64, f"{number}@1.png", bytes(1000))
        os.utime(tmp_path / ("a" * 64) / f"{number}@1.png", (number, number))
        assert cache.get("a" * 64, "0@1.png") is not None  # asked for again and again
        assert sum(path.stat().st_size for path in tmp_path.rglob("*.png")) <= 10_000
    assert cache.get("a" * 64, "29@1.png") is not None
    assert cache.get("a" * 64, "1@1.png") is None
    again = ImageCache(tmp_path, most=3000)  # a lower cap after a restart
    again.put("b" * 64, "1@1.png", bytes(1000))
    assert sum(path.stat().st_size for path in tmp_path.rglob("*.png")) <= 3000
    again.drop("b" * 64)
    assert again.get("b" * 64, "1@1.png") is None
