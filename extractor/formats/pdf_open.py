"""PDF bytes → sheets, one page in memory at a time, and what is wrong with the file as ``ReadError``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2 as pdfium

from extractor.errors import ReadError
from extractor.formats.pdf_page import FontTable, Handle, Sheet, read_sheet

_PASSWORD_ERROR = 4  # FPDF_ERR_PASSWORD
_TAIL = 65_536
_UNREADABLE = 0.02  # of a page's characters: with more of them unmapped the second reader tries


@contextmanager
def open_pdf(data: bytes, password: str | None) -> Iterator[Handle]:
    """The open ``pypdfium2.PdfDocument``. Raises ``ReadError``: ``encrypted`` or ``damaged``."""
    if b"%%EOF" not in data[-_TAIL:]:
        raise ReadError("damaged", "PDF不完整（缺少文件尾），请重新获取 / the PDF is truncated: get it again")
    try:
        document = pdfium.PdfDocument(data, password=password)
    except pdfium.PdfiumError as error:
        raise _refusal(error, password) from error
    try:
        if not len(document):
            raise ReadError("damaged", "PDF里没有页面，请重新获取 / the PDF has no pages: get it again")
        yield document
    finally:
        document.close()


def _refusal(error: pdfium.PdfiumError, password: str | None) -> ReadError:
    if getattr(error, "err_code", None) == _PASSWORD_ERROR:
        if password:
            return ReadError(
                "encrypted", "PDF的密码不对，请核对--password / wrong password for the PDF: check --password"
            )
        return ReadError("encrypted", "PDF已加密，请用--password给出密码 / the PDF is encrypted: give --password")
    return ReadError("damaged", "PDF已损坏，打不开，请重新获取 / the PDF is damaged: get it again")


def read_sheets(document: Handle, data: bytes, password: str | None, fonts: FontTable) -> Iterator[Sheet]:
    """The pages in order. Raises ``ReadError`` (``damaged``) at a page that can't be loaded."""
    for index in range(len(document)):
        try:
            page = document[index]
        except pdfium.PdfiumError as error:
            raise ReadError(
                "damaged",
                f"PDF第{index + 1}页已损坏，请重新获取 / page {index + 1} of the PDF is damaged: get it again",
            ) from error
        try:
            sheet = read_sheet(page, index + 1, fonts)
        finally:
            page.close()
        if sheet.unmapped > _UNREADABLE * len(sheet.glyphs):
            sheet = _second_opinion(sheet, data, password, fonts)
        yield sheet


def _second_opinion(sheet: Sheet, data: bytes, password: str | None, fonts: FontTable) -> Sheet:
    """The page's characters as pdfplumber reads them, where it knows more of them."""
    from extractor.formats.pdf_second import read_glyphs  # late: pdfplumber takes long to import and is rarely needed

    glyphs, unmapped = read_glyphs(data, password, sheet.number, fonts)
    if glyphs and unmapped < sheet.unmapped:
        sheet.glyphs, sheet.unmapped = glyphs, unmapped
    return sheet
