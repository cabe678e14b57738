"""Edits an exported workbook in LibreOffice as an office would, and saves it there: makes ``tests/data/back``.

Runs under the Python that has LibreOffice's ``uno``: python3 edit_in_libreoffice.py EXPORTED.xlsx EDITED.xlsx
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.lang import Locale

HEADER = 2  # rows count from 0 here


def connect(pipe: str) -> Any:
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(100):
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        except uno.getClass("com.sun.star.connection.NoConnectException"):
            time.sleep(0.2)
    raise TimeoutError("LibreOffice does not answer")


def column(sheet: Any, title: str) -> int:
    return next(at for at in range(60) if sheet.getCellByPosition(at, HEADER).String == title)


def row(sheet: Any, text: str) -> int:
    place = column(sheet, "指标内容")
    return next(at for at in range(60) if sheet.getCellByPosition(place, at).String.startswith(text))


def edit(book: Any) -> None:
    sheet = book.Sheets.getByIndex(0)

    def cell(text: str, title: str) -> Any:
        return sheet.getCellByPosition(column(sheet, title), row(sheet, text))

    cell("提高", "目标值").String = "农村低保标准与城市低保标准的占比 ≥80%\n或 排名 ≤3名（市（州）；力争）"
    cell("提高", "完成时限").Formula = "2023-11-30"  # as typed it becomes a date
    cell("提高", "完成时限").NumberFormat = book.NumberFormats.getStandardFormat(2, Locale())
    cell("提高", "分值").Formula = "6"
    cell("提高", "责任（配合）单位").String = "办公室，审计科"
    cell("发生", "类别").String = "一票否决"
    sheet.Rows.removeByIndex(row(sheet, "完善"), 1)
    last = row(sheet, "发生") + 1
    sheet.getCellByPosition(column(sheet, "指标内容"), last).String = "新建村级互助点12个。"
    sheet.getCellByPosition(column(sheet, "目标值"), last).String = "村级互助点 ≥12个"
    notes = column(sheet, "备注")  # moved in front of 指标内容
    to = column(sheet, "指标内容")
    sheet.Columns.insertByIndex(to, 1)
    source = sheet.getCellRangeByPosition(notes + 1, HEADER, notes + 1, last).RangeAddress
    sheet.moveRange(sheet.getCellByPosition(to, HEADER).CellAddress, source)
    sheet.Columns.removeByIndex(notes + 1, 1)
    area = sheet.getCellRangeByPosition(0, HEADER + 1, 19, last)
    area.merge(False)
    field = uno.createUnoStruct("com.sun.star.table.TableSortField")
    field.Field, field.IsAscending = column(sheet, "指标内容"), False
    order = PropertyValue()
    order.Name, order.Value = "SortFields", uno.Any("[]com.sun.star.table.TableSortField", (field,))
    area.sort((order,))
    sheet.Name = "改过的表"


def main(source: str, target: str) -> None:
    with tempfile.TemporaryDirectory() as profile:
        pipe = Path(profile).name
        office = subprocess.Popen(
            [
                "soffice",
                "--headless",
                "--norestore",
                f"--accept=pipe,name={pipe};urp",
                f"-env:UserInstallation=file://{profile}",
            ]
        )
        try:
            desktop = connect(pipe)
            hidden, kind = PropertyValue(), PropertyValue()
            hidden.Name, hidden.Value = "Hidden", True
            kind.Name, kind.Value = "FilterName", "Calc MS Excel 2007 XML"
            book = desktop.loadComponentFromURL(Path(source).resolve().as_uri(), "_blank", 0, (hidden,))
            edit(book)
            book.storeToURL(Path(target).resolve().as_uri(), (kind,))
            book.close(True)
            desktop.terminate()
            office.wait(30)
        finally:
            office.kill()


if __name__ == "__main__":
    main(*sys.argv[1:])
