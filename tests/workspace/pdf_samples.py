"""PDFs made up for these tests."""

from __future__ import annotations

import io
from functools import cache

from pypdf import PdfReader, PdfWriter

from tests.benchmarks.pdf import long_pdf


@cache
def pages_pdf(pages: int) -> bytes:
    """Running text with tables; some 20 records a page."""
    return long_pdf(pages)


def marked(data: bytes, mark: str) -> bytes:
    """The same pages as other bytes."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    writer.add_metadata({"/Subject": mark})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def locked(data: bytes) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    writer.encrypt("secret", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
